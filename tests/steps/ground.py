"""Ground that the portal mends, in the subscription, at the VM and at the vault: each way it can be broken."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from steps.key_vault_managed_identity.remedies import REMEDIES
from steps.kit.course import Mode
from steps.kit.task import Action, Context, Names, Task
from steps.registry import LABS
from tests.steps.fake_azure import (
    NAMES,
    FakeAzure,
    a_user_identity,
    a_vm,
    after_task,
    set_vault,
)
from tests.steps.walking import Walk, context, walk

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
        "recover_vault", "vault_there_protected",
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
