"""Undoing Task 2: the secret that the portal made is gone, its rights are taken back, and what cannot go is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.kit.azure import ProblemKind
from steps.kit.course import Mode, course_of
from steps.kit.progress import Progress, Wait
from steps.kit.runner import advance, ending
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    FakeAzure,
    a_secret,
    a_vault,
    a_vault_named,
    assignment,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.fake_state import key_of
from tests.steps.portals_hand import SECRET, VAULT, Hand, rights_of
from tests.steps.walking import Killed, Tape, through_the_row

BY_ROLES = replace(NAMES, permission_model="roles")


def begun(azure: FakeAzure, pool: ThreadPoolExecutor, *, rbac: bool) -> Hand:
    """In a vault where the portal may do nothing, it has carried out Task 2."""
    azure.kept_vaults.append(a_vault(rbac=rbac, access_policies=()))
    hand = Hand(azure, pool, BY_ROLES if rbac else NAMES)
    hand.carry_out(SECRET)
    return hand


def test_the_secret_is_deleted_and_purged_and_the_portals_own_rights_are_as_before(
    hand: Hand, azure: FakeAzure
) -> None:
    before = rights_of(azure, CALLER)
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {
        "secret-gone": "secret_gone",
        "secret-purged": "secret_purged",
        "portal-rights-back": "portal_rights_back",
    }
    assert (azure.kept_secrets, azure.deleted_secrets) == ({}, {})
    assert rights_of(azure, CALLER) == before
    assert "purge" not in before
    assert any("purge" in text for text in walked.tape.texts), "the timeline tells what the portal gave itself"
    assert walked.tape.dones[-1] == ("undo-secret-take-back", True)


def test_in_a_vault_where_the_portal_may_do_nothing_it_lets_itself_in_and_out_again(
    hand: Hand, azure: FakeAzure
) -> None:
    set_vault(azure, access_policies=(policy_for(CALLER, "set"), policy_for(PRINCIPAL)))
    assert hand.undo(SECRET).verdict is Verdict.PASSED
    assert rights_of(azure, CALLER) == {"set"}
    assert rights_of(azure, PRINCIPAL) == set(policy_for(PRINCIPAL).secrets)


def test_what_the_portal_was_given_to_create_the_secret_goes_too(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults.append(a_vault(access_policies=(policy_for(CALLER, "list"),)))
    hand = Hand(azure, pool)
    hand.carry_out(SECRET)
    assert rights_of(azure, CALLER) == {"list", "set"}
    assert hand.undo(SECRET).verdict is Verdict.PASSED
    assert rights_of(azure, CALLER) == {"list"}


def test_the_rights_are_taken_back_even_when_deleting_is_refused(hand: Hand, azure: FakeAzure) -> None:
    azure.before["delete_secret"] = [problem(ProblemKind.POLICY_DENIED)]
    before = rights_of(azure, CALLER)
    walked = hand.undo(SECRET)
    assert walked.reasons() == {
        "secret-gone": "secret_still_there",
        "secret-purged": "secret_purge_not_reached",
        "portal-rights-back": "portal_rights_back",
    }
    assert walked.verdict is Verdict.NOT_YET
    assert rights_of(azure, CALLER) == before


@pytest.mark.parametrize("rbac", [False, True])
def test_rights_that_could_not_be_taken_back_are_told(azure: FakeAzure, pool: ThreadPoolExecutor, rbac: bool) -> None:
    hand = begun(azure, pool, rbac=rbac)
    azure.before["remove_role" if rbac else "remove_access_policy"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons()["portal-rights-back"] == "portal_rights_left"
    assert ("Key Vault Secrets Officer" if rbac else "purge") in walked.finding("portal-rights-back").found
    assert CALLER in walked.finding("portal-rights-back").found


def test_a_fresh_right_that_does_not_count_yet_is_waited_for(hand: Hand, azure: FakeAzure) -> None:
    for call in ("delete_secret", "deleted_secret", "purge_secret"):
        azure.before[call] = [problem(ProblemKind.NOT_AUTHORIZED, code="AccessDenied") for _ in range(3)]
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits == [1.0, 2.0, 5.0, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 1.0]


def test_a_vault_that_never_lets_the_portal_purge_is_told_with_the_way_out(hand: Hand, azure: FakeAzure) -> None:
    azure.before["purge_secret"] = [problem(ProblemKind.NOT_AUTHORIZED, code="AccessDenied") for _ in range(99)]
    walked = hand.undo(SECRET)
    assert walked.reasons()["secret-gone"] == "secret_gone"
    assert walked.reasons()["secret-purged"] == "secret_not_purged"
    assert "az keyvault secret purge" in walked.finding("secret-purged").next_step


def test_deleting_and_purging_that_take_a_moment_are_waited_for(hand: Hand, azure: FakeAzure) -> None:
    azure.slow = True
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.PASSED
    assert azure.deleted_secrets == {}
    assert "Azure is deleting mi-test." in walked.tape.texts


def test_purge_protection_keeps_the_secret_and_says_until_when(hand: Hand, azure: FakeAzure) -> None:
    set_vault(azure, purge_protection=True)
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["secret-purged"] == "secret_kept_by_purge_protection"
    assert "until 01 February 2027" in walked.finding("secret-purged").found
    assert azure.calls["purge_secret"] == 0


def test_with_the_vault_gone_the_secret_is_gone_too(hand: Hand, azure: FakeAzure) -> None:
    hand.undo(VAULT)
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["secret-gone"] == "secret_gone_with_vault"
    assert walked.reasons()["secret-purged"] == "deleted_secret_gone_with_vault"


def test_in_a_vault_of_roles_the_student_who_works_with_policies_is_told_what_to_do(
    hand: Hand, azure: FakeAzure
) -> None:
    set_vault(azure, rbac=True)
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons()["secret-gone"] == "secret_kept_by_roles"
    assert "Key Vault Secrets Officer" in walked.finding("secret-gone").next_step
    assert azure.calls["assign_role"] == 0
    assert NAMES.secret in azure.kept_secrets


def test_who_works_with_roles_has_it_deleted_by_a_role_that_is_taken_back(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    others = assignment(SECRETS_USER, CALLER, a_vault().id)
    hand = begun(azure, pool, rbac=True)
    azure.assignments = [others]  # the role of its making is gone by now
    azure.calls.clear()
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.PASSED
    assert azure.calls["assign_role"] == 1
    assert azure.assignments == [others]


def test_the_role_that_the_portal_was_given_to_create_the_secret_goes_too(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    hand = begun(azure, pool, rbac=True)
    assert [one.role_id for one in azure.assignments] == [SECRETS_OFFICER]
    azure.calls.clear()
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.PASSED
    assert azure.assignments == []
    assert azure.calls["assign_role"] == 0
    assert "the role Key Vault Secrets Officer" in walked.tape.texts[-1]


def test_a_role_the_portal_has_already_is_used_and_kept(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.assignments = [assignment(SECRETS_OFFICER, CALLER, a_vault().id)]
    assert begun(azure, pool, rbac=True).undo(SECRET).verdict is Verdict.PASSED
    assert azure.calls["assign_role"] == 0
    assert len(azure.assignments) == 1


@pytest.mark.parametrize("change", [{"secret": "precious"}, {"vault": "kv-second"}])
def test_under_changed_names_another_secret_is_left_alone(hand: Hand, azure: FakeAzure, change: dict[str, str]) -> None:
    """What is purged never comes back: only what the portal made goes, and names can be changed at any time."""
    azure.kept_vaults.append(a_vault_named("kv-second", access_policies=(policy_for(CALLER, "get"),)))
    for vault, name in ((NAMES.vault, "precious"), ("kv-second", NAMES.secret)):
        azure.kept_secrets[key_of(vault, name)] = a_secret(name=name, vault_name=vault)
    before = list(azure.kept_vaults)
    hand.names = replace(NAMES, **change)
    walked = hand.undo(SECRET)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons()["secret-gone"] == "secret_not_the_portals"
    assert "Set that under Your names" in walked.finding("secret-gone").next_step
    assert not {"delete_secret", "purge_secret", "add_access_policy"} & set(azure.calls)
    assert azure.kept_vaults == before


def test_where_the_portal_made_none_and_none_is_there_undoing_is_over_at_once(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    azure.kept_vaults.append(a_vault())
    walked = Hand(azure, pool).undo(SECRET)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["secret-purged"] == "secret_never_made"
    assert azure.calls["deleted_secret"] == 0


def test_a_lock_that_keeps_the_portal_out_is_told(hand: Hand, azure: FakeAzure) -> None:
    message = f"following scope(s) are locked: '{GROUP_PATH}'. Please remove the lock and try again."
    azure.before["add_access_policy"] = [problem(ProblemKind.PROTECTED, code="ScopeLocked", message=message)]
    walked = hand.undo(SECRET)
    assert walked.reasons()["secret-gone"] == "secret_locked"
    assert f"a lock on the resource group {NAMES.resource_group}" in walked.finding("secret-gone").found


@pytest.mark.parametrize("rbac", [False, True])
def test_cancelled_at_any_event_it_ends_with_the_portals_rights_taken_back(
    pool: ThreadPoolExecutor, *, rbac: bool
) -> None:
    course = course_of(SECRET, Mode.UNDO)
    assert course.actions[-1].even_if_cancelled
    events = len(begun(FakeAzure(), pool, rbac=rbac).undo(SECRET).tape.events)
    for last in range(events):
        azure = FakeAzure()
        hand = begun(azure, pool, rbac=rbac)

        def die(number: int, kind: str, last: int = last) -> None:
            if number == last:
                raise Killed

        tape = Tape(before_event=die)
        with pytest.raises(Killed):
            hand.undo(SECRET, tape=tape)
        begun_with = through_the_row(tape.stored) != Progress()
        progress = ending(course, through_the_row(tape.stored), "cancelled")
        while progress is not None:
            outcome = advance(course, hand.context(), through_the_row(progress), Tape(), pool)
            progress = outcome.progress if isinstance(outcome, Wait) else None
        if begun_with:
            assert rights_of(azure, CALLER) == set(), last
            assert azure.assignments == [], last


def test_what_was_given_is_known_although_creating_then_failed(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    """A right that nobody remembers is one that nobody takes back."""
    azure.kept_vaults.append(a_vault(access_policies=()))
    azure.before["set_secret"] = [problem(ProblemKind.NAME_IN_DELETED_STATE)]
    hand = Hand(azure, pool)
    hand.carry_out(SECRET)
    assert rights_of(azure, CALLER) == {"set"}
    assert hand.carried_out["create-secret"] == ({"let_in": "set", "vault": NAMES.vault},)
    assert hand.undo(SECRET).verdict is Verdict.PASSED
    assert rights_of(azure, CALLER) == set()
