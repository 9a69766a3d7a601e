"""The table of verdicts: each row brought about, and what the portal says of it."""

from __future__ import annotations

from collections import Counter

import pytest

from practice_cloud.scenarios import CATALOGUE
from steps.kit.azure import ProblemKind
from steps.kit.findings import LOOKS_AGAIN
from steps.kit.verdict import Finding, Verdict
from tests.steps.test_lab import reasons_in_the_code
from tests.verdicts import document
from tests.verdicts.case import LAB, Case
from tests.verdicts.run import Said, Theatre
from tests.verdicts.table import CASES, CHAPTERS, scenarios_of

KNOWN = {*LAB.reasons, *ProblemKind}
WAITS = "waits_for_another_check"
READ = {"secret_read_by_vm", "other_secret_answered", "version_replaced_meanwhile"}
"""What Task 4 says of a script that has got to its end."""
OF_OWN_SUBSCRIPTIONS = {
    *("consent-by-admins-only", "consent-taken-back", "sign-in-throttled", "tokens-revoked", "user-blocked"),
    *("user-device-codes-blocked", "user-disabled", "user-inactive", "user-password-changed", "user-personal-account"),
    *("user-second-factor", "user-second-factor-for-changes", "user-sessions-revoked", "user-sign-in-runs-out"),
    *("user-without-roles", "provider-network-not-registered", "regions-restricted", "vm-family-quota-none"),
    *("vm-quota-used-up", "vm-region-sold-out", "vm-size-restricted", "vm-size-sold-out", "vm-allocation-fails"),
}
"""What a person meets who signs in, or has a machine made: the portal does not do either for them yet
(docs/decisions/0015)."""
BLAME = ("you made a mistake", "you did something wrong", "your fault", "you forgot", "you have to")


def test_every_reason_and_every_kind_of_problem_has_a_row() -> None:
    wanted = {*reasons_in_the_code("passed", "not_yet", "could_not_tell"), *(kind.value for kind in ProblemKind)}
    told = {case.reason for case in CASES} | {reason for case in CASES for reason in case.also.values()}
    assert sorted(wanted - told - {WAITS}) == []


def test_every_scenario_of_the_practice_cloud_has_a_row() -> None:
    used = {name for case in CASES for name in scenarios_of(case)}
    assert set(CATALOGUE) - used == OF_OWN_SUBSCRIPTIONS


def test_rows_have_names_of_their_own() -> None:
    assert [name for name, times in Counter(case.id for case in CASES).items() if times > 1] == []


def test_the_page_has_the_chapters_of_the_table_and_no_more_rows() -> None:
    text = document.PAGE.read_text()
    assert text.startswith(document.HEAD)
    assert [one[3:] for one in text.splitlines() if one.startswith("## ")] == [title for title, _ in CHAPTERS]
    assert len(document.lines()) == len(CASES)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.id for case in CASES])
def test_a_case_is_told_for_what_it_is(theatre: Theatre, number: int) -> None:
    case = CASES[number]
    said = theatre.play(case)
    assert said.finding.reason == case.reason, said.finding
    _words(case, said)
    _whole(said.finding)
    _others(case, said)
    assert document.lines()[number] == document.line(case, said), "run python -m tests.verdicts.document"


def _words(case: Case, said: Said) -> None:
    for part in case.found:
        assert said.fill(part) in said.finding.found
    for part in case.next_step:
        assert said.fill(part) in said.finding.next_step
    assert tuple(one.value for one in said.finding.choices) == tuple(map(said.fill, case.choices))
    remedies = LAB.reasons[case.reason].remedies if case.reason in LAB.reasons else ()
    assert not case.remedy or case.remedy in remedies
    assert set(remedies) <= set(LAB.remedies)


def _whole(finding: Finding) -> None:
    """Whatever a row says: each finding has what a student needs to go on."""
    assert finding.sources
    for source in finding.sources:
        assert source.method
        if source.path.startswith("https://"):  # the VM's own request, of which its script tells no more
            continue
        assert source.path.startswith("/")
        assert source.status is None or source.request_id
    text = f"{finding.found} {finding.next_step}"
    assert not any(word in text.casefold() for word in BLAME)
    if finding.verdict is Verdict.PASSED:
        assert not finding.next_step
        return
    assert finding.next_step
    reason = LAB.reasons.get(finding.reason)
    if reason is None:
        return
    assert reason.why
    assert not reason.idea or reason.idea in LAB.ideas
    if finding.verdict is Verdict.NOT_YET:
        assert reason.hints
        assert LOOKS_AGAIN not in finding.next_step


def _others(case: Case, said: Said) -> None:
    """No other check of the task holds the same cause against the student, or ends in what nobody has named."""
    for check, finding in said.others.items():
        assert finding.reason in KNOWN
        own_words = case.also.get(check)
        if own_words:
            assert finding.reason == own_words, (check, finding)
            continue
        if check == "own-response" and not case.paste:
            _asks_for_a_paste(case, said)
            continue
        unclear = finding.verdict is Verdict.COULD_NOT_TELL and finding.reason == case.reason
        quiet = finding.verdict is Verdict.PASSED or finding.reason == WAITS
        assert quiet or unclear, (check, finding)
    assert not set(case.also) - {case.check} - set(said.others)


def _asks_for_a_paste(case: Case, said: Said) -> None:
    """Task 4 asks for one as soon as the portal's own script has read the secret, and waits until then."""
    read = said.finding if case.check == "secret-read" else said.others["secret-read"]
    wanted = "answer_missing" if read.reason in READ else WAITS
    assert said.others["own-response"].reason == wanted
