"""Undoing, cleaning up, mending and taking it back, with Azure in trouble at every call and the worker killed at every
event: what comes of it is what comes of it undisturbed, or it is told what is left."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from steps.kit.azure import NEEDS_SIGN_IN, TRANSIENT, ProblemKind
from steps.kit.course import Mode
from steps.kit.verdict import Verdict
from tests.steps.disturbing import Course, effects_of, state_of, troubles
from tests.steps.fake_azure import (
    CALLER,
    NAMES,
    PRINCIPAL,
    SECRETS_OFFICER,
    FakeAzure,
    a_secret,
    a_vault,
    a_vault_named,
    after_task,
    assignment,
    policy_for,
    set_vault,
)
from tests.steps.made_up import a_task
from tests.steps.portals_hand import CLEAN_UP, GRANT, LAB, SECRET, TASKS, VAULT, Hand

pytestmark = pytest.mark.thorough

BY_ROLES = replace(NAMES, permission_model="roles")
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def three_tasks(pool: Executor) -> Hand:
    hand = Hand(FakeAzure(), pool)
    hand.carry_out(VAULT, SECRET, GRANT)
    return hand


def three_tasks_by_roles(pool: Executor) -> Hand:
    hand = Hand(FakeAzure(), pool, BY_ROLES)
    hand.carry_out(VAULT, SECRET, GRANT)
    return hand


def without_a_role_of_its_own(pool: Executor) -> Hand:
    """Somebody has taken it since: undoing takes one again."""
    hand = three_tasks_by_roles(pool)
    hand.azure.assignments = [one for one in hand.azure.assignments if one.principal_id != CALLER]
    return hand


def a_full_walk(pool: Executor) -> Hand:
    """Tasks 1 to 3 after a VM was started and got its identity, in a group with others' things."""
    azure = FakeAzure()
    broken(azure, power_state="deallocated", principal_id="", identity_type="")
    azure.kept_vaults.append(a_vault_named("kv-strange", tags={"created-by": "lab-portal"}))
    hand = Hand(azure, pool)
    hand.mend(TASKS["preflight"], "start-vm")
    hand.mend(TASKS["preflight"], "turn-identity-on")
    hand.carry_out(VAULT, SECRET, GRANT)
    azure.assignments.append(assignment(SECRETS_OFFICER, CALLER, a_vault().id))
    return hand


def broken(azure: FakeAzure, **changes: Any) -> None:
    assert azure.vm is not None
    azure.vm = replace(azure.vm, **changes)


TAKING_BACK = {
    "undo-create-vault": Course(VAULT, Mode.UNDO, three_tasks),
    "undo-create-vault-by-roles": Course(VAULT, Mode.UNDO, three_tasks_by_roles),
    "undo-create-secret": Course(SECRET, Mode.UNDO, three_tasks),
    "undo-create-secret-by-roles": Course(SECRET, Mode.UNDO, three_tasks_by_roles),
    "undo-create-secret-without-role": Course(SECRET, Mode.UNDO, without_a_role_of_its_own),
    "undo-grant-access": Course(GRANT, Mode.UNDO, three_tasks),
    "undo-grant-access-by-roles": Course(GRANT, Mode.UNDO, three_tasks_by_roles),
    "clean-up": Course(CLEAN_UP, Mode.CARRY_OUT, a_full_walk),
}


def vm_off(azure: FakeAzure) -> None:
    broken(azure, power_state="deallocated")


def identity_off(azure: FakeAzure) -> None:
    broken(azure, principal_id="", identity_type="")


def unregistered(azure: FakeAzure) -> None:
    azure.providers = {"Microsoft.KeyVault": "NotRegistered", "Microsoft.Compute": "Registered"}


def by_roles(azure: FakeAzure) -> None:
    set_vault(azure, rbac=True)


def closed(azure: FakeAzure) -> None:
    set_vault(azure, default_action="Deny")


def failed(azure: FakeAzure) -> None:
    set_vault(azure, provisioning_state="Failed")


def vault_deleted(azure: FakeAzure) -> None:
    azure.delete_vault(NAMES.resource_group, NAMES.vault)


def secret_disabled(azure: FakeAzure) -> None:
    azure.kept_secrets[NAMES.secret] = a_secret(enabled=False)


def secret_expired(azure: FakeAzure) -> None:
    azure.kept_secrets[NAMES.secret] = a_secret(expires=YESTERDAY)


def secret_deleted(azure: FakeAzure) -> None:
    azure.deleted_secrets[NAMES.secret] = azure.kept_secrets.pop(NAMES.secret)


def without_get(azure: FakeAzure) -> None:
    set_vault(azure, access_policies=(policy_for(CALLER), policy_for(PRINCIPAL, "list")))


def nothing(azure: FakeAzure) -> None:
    """The task before it is all there is."""


BROKEN = {
    "register-providers": unregistered,
    "start-vm": vm_off,
    "turn-identity-on": identity_off,
    "use-access-policies": by_roles,
    "use-roles": nothing,
    "open-network": closed,
    "recover-vault": vault_deleted,
    "purge-vault": vault_deleted,
    "remake-vault": failed,
    "enable-secret": secret_disabled,
    "new-version": secret_expired,
    "recover-secret": secret_deleted,
    "add-policy-for-vm": nothing,
    "complete-policy": without_get,
    "assign-role": by_roles,
}
"""What each remedy has to mend, in an Azure where Tasks 1 and 2 are done."""
WITH_ROLES = {"use-roles", "assign-role"}


def mending(remedy: str) -> Course:
    def prepare(pool: Executor) -> Hand:
        azure = after_task(2)
        BROKEN[remedy](azure)
        return Hand(azure, pool, BY_ROLES if remedy in WITH_ROLES else NAMES)

    return Course(a_task(), Mode.REPAIR, prepare, LAB.remedies[remedy].action)


def reversing(remedy: str) -> Course:
    def prepare(pool: Executor) -> Hand:
        hand = mending(remedy).prepare(pool)
        hand.mend(a_task(), remedy)
        return hand

    return Course(a_task(), Mode.REPAIR, prepare, LAB.remedies[remedy].reverse)


MENDING = {remedy: mending(remedy) for remedy in BROKEN}
REVERSING = {f"{name} back": reversing(name) for name, one in LAB.remedies.items() if one.reverse is not None}
ALL = TAKING_BACK | MENDING | REVERSING


def test_every_remedy_of_the_lab_is_among_them() -> None:
    assert set(BROKEN) == set(LAB.remedies)


def test_every_task_that_can_be_undone_is_among_them() -> None:
    undone = {course.task.id for course in TAKING_BACK.values() if course.mode is Mode.UNDO}
    assert undone == {task.id for task in LAB.tasks if task.undo}
    assert undone == {task.id for task in LAB.tasks if task.actions}


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("name", ALL)
def test_a_worker_killed_at_any_event_costs_nothing(pool: ThreadPoolExecutor, name: str, slow: bool) -> None:
    course = ALL[name]
    hand = course.begin(pool, slow=slow)
    before = state_of(hand.azure)
    whole = course.go(hand)
    wanted, effects = state_of(hand.azure), {call: hand.azure.calls[call] for call in effects_of(hand)}
    assert wanted != before, "it has something to do"
    assert whole.finished.progress.did
    for last in range(len(whole.tape.events)):
        hand = course.begin(pool, slow=slow)
        walked = course.killed(hand, last)
        assert walked.verdict is Verdict.PASSED, last
        assert state_of(hand.azure) == wanted, last
        assert walked.finished.progress.did, last
        if not slow:  # what goes on in Azure and whose token was not stored is found by looking, or begun once more
            assert {call: hand.azure.calls[call] for call in effects_of(hand)} == effects, last


@pytest.mark.parametrize("name", ALL)
def test_a_worker_killed_between_an_effect_and_its_answer_costs_nothing(pool: ThreadPoolExecutor, name: str) -> None:
    course = ALL[name]
    hand = course.begin(pool)
    course.go(hand)
    wanted = state_of(hand.azure)
    for call in effects_of(hand):
        again = course.begin(pool)
        walked = course.killed_after(again, call)
        assert walked.verdict is Verdict.PASSED, call
        assert walked.finished.progress.did, call
        assert state_of(again.azure) == wanted, call


@pytest.mark.parametrize("kind", sorted(TRANSIENT))
@pytest.mark.parametrize("name", ALL)
def test_trouble_that_passes_changes_nothing_about_the_end(
    pool: ThreadPoolExecutor, name: str, kind: ProblemKind
) -> None:
    course = ALL[name]
    hand = course.begin(pool)
    course.go(hand)
    wanted = state_of(hand.azure)
    for call in list(hand.azure.calls):
        again = course.begin(pool)
        again.azure.before[call] = troubles(kind, times=2)
        walked = course.go(again)
        assert walked.verdict is Verdict.PASSED, call
        assert state_of(again.azure) == wanted, call
    for call in effects_of(hand):
        again = course.begin(pool)
        again.azure.after[call] = list(troubles(kind, times=1))
        walked = course.go(again)
        assert (walked.verdict, state_of(again.azure)) == (Verdict.PASSED, wanted), call
        assert walked.finished.progress.did, call


@pytest.mark.parametrize("kind", list(ProblemKind))
@pytest.mark.parametrize("name", TAKING_BACK)
def test_trouble_that_stays_never_ends_in_a_pass_unless_all_is_gone_and_says_what_to_do(
    pool: ThreadPoolExecutor, name: str, kind: ProblemKind
) -> None:
    course = TAKING_BACK[name]
    hand = course.begin(pool)
    course.go(hand)
    wanted = state_of(hand.azure)
    for call in list(hand.azure.calls):
        again = course.begin(pool)
        again.azure.before[call] = troubles(kind)
        walked = course.go(again)
        if walked.verdict is Verdict.PASSED:
            unseen = {"lab_roles_hidden", "vault_roles_hidden"} & set(walked.reasons().values())  # at one that is gone
            hidden: dict[str, Any] = {"roles": []} if unseen else {}
            assert state_of(again.azure) | hidden == wanted | hidden, call
        for evidence in walked.tape.evidence.values():
            finding = evidence.finding
            assert finding.found, call
            assert finding.sources, call
            assert bool(finding.next_step) == (finding.verdict is not Verdict.PASSED), call


@pytest.mark.parametrize("kind", sorted(set(ProblemKind) - TRANSIENT - NEEDS_SIGN_IN))
@pytest.mark.parametrize("name", [*MENDING, *REVERSING])
def test_a_refusal_ends_mending_and_is_told_and_mending_once_more_gets_there(
    pool: ThreadPoolExecutor, name: str, kind: ProblemKind
) -> None:
    course = ALL[name]
    hand = course.begin(pool)
    course.go(hand)
    wanted = state_of(hand.azure)
    for call in list(hand.azure.calls):
        again = course.begin(pool)
        again.azure.before[call] = troubles(kind)
        walked = course.go(again)
        assert walked.finished.progress.gave_up or state_of(again.azure) == wanted, call
        again.remember(walked.finished.progress)
        again.azure.before.clear()
        course.go(again)
        assert state_of(again.azure) == wanted, call


CANNOT_LOOK = {"undo-create-secret-by-roles", "undo-create-secret-without-role"}
"""Done already, and without a role any more, the portal takes one to see whether anything is left to purge."""


@pytest.mark.parametrize("name", sorted(set(ALL) - CANNOT_LOOK))
def test_done_already_it_changes_nothing(pool: ThreadPoolExecutor, name: str) -> None:
    course = ALL[name]
    hand = course.begin(pool)
    course.go(hand)
    wanted = state_of(hand.azure)
    hand.azure.calls.clear()
    walked = course.go(hand)
    assert walked.verdict is Verdict.PASSED
    assert not walked.finished.progress.did
    assert state_of(hand.azure) == wanted
    assert list(effects_of(hand)) == []
