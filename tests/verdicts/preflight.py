"""Rows about the preflight: the subscription, the caller's rights, the machine and the vault's name."""

from __future__ import annotations

from tests.steps.fake_vaults import ROLES_ONLY
from tests.verdicts.before import GROUP, VM, ByHand, Fault, Looked, Renamed, Scenario, arm_says, locked, vm_shown
from tests.verdicts.case import Case

ROLES = {"permission_model": "roles"}
WAITS = "the portal looks again"
_POLICIES = "/providers/Microsoft.Authorization/policyDefinitions"
WANTS_ROLES = ByHand(
    "PUT",
    "/providers/Microsoft.Authorization/policyAssignments/vaults-by-roles",
    "2023-04-01",
    {
        "properties": {
            "displayName": ROLES_ONLY,
            "policyDefinitionId": f"{_POLICIES}/12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5",
            "parameters": {"effect": {"value": "Deny"}},
        }
    },
)
"""Azure's own policy, key vaults should use the RBAC permission model, assigned to the subscription."""


def row(scenario: str, check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    return Case(scenario, "preflight", check, reason, found, next_step, **more)  # type: ignore[arg-type]


def subscription_is(state: str) -> Fault:
    shown = {"subscriptionId": "{subscription_id}", "tenantId": "{tenant_id}", "displayName": "Anna's", "state": state}
    return Fault(r"^management\.azure\.com$", 200, shown, path="^/subscriptions/[^/]+$", method="GET")


def vm(scenario: str, **more: object) -> Case:
    return Case(scenario, "preflight", "vm", **more)  # type: ignore[arg-type]


CASES = (
    row("subscription-disabled", "subscription", "subscription_not_enabled", ("is Disabled",), ("reactivate it",)),
    row("subscription-warned", "subscription", "subscription_warned", ("disabled shortly",), ("the notice there",)),
    row(
        "",
        "subscription",
        "subscription_not_enabled",
        ("is Deleted",),
        ("Connect another subscription",),
        title="The subscription is deleted",
        before=(subscription_is("Deleted"),),
    ),
    row(
        "",
        "subscription",
        "subscription_past_due",
        ("works", "payment"),
        title="A payment for the subscription is outstanding",
        before=(subscription_is("PastDue"),),
    ),
    row(
        "caller-without-roles",
        "subscription",
        "subscription_not_visible",
        ("{subscription_id}", "no role in it"),
        ("role Contributor on {resource_group}", "az role assignment create"),
    ),
    row(
        "",
        "subscription",
        "subscription_in_other_directory",
        ("another directory", "{tenant_id}"),
        ("directory id", "Connect again"),
        title="The subscription belongs to another directory",
        before=(
            arm_says(
                401,
                "InvalidAuthenticationTokenTenant",
                "The access token is from the wrong issuer. It must match the tenant associated with this "
                "subscription.",
            ),
        ),
    ),
    row(
        "caller-reader",
        "rights",
        "rights_missing",
        ("Microsoft.KeyVault/vaults/write", "runCommand"),
        ("role Contributor on {resource_group}", "az role assignment create"),
    ),
    row("caller-contributor", "rights", "rights_sufficient"),
    row(
        "caller-group-contributor",
        "rights",
        "rights_sufficient_for_lab",
        ("purge the deleted vault", "The role Contributor on the subscription"),
        also={"provider-keyvault": "needs_role_on_subscription", "vault-name": "needs_role_on_subscription"},
    ),
    row(
        "",
        "locks",
        "lock_forbids_changes",
        ("lock lab-lock on the resource group {resource_group} is ReadOnly", "Frozen for the exam"),
        ("{resource_group}, Settings, Locks", "az lock delete --ids /subscriptions/{subscription_id}", "Owner"),
        title="A read-only lock is on the resource group",
        before=(locked(GROUP, "ReadOnly", "Frozen for the exam."),),
    ),
    row(
        "",
        "locks",
        "lock_forbids_changes",
        ("on the whole subscription is ReadOnly",),
        ("Subscriptions, yours, Settings, Resource locks",),
        title="A read-only lock is on the subscription",
        before=(locked("", "ReadOnly"),),
    ),
    row(
        "",
        "locks",
        "lock_forbids_changes",
        ("{vm} is ReadOnly",),
        ("{vm}, Settings, Locks",),
        title="A read-only lock is on the VM",
        before=(locked(VM, "ReadOnly"),),
    ),
    row(
        "",
        "locks",
        "lock_keeps_vault",
        ("All four tasks can be done", "is CanNotDelete", "az lock delete --ids"),
        title="A lock keeps what is in the resource group from being deleted",
        before=(locked(GROUP, "CanNotDelete"),),
    ),
    row(
        "caller-contributor",
        "rights",
        "rights_missing",
        ("give the machine a role",),
        ("User Access Administrator",),
        names=ROLES,
    ),
    row(
        "caller-group-contributor",
        "vault-name",
        "needs_role_on_subscription",
        ("{vault} is free", "the whole subscription"),
        ("You can go on",),
        also={"provider-keyvault": "needs_role_on_subscription"},
    ),
    row(
        "caller-custom-role",
        "rights",
        "rights_missing",
        ("run the script on the machine",),
        ("Virtual Machine Contributor would be enough",),
    ),
    row(
        "caller-custom-role",
        "rights",
        "rights_missing",
        ("run the script on the machine", "give the machine a role"),
        ("User Access Administrator",),
        names=ROLES,
    ),
    row(
        "policy-denies-vault",
        "policy",
        "policy_denies_vault",
        ("Azure Policy would refuse {vault}", "Not allowed resource types"),
        ("exempt {resource_group}",),
    ),
    row(
        "provider-key-vault-not-registered",
        "provider-keyvault",
        "provider_not_registered",
        ("Microsoft.KeyVault is not registered",),
        ("az provider register --namespace Microsoft.KeyVault --subscription {subscription_id}",),
        remedy="register-providers",
    ),
    row(
        "provider-policy-insights-not-registered",
        "policy",
        "policy_not_looked_at",
        ("could not be looked at", "Microsoft.PolicyInsights"),
    ),
    row(
        "",
        "policy",
        "policy_wants_roles",
        ("vaults-by-roles", "allow it with Azure roles"),
        ("Do this lab by roles",),
        title="Azure Policy refuses vaults that go by access policies",
        before=(WANTS_ROLES,),
        choices=("roles",),
    ),
    row(
        "provider-compute-not-registered",
        "provider-compute",
        "provider_not_registered",
        ("Microsoft.Compute is not registered",),
        ("az provider register --namespace Microsoft.Compute",),
        remedy="register-providers",
    ),
    row(
        "provider-key-vault-registering",
        "provider-keyvault",
        "provider_registering",
        ("Microsoft.KeyVault is being registered",),
        (WAITS,),
    ),
    row(
        "provider-compute-registering",
        "provider-compute",
        "provider_registering",
        ("Microsoft.Compute is being registered",),
        (WAITS,),
    ),
    row(
        "group-missing",
        "resource-group",
        "group_missing",
        ("no resource group {resource_group}",),
        ("az group create --name {resource_group} --location {location}",),
    ),
    row(
        "group-being-deleted",
        "resource-group",
        "group_being_deleted",
        ("deleting {resource_group}",),
        ("Wait until it is gone", "anew in {location}"),
    ),
    vm("vm-missing", reason="vm_missing", found=("no virtual machine {vm}",), next_step=("a Windows VM named {vm}",)),
    vm(
        "vm-in-other-group",
        reason="vm_in_other_group",
        found=("{vm} is in the resource group rg-other",),
        next_step=("{resource_group}", "rg-other"),
    ),
    vm(
        "vm-other-name",
        reason="vm_under_other_name",
        found=("has no virtual machine {vm}", "{vm}-2"),
        next_step=("Choose it below",),
        choices=("{vm}-2",),
    ),
    vm("vm-two", reason="vm_up"),
    vm(
        "vm-several-none-agreed",
        reason="vm_under_other_name",
        found=("{vm}-2, {vm}-3",),
        next_step=("Which of them",),
        choices=("{vm}-2", "{vm}-3"),
    ),
    vm(
        "vm-deallocated",
        reason="vm_not_running",
        found=("{vm} is deallocated",),
        next_step=("az vm start --resource-group {resource_group} --name {vm}",),
        remedy="start-vm",
    ),
    vm(
        "vm-powered-off",
        reason="vm_not_running",
        found=("{vm} is stopped",),
        next_step=("Start {vm}",),
        remedy="start-vm",
    ),
    vm(
        "",
        reason="vm_setup_failed",
        found=("{vm} failed", "does not run"),
        next_step=("az vm start", "Activity log"),
        remedy="start-vm",
        title="Azure could not set the VM up",
        before=(vm_shown("", "Failed"),),
    ),
    vm(
        "",
        reason="vm_being_deleted",
        found=("deleting {vm}",),
        next_step=("Wait until it is gone", "Your names"),
        title="The VM is being deleted",
        before=(vm_shown("running", "Deleting"),),
    ),
    vm(
        "",
        reason="vm_not_running",
        found=("{vm} is deallocating",),
        next_step=("Wait a moment until Azure has stopped it. Then start {vm}",),
        remedy="start-vm",
        title="The VM is just being stopped",
        before=(vm_shown("deallocating", "Updating"),),
    ),
    vm("vm-starting", reason="vm_not_up_yet", found=("{vm} is starting",), next_step=(WAITS,)),
    vm(
        "vm-agent-silent",
        reason="vm_agent_not_ready",
        found=("its agent is not ready",),
        next_step=("az vm restart --resource-group {resource_group} --name {vm}",),
    ),
    row(
        "vm-identity-off",
        "vm-identity",
        "vm_identity_off",
        ("identity of {vm} is off",),
        (
            "az vm identity assign --resource-group {resource_group} --name {vm}",
            "a new object id then",
            "let it in anew (Task 3)",
        ),
        remedy="turn-identity-on",
    ),
    row(
        "vm-user-identity-only",
        "vm-identity",
        "vm_only_user_assigned",
        ("id-lab", "user-assigned"),
        ("az vm identity assign", "may stay"),
        remedy="turn-identity-on",
    ),
    vm(
        "vm-linux",
        reason="vm_not_windows",
        found=("{vm} runs Linux",),
        next_step=("a Windows VM", "Your names"),
    ),
    row("vault-name-free", "vault-name", "vault_name_free"),
    row(
        "vault-name-taken",
        "vault-name",
        "vault_name_taken",
        ("{vault} is in use", "unique in the whole of Azure"),
        ("another name under Your names",),
    ),
    row(
        "vault-in-other-subscription",
        "vault-name",
        "vault_name_taken",
        ("yours in another subscription",),
        ("in another subscription by mistake", "{resource_group}"),
    ),
    row(
        "vault-name-held-by-stranger",
        "vault-name",
        "vault_name_taken",
        ("may be a stranger's",),
        ("another name",),
    ),
    row(
        "vault-deleted",
        "vault-name",
        "vault_name_deleted",
        ("{vault} ({resource_group}, {location}) was deleted on", "keeps its name until"),
        ("az keyvault recover --name {vault}", "az keyvault purge --name {vault}"),
        remedy="recover-vault",
    ),
    row(
        "vault-deleted-elsewhere",
        "vault-name",
        "vault_deleted_elsewhere",
        ("(rg-other, westeurope) was deleted on", "{resource_group}, {location}"),
        ("az keyvault purge --name {vault} --location westeurope",),
        remedy="purge-vault",
    ),
    row(
        "vault-deleted-protected",
        "vault-name",
        "vault_deleted_protected",
        ("purge protection", "nobody can purge it"),
        ("az keyvault recover --name {vault}", "another name"),
        remedy="recover-vault",
    ),
    row(
        "vault-deleted-protected",
        "vault-name",
        "vault_deleted_out_of_reach",
        ("not in {resource_group}, {location}",),
        ("another name under Your names",),
        names={"location": "westeurope"},
        title="A deleted vault with purge protection was in another region",
    ),
    row(
        "vault-being-deleted",
        "vault-name",
        "vault_name_taken",
        ("just being deleted",),
        ("check again in a minute",),
        title="A vault that the portal never saw is being deleted",
    ),
    row(
        "vault-right",
        "vault-name",
        "vault_name_not_free_yet",
        ("{vault} was yours", "deleted or purged"),
        (WAITS,),
        title="The vault of this walk is being deleted",
        before=(Looked("create-vault"), Scenario("vault-being-deleted")),
    ),
    row(
        "vault-being-purged",
        "vault-name",
        "vault_name_deleted",
        ("keeps its name",),
        ("purged it a moment ago", "check again"),
    ),
    row(
        "vault-missing",
        "vault-name",
        "vault_name_not_allowed",
        ("kv--anna",),
        ("Your names",),
        title="The vault's name breaks Azure's rules",
        before=(Renamed("vault", "kv--anna"),),
    ),
)
