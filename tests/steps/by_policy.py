"""Task 3 by policies: the lab before it, those who may have been let in instead, and the portal at work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from steps.key_vault_managed_identity.grant_access.task import TASK
from steps.kit.course import Mode
from steps.kit.task import Context
from tests.steps.fake_azure import NAMES, PRINCIPAL, FakeAzure, a_user_identity, a_vm, a_vm_named, after_task
from tests.steps.walking import Walk, context, walk

STRANGER = "99999999-9999-4999-8999-999999999999"
FORMER = "88888888-8888-4888-8888-888888888888"
LENT = "99999999-0000-4000-8000-000000000001"
OTHER = "99999999-0000-4000-8000-000000000002"
VM_ID = "99999999-0000-4000-8000-000000000004"


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, context(azure), pool)


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, context(azure), pool)


def among_strangers() -> FakeAzure:
    azure = after_task(2)
    lent = a_user_identity("id-shared", LENT)
    azure.vm = a_vm(user_identities=(lent,), identity_type="SystemAssigned, UserAssigned", vm_id=VM_ID)
    azure.other_vms = [a_vm_named("vm-off", ""), a_vm_named("vm-bob", OTHER)]
    return azure


def having_had(azure: FakeAzure, *principals: str) -> Context:
    """A walk in which the VM's identity was seen to have these object ids, before the one it has today."""
    seen = tuple(f"{one} {NAMES.vm}" for one in (*principals, PRINCIPAL))
    return replace(context(azure), noted={"vm_principal": seen})
