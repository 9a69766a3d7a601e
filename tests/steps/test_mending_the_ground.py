"""What the portal mends in the subscription, at the VM and at the vault: walked to the end, the worker killed at every
event, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from steps.key_vault_managed_identity.remedies import REMEDIES
from steps.kit.azure import TRANSIENT, ProblemKind
from steps.kit.course import Mode
from steps.kit.records import DeletedVault
from steps.kit.task import Action, Context, Names, Task
from steps.kit.verdict import Verdict
from steps.registry import LABS
from tests.steps.fake_azure import (
    NAMES,
    FakeAzure,
    a_user_identity,
    a_vault_named,
    a_vm,
    after_task,
    problem,
    set_vault,
)
from tests.steps.fake_vaults import PURGED_AT
from tests.steps.walking import Killed, Tape, Walk, context, walk

pytestmark = pytest.mark.thorough

LAB = LABS["key-vault-managed-identity"]
Make = Callable[[], FakeAzure]
LENT = a_user_identity("id-lent", "another-principal")


@dataclass(frozen=True)
class Case:
    """``broken`` makes an Azure in which ``check`` of ``task`` gives ``reason``; the remedy calls ``effect`` once and
    ends in ``settled``."""

    remedy: str
    task: str
    broken: Make
    check: str
    reason: str
    effect: str
    settled: str
    names: Names = NAMES

    @property
    def action(self) -> Action:
        return REMEDIES[self.remedy].action

    @property
    def of(self) -> Task:
        return LAB.task(self.task)


def unregistered() -> FakeAzure:
    azure = FakeAzure()
    azure.providers["Microsoft.KeyVault"] = "NotRegistered"
    return azure


def with_vault(**changes: object) -> Make:
    def make() -> FakeAzure:
        azure = after_task(1)
        set_vault(azure, **changes)
        return azure

    return make


def deleted(**changes: object) -> Make:
    def make() -> FakeAzure:
        azure = with_vault(**changes)()
        azure.delete_vault(NAMES.resource_group, NAMES.vault)
        azure.calls.clear()
        return azure

    return make


BY_ROLES = replace(NAMES, permission_model="roles")
OFF = a_vm(principal_id="", identity_type="UserAssigned", user_identities=(LENT,))
STOPPED = a_vm(power_state="deallocated", agent_status="Not Ready")
EXISTS, MODEL, NETWORK = "vault-exists", "vault-permission-model", "vault-network"
CASES = (
    Case(
        "register-providers", "preflight", unregistered, "provider-keyvault", "provider_not_registered",
        "register_provider", "provider_registered",
    ),
    Case("start-vm", "preflight", lambda: FakeAzure(vm=STOPPED), "vm", "vm_not_running", "start_vm", "vm_up"),
    Case(
        "turn-identity-on", "preflight", lambda: FakeAzure(vm=OFF), "vm-identity", "vm_only_user_assigned",
        "set_system_identity", "vm_identity_on",
    ),
    Case(
        "use-access-policies", "create-vault", with_vault(rbac=True), MODEL, "vault_in_rbac_mode",
        "set_permission_model", "vault_uses_policies",
    ),
    Case(
        "use-roles", "create-vault", with_vault(), MODEL, "vault_goes_by_policies", "set_permission_model",
        "vault_uses_roles", BY_ROLES,
    ),
    Case(
        "open-network", "create-vault", with_vault(default_action="Deny"), NETWORK, "vault_network_closed",
        "open_network", "vault_network_open",
    ),
    Case(
        "open-network", "create-vault", with_vault(public_access=False), NETWORK, "vault_network_private",
        "open_network", "vault_network_open",
    ),
    Case("recover-vault", "create-vault", deleted(), EXISTS, "vault_name_deleted", "recover_vault", "vault_there"),
    Case(
        "recover-vault", "create-vault", deleted(purge_protection=True), EXISTS, "vault_deleted_protected",
        "recover_vault", "vault_there",
    ),
    Case("purge-vault", "create-vault", deleted(), EXISTS, "vault_name_deleted", "purge_vault", "vault_missing"),
    Case(
        "purge-vault", "create-vault", deleted(location="northeurope"), EXISTS, "vault_deleted_elsewhere",
        "purge_vault", "vault_missing",
    ),
)  # fmt: skip
each = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.remedy}-{case.reason}")


def ctx_of(case: Case, azure: FakeAzure) -> Context:
    return replace(context(azure), names=case.names)


def settle(azure: FakeAzure) -> Callable[[int], None]:
    """What Azure gets done while the portal waits."""

    def between(sitting: int) -> None:
        azure.finish_vault()
        done = {"Registering": "Registered"}
        azure.providers = {name: done.get(state, state) for name, state in azure.providers.items()}

    return between


def settle_vm(azure: FakeAzure) -> None:
    """For a start of which nobody knows the token: looking is all that is left."""
    if azure.vm is not None and azure.vm.power_state == "starting":
        azure.vm = replace(azure.vm, power_state="running", agent_status="Ready")


def mend(case: Case, azure: FakeAzure, pool: ThreadPoolExecutor, **more: object) -> Walk:
    go = {"between": settle(azure), "remedy": case.action} | more
    return walk(case.of, Mode.REPAIR, ctx_of(case, azure), pool, **go)  # type: ignore[arg-type]


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
    assert walked.finished.progress.gave_up == kind.value
    assert not walked.finished.progress.did
    assert walked.finding(case.check).reason == case.reason


@each
def test_the_plan_names_what_will_be_changed(case: Case) -> None:
    plan = case.action.plan(NAMES)
    assert NAMES.vault in plan or NAMES.vm in plan or NAMES.subscription_id in plan
    assert plan.endswith(".")


# What mending must not do.


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


# Taking it back.


def deeds(**facts: Mapping[str, str]) -> dict[str, tuple[Mapping[str, str], ...]]:
    return {remedy.replace("_", "-"): (one,) for remedy, one in facts.items()}


def take_back(
    remedy: str, azure: FakeAzure, pool: ThreadPoolExecutor, done: Mapping[str, tuple[Mapping[str, str], ...]]
) -> Walk:
    """As cleaning up does it, which may have other names by then."""
    return walk(undoing(remedy), Mode.UNDO, replace(context(azure), carried_out=done), pool)


def undoing(remedy: str) -> Task:
    reverse = REMEDIES[remedy].reverse
    assert reverse is not None
    return replace(LAB.task("create-vault"), undo=(reverse,), undone=LAB.task("preflight").checks[:1])


def there_and_back(case: Case, azure: FakeAzure, pool: ThreadPoolExecutor) -> tuple[FakeAzure, Walk]:
    facts = mend(case, azure, pool).finished.progress.facts[case.remedy]
    azure.calls.clear()
    return azure, take_back(case.remedy, azure, pool, {case.remedy: (facts,)})


REVERSIBLE = [case for case in CASES if REMEDIES[case.remedy].reverse is not None]
back = pytest.mark.parametrize("case", REVERSIBLE, ids=lambda case: f"{case.remedy}-{case.reason}")


@back
@pytest.mark.parametrize("slow", [False, True])
def test_what_was_changed_is_put_back_as_it_was(pool: ThreadPoolExecutor, case: Case, slow: bool) -> None:
    azure = case.broken()
    azure.slow = slow
    before = azure.vm, tuple(azure.kept_vaults)
    _, walked = there_and_back(case, azure, pool)
    assert walked.finished.progress.did
    assert (azure.vm, tuple(azure.kept_vaults)) == before


@back
def test_what_is_as_it_was_already_is_left_alone(pool: ThreadPoolExecutor, case: Case) -> None:
    azure = case.broken()
    facts = mend(case, azure, pool).finished.progress.facts[case.remedy]
    take_back(case.remedy, azure, pool, {case.remedy: (facts,)})
    azure.calls.clear()
    walked = take_back(case.remedy, azure, pool, {case.remedy: (facts,)})
    assert not walked.finished.progress.did
    assert set(azure.calls) <= {"vault", "virtual_machine", "subscription"}


@back
def test_what_is_gone_needs_no_putting_back(pool: ThreadPoolExecutor, case: Case) -> None:
    azure = case.broken()
    facts = mend(case, azure, pool).finished.progress.facts[case.remedy]
    azure.vm, azure.kept_vaults = None, []
    walked = take_back(case.remedy, azure, pool, {case.remedy: (facts,)})
    assert not walked.finished.progress.did
    assert not walked.finished.progress.gave_up


@back
def test_putting_back_goes_on_after_a_worker_was_killed(pool: ThreadPoolExecutor, case: Case) -> None:
    for last in range(3):

        def die(number: int, kind: str, last: int = last) -> None:
            if number == last:
                raise Killed

        azure = case.broken()
        before = azure.vm, tuple(azure.kept_vaults)
        facts = mend(case, azure, pool).finished.progress.facts[case.remedy]
        task = undoing(case.remedy)
        ctx, tape = replace(context(azure), carried_out={case.remedy: (facts,)}), Tape(before_event=die)
        with pytest.raises(Killed):
            walk(task, Mode.UNDO, ctx, pool, tape=tape)
        assert walk(task, Mode.UNDO, ctx, pool, progress=tape.stored).finished.progress.did
        assert (azure.vm, tuple(azure.kept_vaults)) == before


def test_a_vault_switched_to_and_fro_is_as_it_was(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    done = deeds(use_roles={"vault": NAMES.vault}, use_access_policies={"vault": NAMES.vault})
    for remedy in ("use-roles", "use-access-policies"):
        assert not take_back(remedy, azure, pool, done).finished.progress.did
    assert azure.kept_vaults[0].rbac is False


def test_the_vault_and_the_vm_of_then_are_put_back_although_the_student_works_with_others_now(
    pool: ThreadPoolExecutor,
) -> None:
    azure = after_task(1)
    azure.kept_vaults.append(a_vault_named("kv-first"))
    azure.other_vms.append(replace(a_vm(), name="vm-first", id=a_vm().id.replace("vm-anna", "vm-first")))
    done = deeds(
        open_network={"vault": "kv-first", "public_access": "", "default_action": "Deny"},
        start_vm={"vm": "vm-first"},
    )
    take_back("open-network", azure, pool, done)
    take_back("start-vm", azure, pool, done)
    assert [one.public_access for one in azure.kept_vaults] == [True, False]
    assert azure.other_vms[0].power_state == "deallocated"
    assert azure.vm is not None
    assert azure.vm.power_state == "running"


def test_an_identity_that_never_comes_ends_the_waiting(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(vm=a_vm(power_state="deallocated", agent_status="Not Ready"), slow=True)
    ctx = context(azure)
    azure.hook = lambda call: azure.before.__setitem__("resume_start_vm", [problem(ProblemKind.TIMED_OUT)])
    walked = walk(LAB.task("preflight"), Mode.REPAIR, ctx, pool, remedy=REMEDIES["start-vm"].action)
    assert walked.finished.progress.gave_up
    assert walked.verdict is Verdict.COULD_NOT_TELL
