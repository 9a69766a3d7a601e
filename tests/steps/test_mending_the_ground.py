"""What the portal mends in the subscription, at the VM and at the vault: walked to the end, the worker killed at every
event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.key_vault_managed_identity.remedies import REMEDIES
from steps.kit.azure import TRANSIENT, ProblemKind
from steps.kit.course import Mode
from steps.kit.problems import from_facts, wording
from steps.kit.records import DeletedVault
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    NAMES,
    FakeAzure,
    a_vault_named,
    a_vm,
    after_task,
    problem,
)
from tests.steps.fake_vaults import PURGED_AT
from tests.steps.ground import CASES, EXISTS, LAB, LENT, OFF, Case, ctx_of, deleted, each, mend, settle, settle_vm
from tests.steps.walking import Killed, Tape, context, walk

pytestmark = pytest.mark.thorough


@each
def test_the_reason_offers_the_remedy(pool: ThreadPoolExecutor, case: Case) -> None:
    walked = walk(case.of, Mode.VALIDATE, ctx_of(case, case.broken()), pool)
    assert walked.finding(case.check).reason == case.reason
    assert case.remedy in LAB.reasons[case.reason].remedies


@each
@pytest.mark.parametrize("slow", [False, True])
def test_it_mends_what_was_found_with_one_order(pool: ThreadPoolExecutor, case: Case, slow: bool) -> None:
    azure = case.broken()
    azure.slow = slow
    walked = mend(case, azure, pool)
    assert walked.finding(case.check).reason == case.settled
    assert walked.tape.dones == [(case.remedy, True)]
    assert azure.calls[case.effect] == 1


@each
def test_where_there_is_nothing_to_mend_it_changes_nothing(pool: ThreadPoolExecutor, case: Case) -> None:
    azure = case.broken()
    mend(case, azure, pool)
    azure.calls.clear()
    walked = mend(case, azure, pool)
    assert walked.tape.dones == [(case.remedy, False)]
    assert azure.calls[case.effect] == 0


@each
@pytest.mark.parametrize("slow", [False, True])
def test_a_worker_killed_at_any_event_costs_nothing_and_the_deed_stays_the_portals(
    pool: ThreadPoolExecutor, case: Case, slow: bool
) -> None:
    def fresh() -> FakeAzure:
        azure = case.broken()
        azure.slow = slow
        return azure

    for last in range(len(mend(case, fresh(), pool).tape.events)):

        def die(number: int, kind: str, last: int = last) -> None:
            if number == last:
                raise Killed

        azure, tape = fresh(), Tape(before_event=die)
        with pytest.raises(Killed):
            mend(case, azure, pool, tape=tape)
        settle(azure)(0)
        settle_vm(azure)
        walked = mend(case, azure, pool, progress=tape.stored)
        assert walked.finding(case.check).reason == case.settled, last
        assert walked.finished.progress.did, last
        assert azure.calls[case.effect] <= (2 if case.remedy in AGAIN else 1), last


NEED_MORE = {
    "register-providers": "Contributor on the whole subscription",
    "purge-vault": "Contributor on the whole subscription",
    "use-access-policies": "Owner or User Access Administrator",
    "use-roles": "Owner or User Access Administrator",
}
"""What takes a right that a role on the resource group does not give: which role does."""
AGAIN = {"turn-identity-on", "purge-vault"}
"""Asked again after a worker died before it had stored Azure's token: Azure takes that as the same order."""


@each
@pytest.mark.parametrize("kind", sorted(TRANSIENT))
def test_an_answer_lost_has_no_second_effect(pool: ThreadPoolExecutor, case: Case, kind: ProblemKind) -> None:
    azure = case.broken()
    azure.after = {case.effect: [problem(kind)]}
    walked = mend(case, azure, pool)
    assert walked.finished.progress.did
    assert azure.calls[case.effect] == 1
    assert walked.finding(case.check).reason == case.settled


@each
@pytest.mark.parametrize("kind", [ProblemKind.NOT_AUTHORIZED, ProblemKind.POLICY_DENIED, ProblemKind.OPERATION_FAILED])
def test_a_refusal_ends_it_and_the_checks_tell_what_is_so(
    pool: ThreadPoolExecutor, case: Case, kind: ProblemKind
) -> None:
    azure = case.broken()
    azure.before = {case.effect: [problem(kind)]}
    walked = walk(case.of, Mode.REPAIR, ctx_of(case, azure), pool, remedy=case.action)
    higher_up = kind is ProblemKind.NOT_AUTHORIZED and case.remedy in NEED_MORE
    assert walked.finished.progress.gave_up == (ProblemKind.BLOCKED if higher_up else kind).value
    assert not walked.finished.progress.did
    assert walked.finding(case.check).reason == case.reason


@pytest.mark.parametrize("case", [case for case in CASES if case.remedy in NEED_MORE], ids=lambda case: case.remedy)
def test_a_right_that_the_group_does_not_give_is_named_with_the_role_and_the_way_by_hand(
    pool: ThreadPoolExecutor, case: Case
) -> None:
    azure = case.broken()
    azure.before = {case.effect: [problem(ProblemKind.NOT_AUTHORIZED)]}
    walked = walk(case.of, Mode.REPAIR, ctx_of(case, azure), pool, remedy=case.action)
    told = from_facts(walked.finished.progress.facts[case.remedy])
    assert told is not None
    said = wording(told)
    assert NEED_MORE[case.remedy] in said.happened
    assert "You can do it yourself" in said.happened
    assert "resource group" not in f"{said.happened} {said.to_do}"


@each
def test_the_plan_names_what_will_be_changed(case: Case) -> None:
    plan = case.action.plan(NAMES)
    assert NAMES.vault in plan or NAMES.vm in plan or NAMES.subscription_id in plan
    assert plan.endswith(".")


def test_a_vm_that_is_starting_already_is_not_the_portals_doing(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(vm=a_vm(power_state="starting", agent_status=""))
    walked = mend(CASES[1], azure, pool, between=lambda sitting: settle_vm(azure))
    assert walked.verdict is Verdict.PASSED
    assert not walked.finished.progress.did
    assert azure.calls["start_vm"] == 0


def test_turning_an_identity_on_leaves_the_lent_one(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(vm=OFF)
    mend(CASES[2], azure, pool)
    assert azure.vm is not None
    assert azure.vm.user_identities == (LENT,)


def test_what_purge_protection_keeps_is_not_purged(pool: ThreadPoolExecutor) -> None:
    azure = deleted(purge_protection=True)()
    walked = walk(LAB.task("create-vault"), Mode.REPAIR, context(azure), pool, remedy=REMEDIES["purge-vault"].action)
    assert walked.finished.progress.gave_up == "blocked"
    assert azure.calls["purge_vault"] == 0
    assert walked.finding(EXISTS).reason == "vault_deleted_protected"


def test_of_several_deleted_vaults_only_the_named_one_is_purged(pool: ThreadPoolExecutor) -> None:
    azure = deleted()()
    azure.kept_vaults.append(a_vault_named("kv-precious"))
    azure.delete_vault(NAMES.resource_group, "kv-precious")
    mend(CASES[-2], azure, pool)
    assert [one.name for one in azure.deleted_vaults().value] == ["kv-precious"]


def test_a_vault_that_only_azure_lists_is_recovered_from_its_own_region(pool: ThreadPoolExecutor) -> None:
    gone = DeletedVault(NAMES.vault, "northeurope", None, PURGED_AT, after_task(1).kept_vaults[0].id)
    azure = FakeAzure(deleted=gone)
    mend(CASES[-4], azure, pool)
    assert azure.kept_vaults[0].location == "northeurope"


def test_an_identity_that_never_comes_ends_the_waiting(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(vm=a_vm(power_state="deallocated", agent_status="Not Ready"), slow=True)
    ctx = context(azure)
    azure.hook = lambda call: azure.before.__setitem__("resume_start_vm", [problem(ProblemKind.TIMED_OUT)])
    walked = walk(LAB.task("preflight"), Mode.REPAIR, ctx, pool, remedy=REMEDIES["start-vm"].action)
    assert walked.finished.progress.gave_up
    assert walked.verdict is Verdict.COULD_NOT_TELL
