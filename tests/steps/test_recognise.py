"""Of what a student pastes only an identifier, or a word of ours with ids beside it, is ever kept."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from steps.key_vault_managed_identity.read_secret.identifier import Identifier
from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind, Pasted
from steps.key_vault_managed_identity.read_secret.own_response.recognise import keep
from tests.steps.pastes import DENIED, PASTES, VAULT, VERSION, reply, token

RIGHT = f"{VAULT}/secrets/mi-test/{VERSION}"


@pytest.mark.parametrize(("text", "kind", "facts"), PASTES.values(), ids=list(PASTES))
def test_each_thing_that_goes_wrong_is_recognised_with_the_ids_it_names(
    text: str, kind: Kind, facts: dict[str, str]
) -> None:
    assert Pasted.parse(keep(text)) == Pasted(kind, facts)


def test_each_kind_is_recognised_in_something() -> None:
    assert {kind for _, kind, _ in PASTES.values()} == set(Kind)


@pytest.mark.parametrize("text", ["", " \r\n", "My Secret", "Enable succeeded:", "hello", "https://example.com", "{}"])
def test_what_nobody_knows_keeps_nothing(text: str) -> None:
    assert keep(text) == ""


@pytest.mark.parametrize("name", list(PASTES))
def test_an_identifier_counts_whatever_went_wrong_before(name: str) -> None:
    if PASTES[name][1] not in {Kind.DELETED_SECRET, Kind.LIST, Kind.OTHER_TOOL}:
        assert keep(f"{PASTES[name][0]}\r\nvalue : canary\r\nid : {RIGHT}\r\n") == RIGHT


def test_an_error_that_nobody_knows_is_not_taken_for_the_command_beside_it() -> None:
    assert keep("Invoke-RestMethod -Uri http://169.254.169.254/metadata") == "command-only"
    assert keep("PS> Invoke-RestMethod -Uri x\r\nInvoke-RestMethod : Der Vorgang wurde abgebrochen.\r\n") == ""


def test_what_a_chat_puts_between_letters_is_passed_over() -> None:
    assert keep(f"id : {RIGHT[:40]}\u200b{RIGHT[40:]}") == RIGHT


def test_it_is_found_in_what_the_azure_cli_prints_of_a_run_command() -> None:
    listed = f"value : x\nid    : {RIGHT[:70]}\n        {RIGHT[70:]}\nattributes : @{{}}".replace("\n", "\\r\\n")
    assert keep(f'{{"value": [{{"code": "ComponentStatus/StdOut/succeeded", "message": "{listed}"}}]}}') == RIGHT


def test_a_newer_error_is_the_one_to_tell() -> None:
    header, found = PASTES["no header"][0], PASTES["not found"][0]
    assert keep(header + found).startswith("secret-not-found")
    assert keep(found + header).startswith("no-metadata-header")


@given(st.text(), st.text(), st.sampled_from([" ", "\n", "\r\n        ", "\t", '"', "<br>", "&quot;", "\\n"]))
@example("eyJ.eyJ", "Required metadata header not specified", " ")
def test_an_identifier_is_kept_in_any_surroundings(before: str, after: str, between: str) -> None:
    assert keep(f"{before}{between}{RIGHT}{between}{after}") == RIGHT


def known(kept: str) -> bool:
    pasted = Pasted.parse(kept)
    return kept == "" or Identifier.parse(kept) is not None or (pasted is not None and pasted.dump() == kept)


FRAGMENTS = st.sampled_from(
    [*(text for text, _, _ in PASTES.values()), RIGHT, VAULT, token(), reply(), "https://", "'"]
)
CANARIES = st.text(min_size=1, max_size=30).map(lambda text: f"Canary{text}yranaC")
WHITE = st.sampled_from(["", " ", "\n", "\r\n", "\n        ", "<br>", "&nbsp;", "\x00", "\u200b"])


@given(st.lists(st.tuples(FRAGMENTS | CANARIES | st.text(), WHITE), max_size=8))
@example([("eyJ" * 50, "."), ("eyJ" + "A" * 8001, ".")])
@example([("&#" + "9" * 5000 + ";", "")])
def test_nothing_outside_the_vocabulary_is_kept_whatever_is_pasted(parts: list[tuple[str, str]]) -> None:
    kept = keep("".join(text + white for text, white in parts))
    assert known(kept), kept
    assert "canary" not in kept.casefold()
    assert "eyJ" not in kept


@given(st.text(max_size=200), st.sampled_from(sorted(PASTES)), st.integers(0, 400))
def test_what_is_torn_apart_anywhere_keeps_nothing_else_either(noise: str, name: str, place: int) -> None:
    text = PASTES[name][0]
    assert known(keep(text[:place] + noise + text[place:]))


@given(st.text())
@example("no-metadata-header")
@example("denied-by-policy oid=canary")
@example("list of=everything")
@example("firewall address=1.2.3.4 address=canary")
def test_what_is_typed_is_never_taken_for_what_was_kept(text: str) -> None:
    """The words are ours: typed by a student they are just text."""
    assert keep(text) == "" or known(keep(text))
    pasted = Pasted.parse(text)
    assert pasted is None or all(re.fullmatch(r"[0-9a-zA-Z.-]{1,127}", fact) for fact in pasted.facts.values())


def test_only_facts_of_their_form_are_kept() -> None:
    assert Pasted(Kind.TOKEN, {"oid": "canary", "aud": "canary", "vault": "-"}).dump() == "token"
    assert Pasted.parse("token oid=canary") is None
    assert Pasted.parse("token nobody=vault") is None
    assert Pasted.parse("teapot") is None


HUGE = {
    "one address after the other": "https://" * 125_000,
    "dots of tokens": ".eyJ" * 250_000,
    "a token without an end": ".eyJ" + "a" * 1_000_000,
    "line after line": "https://kv-a\n" + ("\n" + " " * 110) * 9_000,
    "tags": "<a" * 500_000,
    "a vault's name without an end": "key vault '" + "a" * 1_000_000,
    "names": f"{VAULT}/secrets/" + "a\n" * 500_000,
    "many secrets": f"{VAULT}/secrets/{'a' * 127}" * 6_000,
    "errors": DENIED * 1_000,
    "escapes": "\\r\\n&quot;" * 90_000,
}


@pytest.mark.thorough
@pytest.mark.parametrize("text", HUGE.values(), ids=list(HUGE))
def test_a_megabyte_of_anything_takes_no_longer_than_reading_it(text: str) -> None:
    begun = time.perf_counter()
    assert known(keep(text))
    assert time.perf_counter() - begun < 5.0
