"""Of what a student pastes, only the identifier is ever kept."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from steps.key_vault_managed_identity.identifier import Identifier, keep

VERSION = "50644e90b13249b584c44b9f712f2e51"
RIGHT = f"https://kv-anna.vault.azure.net/secrets/mi-test/{VERSION}"


def test_the_identifier_is_found_in_a_list_and_in_a_table() -> None:
    listed = f"value      : My Secret\nid         : {RIGHT}\nattributes : @{{enabled=True; created=1}}\n"
    table = f"value     id      attributes\n-----     --      ----------\nMy Secret {RIGHT} @{{enabled=True; cre…"
    assert keep(listed) == RIGHT
    assert keep(table) == RIGHT
    assert keep(f'{{"value":"My Secret","id":"{RIGHT}","attributes":{{}}}}') == RIGHT


def test_an_identifier_that_the_console_broke_is_put_together() -> None:
    broken = f"value : x\r\nid    : {RIGHT[:60]}\r\n        {RIGHT[60:]}\r\nattributes : @{{}}"
    assert keep(broken) == RIGHT


def test_of_several_the_last_counts() -> None:
    older = RIGHT.replace(VERSION, "0" * 32)
    assert keep(f"{older}\n{RIGHT}") == RIGHT


def test_what_holds_no_whole_identifier_keeps_nothing() -> None:
    for pasted in ("", "My Secret", RIGHT[:-1], RIGHT + "f", RIGHT.replace("vault.azure", "vault.example"), "https://"):
        assert keep(pasted) == ""


def test_an_identifier_has_three_parts() -> None:
    assert Identifier.parse(RIGHT) == Identifier("kv-anna", "mi-test", VERSION)
    assert Identifier.parse(f"{RIGHT} ") is None
    assert Identifier.parse("") is None


@given(st.text())
@example("\x00")
def test_keep_never_raises_and_keeps_an_identifier_or_nothing(pasted: str) -> None:
    kept = keep(pasted)
    assert kept == "" or Identifier.parse(kept) is not None


WHITE = st.sampled_from([" ", "\n", "\r\n", "\t", "\n    "])


@given(value=st.text(min_size=1), before=WHITE, after=WHITE, first=st.booleans())
@example(value="https://kv-anna.vault.azure.net/secrets/", before="\n    ", after=" ", first=True)
@example(value="a", before=" ", after="\n  ", first=False)
@example(value="deadbeef", before=" ", after="\n  ", first=False)
def test_keep_lets_no_value_through(value: str, before: str, after: str, first: bool) -> None:
    if Identifier.parse(value) is not None:
        return
    pasted = f"{value}{before}{RIGHT}{after}" if first else f"{before}{RIGHT}{after}{value}"
    assert keep(pasted) in {RIGHT, ""}
