"""A secret's identifier is found whole in whatever surrounds it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from steps.key_vault_managed_identity.read_secret.identifier import Identifier, last_in

VERSION = "50644e90b13249b584c44b9f712f2e51"
RIGHT = f"https://kv-anna.vault.azure.net/secrets/mi-test/{VERSION}"


def found_in(text: str) -> str:
    found = last_in(text)
    return found.text if found else ""


def test_the_identifier_is_found_in_a_list_and_in_a_table() -> None:
    listed = f"value      : My Secret\nid         : {RIGHT}\nattributes : @{{enabled=True; created=1}}\n"
    table = f"value     id      attributes\n-----     --      ----------\nMy Secret {RIGHT} @{{enabled=True; cre…"
    assert found_in(listed) == RIGHT
    assert found_in(table) == RIGHT
    assert found_in(f'{{"value":"My Secret","id":"{RIGHT}","attributes":{{}}}}') == RIGHT


@given(st.sets(st.integers(1, len(RIGHT) - 1), max_size=4), st.sampled_from(["\n", "\r\n", "\n        ", "\r\n\t"]))
def test_an_identifier_that_the_console_broke_is_put_together(places: set[int], newline: str) -> None:
    cuts = [0, *sorted(places), len(RIGHT)]
    broken = newline.join(RIGHT[start:end] for start, end in pairwise(cuts))
    assert found_in(f"value : x\r\nid    : {broken}\r\nattributes : @{{}}") == RIGHT


def test_of_several_the_last_counts_and_it_is_known_where_the_one_before_ends() -> None:
    older = RIGHT.replace(VERSION, "0" * 32)
    found = last_in(f"{older}\n{RIGHT}")
    assert found is not None
    assert (found.text, found.since) == (RIGHT, len(older))


def test_what_is_no_whole_identifier_is_not_found() -> None:
    odd = [RIGHT[:-1], RIGHT + "f", RIGHT.replace("vault.azure", "vault.example"), RIGHT.replace("secrets", "keys")]
    for text in ("", "My Secret", "https://", *odd):
        assert found_in(text) == ""


def test_an_address_that_was_only_asked_for_is_not_found() -> None:
    assert found_in(f"Invoke-RestMethod -Uri '{RIGHT}?api-version=2016-10-01'") == ""


def test_an_identifier_has_three_parts() -> None:
    assert Identifier.parse(RIGHT) == Identifier("kv-anna", "mi-test", VERSION)
    assert Identifier.parse(f"{RIGHT} ") is None
    assert Identifier.parse("") is None


@given(st.text(), st.text(), st.sampled_from([" ", "\n", "\r\n", "\t", '"', "<br>"]))
@example("https://kv-anna.vault.azure.net/secrets/", "f", "\n")
@example("https://", "", "\n")
def test_it_is_found_in_any_surroundings(before: str, after: str, between: str) -> None:
    text = f"{before}{between}{RIGHT}{between}{after}"
    found = last_in(text)
    assert found is not None
    assert Identifier.parse(found.text) is not None
    assert found.text == RIGHT or "vault" in before + after
