"""The challenge while workers die, Azure is in trouble, or it is cancelled: the access comes back all the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from steps.key_vault_managed_identity.challenge.prediction import RIGHT
from steps.kit.azure import TRANSIENT, ProblemKind
from steps.kit.course import Mode, course_of
from steps.kit.progress import Finished, Progress, Wait
from steps.kit.runner import advance, ending
from steps.kit.task import Names
from steps.kit.verdict import Verdict
from tests.steps.challenging import CHALLENGE, EFFECTS, begun, both, take
from tests.steps.disturbing import state_of
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    PRINCIPAL,
    FakeAzure,
    after_task,
    policy_for,
    problem,
    refused,
    set_vault,
)
from tests.steps.portals_hand import Hand
from tests.steps.walking import Killed, Tape, Walk, context, through_the_row


@both
def test_a_worker_killed_at_any_event_leaves_the_access_as_it_was(pool: ThreadPoolExecutor, model: str) -> None:
    azure, names = begun(model)
    before = state_of(azure)
    events = len(take(azure, pool, names).tape.events)
    for last in range(events):
        azure, _ = begun(model)
        walked = killed(azure, pool, names, last)
        assert walked.verdict is Verdict.PASSED, last
        assert state_of(azure) == before, last
        assert azure.calls["remove_role"] + azure.calls["remove_access_policy"] == 1, last
        assert azure.calls["assign_role"] + azure.calls["add_access_policy"] == 1, last


def killed(azure: FakeAzure, pool: Executor, names: Names, last: int) -> Walk:
    def die(number: int, kind: str) -> None:
        if number == last:
            raise Killed

    tape = Tape(before_event=die)
    with pytest.raises(Killed):
        take(azure, pool, names, tape=tape)
    return take(azure, pool, names, tape=Tape(stored=tape.stored))


@both
def test_an_effect_whose_answer_is_lost_is_had_once(pool: ThreadPoolExecutor, model: str) -> None:
    for call in EFFECTS[model]:
        azure, names = begun(model)
        before, tape = state_of(azure), Tape()
        azure.after[call] = [Killed()]
        with pytest.raises(Killed):
            take(azure, pool, names, tape=tape)
        walked = take(azure, pool, names, tape=Tape(stored=tape.stored))
        assert (walked.verdict, state_of(azure), azure.calls[call]) == (Verdict.PASSED, before, 1), call


@both
@pytest.mark.parametrize("kind", sorted(TRANSIENT))
def test_trouble_that_passes_changes_nothing(pool: ThreadPoolExecutor, model: str, kind: ProblemKind) -> None:
    azure, names = begun(model)
    before = state_of(azure)
    take(azure, pool, names)
    for call in list(azure.calls):
        again, _ = begun(model)
        again.before[call] = [problem(kind), problem(kind)]
        walked = take(again, pool, names)
        assert (walked.verdict, state_of(again)) == (Verdict.PASSED, before), call


@both
@pytest.mark.parametrize("kind", sorted(set(ProblemKind) - {ProblemKind.BLOCKED}))
def test_trouble_that_stays_never_ends_in_a_pass_nor_without_the_access(
    pool: ThreadPoolExecutor, model: str, kind: ProblemKind
) -> None:
    azure, names = begun(model)
    before = state_of(azure)
    take(azure, pool, names)
    for call in set(azure.calls) - set(EFFECTS[model][1:]):
        again, _ = begun(model)
        again.before[call] = [problem(kind) for _ in range(300)]
        walked = take(again, pool, names)
        assert walked.verdict is Verdict.COULD_NOT_TELL, call
        assert state_of(again) == before, call
        for evidence in walked.tape.evidence.values():
            assert evidence.finding.sources, call
            assert bool(evidence.finding.next_step) == (evidence.finding.verdict is not Verdict.PASSED), call


@both
def test_what_azure_will_not_have_back_is_told_with_the_command_and_put_back_the_next_time(
    pool: ThreadPoolExecutor, model: str
) -> None:
    azure, names = begun(model)
    before, back = state_of(azure), EFFECTS[model][1]
    azure.before[back] = [problem(ProblemKind.POLICY_DENIED)]
    walked = take(azure, pool, names)
    assert walked.verdict is Verdict.NOT_YET
    finding = walked.finding("access-back")
    assert finding.reason == "challenge_access_away"
    command = "`az role assignment create " if names.by_roles else "`az keyvault set-policy "
    assert command in finding.next_step
    assert PRINCIPAL in finding.next_step
    hand = Hand(azure, pool, names)
    hand.remember(walked.finished.progress)
    again = take(azure, pool, names, carried_out=dict(hand.carried_out))
    assert (again.verdict, state_of(azure)) == (Verdict.PASSED, before)
    hand.remember(again.finished.progress)
    set_vault(azure, access_policies=())
    azure.assignments = []
    third = take(azure, pool, names, carried_out=dict(hand.carried_out))
    nothing = {"policy_missing", "role_missing"}
    assert third.reasons()["what-happened"] in nothing, "what is back was not left away"


@both
def test_cancelled_at_any_event_it_ends_with_the_access_back(pool: ThreadPoolExecutor, model: str) -> None:
    azure, names = begun(model)
    before = state_of(azure)
    events = len(take(azure, pool, names).tape.events)
    course = course_of(CHALLENGE, Mode.CARRY_OUT)
    for last in range(events):
        azure, _ = begun(model)

        def die(number: int, kind: str, last: int = last) -> None:
            if number == last:
                raise Killed

        tape = Tape(before_event=die)
        with pytest.raises(Killed):
            take(azure, pool, names, tape=tape)
        progress = ending(course, through_the_row(tape.stored), "cancelled")
        ctx = replace(context(azure, prediction=RIGHT), names=names)
        while progress is not None:
            outcome = advance(course, ctx, through_the_row(progress), Tape(), pool)
            progress = outcome.progress if isinstance(outcome, Wait) else None
            assert progress or isinstance(outcome, Finished)
        assert state_of(azure) == before, last


def test_what_was_not_begun_has_nothing_to_put_back() -> None:
    assert ending(course_of(CHALLENGE, Mode.CARRY_OUT), Progress(), "cancelled") is None


def when(azure: FakeAzure, call: str, happens: Callable[[], None]) -> None:
    """Once, right before the first such call."""

    def hook(called: str) -> None:
        if called == call:
            azure.hook = lambda _: None
            happens()

    azure.hook = hook


@both
@pytest.mark.parametrize("status", [429, 503, 0])
def test_a_vault_in_trouble_for_good_is_not_waited_for_for_ever_and_the_access_is_back(
    pool: ThreadPoolExecutor, model: str, status: int
) -> None:
    azure, names = begun(model)
    before = state_of(azure)
    said = azure._on_the_vm
    trouble = refused(status, "ServiceUnavailable" if status else "", "")
    azure._on_the_vm = lambda script: said(script) | {"stage": "secret"} | trouble  # type: ignore[method-assign]
    walked = take(azure, pool, names)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert state_of(azure) == before
    assert walked.reasons() == {
        "what-happened": "challenge_vault_in_trouble",
        "prediction": "waits_for_another_check",
        "access-back": "challenge_not_read_again",
    }
    happened, back = walked.finding("what-happened"), walked.finding("access-back")
    assert (f"answered {status} ServiceUnavailable" if status else "gave no answer") in happened.found
    assert "Azure's trouble, not yours" in happened.next_step
    assert back.found.startswith("It is back as it was")
    assert "check Task 4" in back.next_step
    assert sum(walked.waits) < 15 * 60
    assert not any("still gives" in text or "still turns" in text for text in walked.tape.texts)


@both
def test_a_machine_that_is_stopped_in_the_middle_has_its_access_back(pool: ThreadPoolExecutor, model: str) -> None:
    azure, names = begun(model)
    before = state_of(azure)

    def stop() -> None:
        assert azure.vm is not None
        azure.vm = replace(azure.vm, power_state="deallocated")

    when(azure, EFFECTS[model][0], stop)
    walked = take(azure, pool, names)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert {key: state_of(azure)[key] for key in ("policies", "roles")} == {
        key: before[key] for key in ("policies", "roles")
    }
    assert walked.reasons()["what-happened"] == "challenge_no_answer"
    for check in ("what-happened", "access-back"):
        assert f"{NAMES.vm} is deallocated." in walked.finding(check).found
        assert "az vm start" in walked.finding(check).next_step
    assert walked.reasons()["access-back"] == "challenge_not_read_again"
    assert sum(walked.waits) < 60


@both
def test_azure_in_trouble_for_an_hour_only_delays_that_the_access_is_put_back(
    pool: ThreadPoolExecutor, model: str
) -> None:
    azure, names = begun(model)
    before = state_of(azure)
    azure.before[EFFECTS[model][1]] = [problem(ProblemKind.THROTTLED) for _ in range(16)]
    walked = take(azure, pool, names)
    assert walked.verdict is Verdict.PASSED
    assert state_of(azure) == before
    assert sum(walked.waits) > 2000
    assert any("is put back as soon as that is over" in text for text in walked.tape.texts)


@both
def test_azure_in_trouble_for_good_ends_with_how_to_put_it_back_and_the_next_time_does(
    pool: ThreadPoolExecutor, model: str
) -> None:
    azure, names = begun(model)
    before = state_of(azure)
    trouble = {call: [problem(ProblemKind.AZURE_UNAVAILABLE) for _ in range(99)] for call in READS}

    def begins() -> None:
        azure.before |= {EFFECTS[model][1]: [problem(ProblemKind.AZURE_UNAVAILABLE) for _ in range(99)], **trouble}

    when(azure, "run_powershell", begins)
    walked = take(azure, pool, names, limit=200)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    finding = walked.finding("access-back")
    assert finding.reason == "challenge_access_unknown"
    assert "take the challenge again" in finding.next_step
    assert "To put it back yourself: `az " in finding.next_step
    assert 2 * 3600 < sum(walked.waits) < 3 * 3600
    azure.before.clear()
    hand = Hand(azure, pool, names)
    hand.remember(walked.finished.progress)
    assert take(azure, pool, names, carried_out=dict(hand.carried_out)).verdict is Verdict.PASSED
    assert state_of(azure) == before


READS = ("vault", "role_assignments", "virtual_machine")


def test_a_vault_that_is_deleted_in_the_middle_is_told_and_how_to_go_on(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    on_the_vm = azure._on_the_vm

    def then_it_goes(script: str) -> dict[str, Any]:
        said = on_the_vm(script)
        azure.kept_vaults.clear()
        return said

    azure._on_the_vm = then_it_goes  # type: ignore[method-assign]
    walked = take(azure, pool)
    finding = walked.finding("access-back")
    assert finding.reason == "challenge_vault_gone"
    assert f"{NAMES.vault} is gone from {NAMES.resource_group}" in finding.found
    assert "the access policy (get," in finding.found
    assert "`az keyvault recover " in finding.next_step


def test_who_takes_the_policy_away_meanwhile_has_it_back_all_the_same(pool: ThreadPoolExecutor) -> None:
    """The challenge promises that the machine has afterwards what it had before."""
    azure = after_task(3)
    before = state_of(azure)
    when(azure, "remove_access_policy", lambda: set_vault(azure, access_policies=(policy_for(CALLER),)))
    assert take(azure, pool).verdict is Verdict.PASSED
    assert state_of(azure) == before


@both
def test_a_lock_that_keeps_the_access_is_told_and_nothing_was_taken(pool: ThreadPoolExecutor, model: str) -> None:
    azure, names = begun(model)
    before = state_of(azure)
    message = f"following scope(s) are locked: '{GROUP_PATH}'. Please remove the lock and try again."
    azure.before[EFFECTS[model][0]] = [problem(ProblemKind.PROTECTED, code="ScopeLocked", message=message)]
    walked = take(azure, pool, names)
    assert walked.verdict is Verdict.NOT_YET
    assert state_of(azure) == before
    assert walked.reasons() == {
        "what-happened": "challenge_locked",
        "prediction": "waits_for_another_check",
        "access-back": "challenge_took_nothing",
    }
    assert walked.finding("what-happened").next_step.endswith("Then take the challenge again.")
