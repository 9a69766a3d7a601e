"""A group in which the portal has done the lab, full of things that are none of the lab's."""

from __future__ import annotations

from concurrent.futures import Executor

from tests.steps.fake_azure import (
    CALLER,
    NAMES,
    OWNER,
    PRINCIPAL,
    SECRETS_USER,
    FakeAzure,
    a_vault,
    a_vault_named,
    a_vm_named,
    assignment,
    policy_for,
)
from tests.steps.portals_hand import GRANT, SECRET, VAULT, Hand

TAGGED = {"created-by": "lab-portal"}


GONE = {
    "vaults": "lab_vaults_gone",
    "deleted-vaults": "lab_names_free",
    "access": "lab_access_gone",
    "settings": "lab_settings_back",
    "left-alone": "left_alone_of_whom",
}
"""In a full group, where some are nobody knows whose."""


DECOYS = (
    a_vault_named("kv-strange"),
    a_vault_named("kv-ben-tagged", tags=TAGGED, access_policies=(policy_for(CALLER),)),
    a_vault_named(f"{NAMES.vault}-2", access_policies=(policy_for(PRINCIPAL),)),
    a_vault_named("kv-ben", resource_group="rg-ben", tags=TAGGED),
)
"""In the student's group a stranger's and a classmate's, one nearly of the same name, and one in another group."""


def names_of(azure: FakeAzure) -> set[str]:
    return {one.name for one in azure.kept_vaults}


def in_a_full_group(azure: FakeAzure, pool: Executor) -> Hand:
    """The portal has carried out Tasks 1 to 3, in a group full of other things."""
    azure.kept_vaults.extend(DECOYS)
    azure.other_vms = [a_vm_named("vm-ben", "77777777-7777-4777-8777-777777777777")]
    for name in ("kv-old", "kv-ben-gone"):
        azure.kept_vaults.append(a_vault_named(name, tags=TAGGED))
        azure.delete_vault(NAMES.resource_group, name)
    azure.assignments = [
        assignment(SECRETS_USER, PRINCIPAL, a_vault_named("kv-strange").id),
        assignment(OWNER, PRINCIPAL, a_vault().id.partition("/providers/")[0]),
    ]
    made = Hand(azure, pool)
    made.carry_out(VAULT, SECRET, GRANT)
    azure.calls.clear()
    return made
