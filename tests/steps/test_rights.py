"""What the portal's own identity must be allowed to do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.preflight.rights import BY_ROLES, allowed, needs
from steps.key_vault_managed_identity.preflight.task import TASK
from steps.kit.course import Mode
from steps.kit.records import Permission
from steps.kit.verdict import Finding, Verdict
from tests.steps.fake_azure import CALLER, NAMES, FakeAzure
from tests.steps.walking import context, walk

WRITE = "Microsoft.KeyVault/vaults/write"
OWNER = Permission(("*",))
CONTRIBUTOR = Permission(("*",), ("Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"))
READER = Permission(("*/read",))
ACCESS = Permission(("*/read", "Microsoft.Authorization/*"))
VAULTS = Permission(("Microsoft.KeyVault/*", "Microsoft.Resources/subscriptions/resourceGroups/read"))
MACHINES = Permission(("Microsoft.Compute/virtualMachines/*",))


@pytest.mark.parametrize(
    ("permissions", "action", "may"),
    [
        ((OWNER,), WRITE, True),
        ((CONTRIBUTOR,), WRITE, True),
        ((CONTRIBUTOR,), "Microsoft.Authorization/roleAssignments/write", False),
        ((CONTRIBUTOR, ACCESS), "Microsoft.Authorization/roleAssignments/write", True),
        ((READER,), WRITE, False),
        ((READER,), "Microsoft.KeyVault/vaults/secrets/read", True),
        ((Permission(("microsoft.keyvault/VAULTS/*",)),), WRITE, True),
        ((Permission(("Microsoft.KeyVault/vaults",)),), WRITE, False),
        ((Permission(("Microsoft.KeyVault/*/write",)),), "Microsoft.KeyVault/vaults/accessPolicies/write", True),
        ((Permission(("*",), ("Microsoft.KeyVault/*",)),), WRITE, False),
        ((Permission(("Microsoft.KeyVaults/*",)),), WRITE, False),
        ((Permission(("Microsoft.KeyVault.vaults/write",)),), WRITE, False),
        ((), WRITE, False),
    ],
)
def test_actions_are_matched_as_azure_does(permissions: tuple[Permission, ...], action: str, may: bool) -> None:
    assert allowed(permissions, action) is may


def judged(pool: ThreadPoolExecutor, *may: Permission, by_roles: bool = False, registered: bool = True) -> Finding:
    azure = FakeAzure(may=may)
    if not registered:
        azure.providers["Microsoft.Compute"] = "NotRegistered"
    ctx = context(azure)
    if by_roles:
        ctx = replace(ctx, names=replace(NAMES, permission_model="roles"))
    return walk(TASK, Mode.VALIDATE, ctx, pool).finding("rights")


@pytest.mark.parametrize(
    ("may", "reason"),
    [
        ((OWNER,), "rights_sufficient"),
        ((CONTRIBUTOR,), "rights_sufficient"),
        ((VAULTS, MACHINES), "rights_sufficient"),
        ((VAULTS, READER), "rights_missing"),
        ((READER,), "rights_missing"),
        ((), "rights_missing"),
        ((Permission(("*",), ("Microsoft.Compute/virtualMachines/start/action",)),), "rights_sufficient_for_lab"),
    ],
)
def test_roles_are_judged_by_what_they_allow(
    pool: ThreadPoolExecutor, may: tuple[Permission, ...], reason: str
) -> None:
    assert judged(pool, *may).reason == reason


def test_a_reader_is_told_each_action_what_it_is_for_and_the_role_to_give(pool: ThreadPoolExecutor) -> None:
    finding = judged(pool, READER)
    lacking = [need for need in needs(NAMES) if not need.action.endswith("/read")]
    assert all(f"{need.purpose} ({need.action})" in finding.found for need in lacking)
    assert "vaults/read" not in finding.found
    assert f'--role "Contributor" --scope /subscriptions/{NAMES.subscription_id}/resourceGroups/rg-anna' in (
        finding.next_step
    )
    assert CALLER in finding.next_step
    assert "Key Vault Contributor and Virtual Machine Contributor would be enough" in finding.next_step


def test_by_roles_a_contributor_lacks_the_right_to_give_one(pool: ThreadPoolExecutor) -> None:
    assert judged(pool, CONTRIBUTOR).verdict is Verdict.PASSED
    finding = judged(pool, CONTRIBUTOR, by_roles=True)
    assert finding.reason == "rights_missing"
    assert BY_ROLES[1].action in finding.found
    assert '--role "User Access Administrator"' in finding.next_step
    assert '--role "Contributor"' not in finding.next_step
    assert judged(pool, CONTRIBUTOR, ACCESS, by_roles=True).verdict is Verdict.PASSED


def test_the_right_to_register_is_missed_only_while_there_is_something_to_register(pool: ThreadPoolExecutor) -> None:
    assert "register" not in judged(pool, VAULTS, MACHINES).found
    assert "Microsoft.Compute/register/action" in judged(pool, VAULTS, MACHINES, registered=False).found
