"""Rows about the preflight: the subscription, the caller's rights, what forbids making a vault, the resource group."""

from __future__ import annotations

from tests.steps.fake_vaults import ROLES_ONLY
from tests.verdicts.before import GROUP, VM, ByHand, Fault, arm_says, locked
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
        (ROLES_ONLY, "allow it with Azure roles"),
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
)
