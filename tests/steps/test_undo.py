"""Undoing a task: what it made is gone, nothing else is, and what cannot go is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.kit.azure import ProblemKind
from steps.kit.course import Mode, course_of
from steps.kit.progress import Progress, Wait
from steps.kit.records import AccessPolicy
from steps.kit.runner import advance
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CALLER,
    NAMES,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    FakeAzure,
    a_secret,
    a_vault,
    a_vault_named,
    after_task,
    assignment,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.portals_hand import GRANT, SECRET, VAULT, Hand
from tests.steps.walking import Tape

BY_ROLES = replace(NAMES, permission_model="roles")


@pytest.fixture
def azure() -> FakeAzure:
    return FakeAzure()


@pytest.fixture
def hand(azure: FakeAzure, pool: ThreadPoolExecutor) -> Hand:
    """The portal has carried out Tasks 1 to 3."""
    made = Hand(azure, pool)
    made.carry_out(VAULT, SECRET, GRANT)
    azure.calls.clear()
    return made


def rights_of(azure: FakeAzure, object_id: str) -> set[str]:
    entries = [one for one in azure.kept_vaults[0].access_policies if one.object_id == object_id]
    return {right for one in entries for right in one.secrets}


def test_the_vault_is_deleted_and_purged(hand: Hand, azure: FakeAzure) -> None:
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {"vault-gone": "vault_gone", "vault-purged": "vault_purged"}
    assert (azure.kept_vaults, azure.gone_vaults) == ([], {})
    assert walked.tape.dones == [("undo-delete-vault", True), ("undo-purge-vault", True)]


def test_undoing_twice_is_harmless(hand: Hand, azure: FakeAzure) -> None:
    for task in (GRANT, SECRET, VAULT):
        hand.undo(task)
    azure.calls.clear()
    for task in (GRANT, SECRET, VAULT):
        walked = hand.undo(task)
        assert walked.verdict is Verdict.PASSED, task.id
        assert not walked.finished.progress.did, task.id
    assert not set(azure.calls) & {"delete_vault", "purge_vault", "delete_secret", "remove_access_policy"}


def test_a_vault_that_the_student_made_is_left_alone(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults.append(a_vault())
    walked = Hand(azure, pool).undo(VAULT)
    assert walked.reasons()["vault-gone"] == "vault_not_the_portals"
    assert walked.finished.progress.gave_up == "blocked"
    assert len(azure.kept_vaults) == 1


def test_a_vault_whose_making_was_cancelled_under_way_is_known_to_be_the_portals(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    azure.slow = True
    hand = Hand(azure, pool)
    outcome = advance(course_of(VAULT, Mode.CARRY_OUT), hand.context(), Progress(), Tape(), pool)
    assert isinstance(outcome, Wait)
    assert outcome.progress.did
    hand.carried_out = {action: (facts,) for action, facts in outcome.progress.facts.items()}
    azure.finish_vault()
    assert hand.undo(VAULT).verdict is Verdict.PASSED
    assert (azure.kept_vaults, azure.gone_vaults) == ([], {})


def test_a_classmates_vault_is_left_alone_though_a_portal_made_it(hand: Hand, azure: FakeAzure) -> None:
    """The student has chosen it, or mistyped: the tag is the same, and the walk is another."""
    azure.kept_vaults.append(a_vault_named("kv-ben", tags={"created-by": "lab-portal"}))
    hand.names = replace(NAMES, vault="kv-ben")
    walked = hand.undo(VAULT)
    assert walked.reasons()["vault-gone"] == "vault_not_the_portals"
    assert "was made by the portal, but as far as this walk knows not in it" in walked.finding("vault-gone").found
    assert not set(azure.calls) & {"delete_vault", "purge_vault"}


def test_a_deleted_vault_of_the_name_that_this_walk_never_made_is_not_purged(hand: Hand, azure: FakeAzure) -> None:
    azure.kept_vaults.append(a_vault_named("kv-ben", tags={"created-by": "lab-portal"}))
    azure.delete_vault(NAMES.resource_group, "kv-ben")
    hand.names = replace(NAMES, vault="kv-ben")
    assert hand.undo(VAULT).reasons()["vault-purged"] == "vault_not_purged"
    assert azure.calls["purge_vault"] == 0


def test_another_vault_under_the_name_of_the_portals_is_left_alone(hand: Hand, azure: FakeAzure) -> None:
    """Deleted and purged by hand, and made again by somebody: without the tag it is not what the portal made."""
    set_vault(azure, tags={})
    assert hand.undo(VAULT).reasons()["vault-gone"] == "vault_not_the_portals"
    assert azure.calls["delete_vault"] == 0


@pytest.mark.parametrize("slow", [False, True])
def test_a_vault_that_azure_lists_late_as_deleted_is_waited_for_and_purged(
    hand: Hand, azure: FakeAzure, *, slow: bool
) -> None:
    azure.lists_late, azure.slow = True, slow
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {"vault-gone": "vault_gone", "vault-purged": "vault_purged"}
    assert azure.calls["purge_vault"] == 1


def test_a_deleted_vault_that_is_never_listed_is_not_called_purged(hand: Hand, azure: FakeAzure) -> None:
    def hide(call: str) -> None:
        if call == "deleted_vaults":
            azure.hidden.add(f"gone:{NAMES.vault}")

    azure.hook = hide
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.reasons() == {"vault-gone": "vault_gone", "vault-purged": "deleted_vault_not_listed"}


def test_a_vault_of_the_same_name_in_another_group_is_left_alone(hand: Hand, azure: FakeAzure) -> None:
    set_vault(azure, resource_group="rg-ben", id=a_vault().id.replace("rg-anna", "rg-ben"))
    azure.delete_vault("rg-ben", NAMES.vault)
    azure.calls.clear()
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert azure.calls["purge_vault"] == 0
    assert NAMES.vault in azure.gone_vaults


def test_purge_protection_is_told_with_its_date(hand: Hand, azure: FakeAzure) -> None:
    set_vault(azure, purge_protection=True)
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["vault-purged"] == "vault_kept_by_purge_protection"
    assert "until 01 February 2027" in walked.finding("vault-purged").found
    assert "may not be purged" in walked.tape.texts[-1]
    assert azure.calls["purge_vault"] == 0


def test_no_right_to_purge_is_told_with_the_way_out(hand: Hand, azure: FakeAzure) -> None:
    azure.before["purge_vault"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons()["vault-purged"] == "vault_not_purged"
    assert f"az keyvault purge --name {NAMES.vault}" in walked.finding("vault-purged").next_step
    assert walked.tape.troubles == [("undo-purge-vault", "not_authorized", None)]
    assert hand.undo(VAULT).verdict is Verdict.PASSED


def test_no_right_to_see_deleted_vaults_is_told_too(hand: Hand, azure: FakeAzure) -> None:
    azure.before["deleted_vaults"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons() == {"vault-gone": "vault_gone", "vault-purged": "deleted_vaults_hidden"}


def test_a_locked_vault_is_told(hand: Hand, azure: FakeAzure) -> None:
    azure.before["delete_vault"] = [problem(ProblemKind.NOT_AUTHORIZED, code="ScopeLocked")]
    walked = hand.undo(VAULT)
    assert walked.reasons()["vault-gone"] == "vault_still_there"


def test_a_purge_that_takes_its_time_is_waited_for_by_its_token(hand: Hand, azure: FakeAzure) -> None:
    azure.slow = True
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits
    assert (azure.calls["purge_vault"], azure.calls["resume_purge_vault"]) == (1, 1)


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
    azure.kept_vaults.append(a_vault(rbac=rbac))
    azure.kept_secrets[NAMES.secret] = a_secret()
    azure.before["remove_role" if rbac else "remove_access_policy"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = Hand(azure, pool, BY_ROLES if rbac else NAMES).undo(SECRET)
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
    azure.kept_vaults.append(a_vault(rbac=True))
    azure.kept_secrets[NAMES.secret] = a_secret()
    others = assignment(SECRETS_USER, CALLER, a_vault().id)
    azure.assignments = [others]
    walked = Hand(azure, pool, BY_ROLES).undo(SECRET)
    assert walked.verdict is Verdict.PASSED
    assert azure.calls["assign_role"] == 1
    assert azure.assignments == [others]


def test_a_role_the_portal_has_already_is_used_and_kept(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults.append(a_vault(rbac=True))
    azure.kept_secrets[NAMES.secret] = a_secret()
    azure.assignments = [assignment(SECRETS_OFFICER, CALLER, a_vault().id)]
    assert Hand(azure, pool, BY_ROLES).undo(SECRET).verdict is Verdict.PASSED
    assert azure.calls["assign_role"] == 0
    assert len(azure.assignments) == 1


def test_the_access_is_taken_back_and_everybody_elses_stays(hand: Hand, azure: FakeAzure) -> None:
    before = rights_of(azure, CALLER)
    walked = hand.undo(GRANT)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {"access-gone": "access_taken_back"}
    assert rights_of(azure, PRINCIPAL) == set()
    assert rights_of(azure, CALLER) == before


def test_only_what_the_portal_added_is_taken_from_an_entry_that_was_there(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    hand = Hand(azure, pool)
    hand.carry_out(VAULT, SECRET)
    own = AccessPolicy(PRINCIPAL, NAMES.tenant_id, secrets=("get", "purge"), keys=("sign",))
    azure.add_access_policy(NAMES.resource_group, NAMES.vault, own)
    hand.carry_out(GRANT)
    assert len(rights_of(azure, PRINCIPAL)) == 8
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    (left,) = (one for one in azure.kept_vaults[0].access_policies if one.object_id == PRINCIPAL)
    assert (set(left.secrets), left.keys) == ({"get", "purge"}, ("sign",))


def test_what_the_student_granted_is_not_the_portals_to_take(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    hand = Hand(azure, pool)
    hand.carry_out(GRANT)
    walked = hand.undo(GRANT)
    assert walked.verdict is Verdict.PASSED
    assert azure.calls["remove_access_policy"] == 0
    assert rights_of(azure, PRINCIPAL) == set(policy_for(PRINCIPAL).secrets)


def test_what_the_student_granted_in_another_vault_since_is_not_touched(hand: Hand, azure: FakeAzure) -> None:
    azure.kept_vaults.append(a_vault_named("kv-second", access_policies=(policy_for(PRINCIPAL),)))
    hand.names = replace(NAMES, vault="kv-second")
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert azure.kept_vaults[-1].access_policies == (policy_for(PRINCIPAL),)


def test_an_entry_that_is_bound_to_an_application_is_left_alone(hand: Hand, azure: FakeAzure) -> None:
    bound = replace(policy_for(PRINCIPAL), application_id=CALLER)
    set_vault(azure, access_policies=(policy_for(CALLER), bound))
    walked = hand.undo(GRANT)
    assert walked.verdict is Verdict.PASSED
    assert bound in azure.kept_vaults[0].access_policies


def test_what_was_given_to_the_identity_of_before_is_taken_from_that_one(hand: Hand, azure: FakeAzure) -> None:
    assert azure.vm is not None
    azure.vm = replace(azure.vm, principal_id="99999999-9999-4999-8999-999999999999")
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert rights_of(azure, PRINCIPAL) == set()


def test_with_the_vm_gone_its_access_is_taken_back_all_the_same(hand: Hand, azure: FakeAzure) -> None:
    azure.vm = None
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert rights_of(azure, PRINCIPAL) == set()


def test_a_role_is_taken_back_where_the_portal_gave_it_and_no_other(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults += [a_vault(rbac=True), a_vault_named("kv-other", rbac=True)]
    others = [
        assignment(SECRETS_USER, PRINCIPAL, a_vault_named("kv-other").id),
        assignment(SECRETS_OFFICER, PRINCIPAL, f"{a_vault().id}/secrets/other"),
        assignment(SECRETS_USER, CALLER, a_vault().id),
    ]
    azure.assignments = list(others)
    hand = Hand(azure, pool, BY_ROLES)
    hand.carry_out(GRANT)
    assert len(azure.assignments) == 4
    walked = hand.undo(GRANT)
    assert walked.verdict is Verdict.PASSED
    assert azure.assignments == others


def test_no_right_to_take_the_role_back_is_told_with_the_way_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults.append(a_vault(rbac=True))
    hand = Hand(azure, pool, BY_ROLES)
    hand.carry_out(GRANT)
    azure.before["remove_role"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.undo(GRANT)
    assert walked.reasons() == {"access-gone": "access_still_there"}
    assert "User Access Administrator" in walked.finding("access-gone").next_step
    assert "Key Vault Secrets User" in walked.finding("access-gone").found


def test_what_a_remedy_gave_is_taken_back_with_the_task(hand: Hand, azure: FakeAzure) -> None:
    set_vault(azure, access_policies=(policy_for(CALLER),))
    hand.carried_out.pop("grant-access")
    hand.mend(GRANT, "add-policy-for-vm")
    assert rights_of(azure, PRINCIPAL)
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert rights_of(azure, PRINCIPAL) == set()
