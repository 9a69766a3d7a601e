"""Rows about Task 1: the vault."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.verdicts.before import CarriedOut, Fault, Renamed, vault_changed
from tests.verdicts.case import Case
from tests.verdicts.preflight import ROLES, WAITS

OPEN = "az keyvault update --name {vault} --resource-group {resource_group} --public-network-access Enabled"


def row(scenario: str, check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    return Case(scenario, "create-vault", check, reason, found, next_step, **more)  # type: ignore[arg-type]


CASES = (
    row("vault-right", "vault-exists", "vault_there", ("{vault}",)),
    row(
        "vault-missing",
        "vault-exists",
        "vault_missing",
        ("no key vault {vault} in the resource group {resource_group}",),
        ("Create {vault} in {resource_group}", "Vault access policy"),
    ),
    row(
        "vault-missing",
        "vault-exists",
        "vault_missing",
        ("no key vault {vault}",),
        ("with Azure role-based access control",),
        names=ROLES,
    ),
    row(
        "vault-in-other-group",
        "vault-exists",
        "vault_elsewhere",
        ("{vault} is in the resource group rg-other, not in {resource_group}",),
        ("Move it", "az resource move --destination-group {resource_group}"),
    ),
    row(
        "vault-in-other-region",
        "vault-region",
        "vault_in_other_region",
        ("{vault} is in westeurope",),
        ("create it in {location}", "az keyvault purge --name {vault}"),
    ),
    row(
        "vault-rbac-mode",
        "vault-permission-model",
        "vault_in_rbac_mode",
        ("access policies have no effect",),
        ("--enable-rbac-authorization false", "Task 3 by a role assignment"),
        remedy="use-access-policies",
        choices=("roles",),
    ),
    row("vault-rbac-mode", "vault-permission-model", "vault_uses_roles", names=ROLES),
    row(
        "vault-right",
        "vault-permission-model",
        "vault_goes_by_policies",
        ("{vault} uses access policies", "by roles"),
        ("--enable-rbac-authorization true",),
        names=ROLES,
        choices=("policies",),
    ),
    row(
        "vault-other-name",
        "vault-exists",
        "vault_under_other_name",
        ("has no {vault}", "{vault}-2"),
        ("choose it below", "create {vault} in {resource_group}"),
        choices=("{vault}-2",),
    ),
    row(
        "vault-several",
        "vault-exists",
        "vault_under_other_name",
        ("{vault}-2, {vault}-3",),
        ("Is one of them", "choose it below"),
        choices=("{vault}-2", "{vault}-3"),
    ),
    row("vault-two", "vault-exists", "vault_there"),
    row("vault-provisioning", "vault-ready", "vault_being_set_up", ("RegisteringDns",), (WAITS,)),
    row(
        "vault-failed",
        "vault-ready",
        "vault_setup_failed",
        ("setting {vault} up Failed",),
        ("Delete {vault}, purge it", "create it again"),
    ),
    row(
        "vault-right",
        "vault-exists",
        "vault_being_deleted",
        ("{vault}", "deleting"),
        (WAITS,),
        title="Azure is deleting the vault, and still shows it",
        before=(
            Fault(
                r"^management\.azure\.com$",
                200,
                {
                    "id": "/subscriptions/{subscription_id}/resourceGroups/{resource_group}/providers/"
                    "Microsoft.KeyVault/vaults/{vault}",
                    "name": "{vault}",
                    "type": "Microsoft.KeyVault/vaults",
                    "location": "{location}",
                    "properties": {
                        "tenantId": "{tenant_id}",
                        "sku": {"family": "A", "name": "standard"},
                        "accessPolicies": [],
                        "enableRbacAuthorization": False,
                        "provisioningState": "Deleting",
                        "vaultUri": "{vault_uri}",
                    },
                },
                path="/vaults/[^/]+$",
                method="GET",
            ),
        ),
    ),
    row(
        "vault-firewall",
        "vault-network",
        "vault_network_closed",
        ("firewall of {vault} lets nobody in",),
        ("Allow public access from all networks", OPEN),
        remedy="open-network",
    ),
    row("vault-ip-rule-other", "vault-network", "vault_network_by_rules"),
    row("vault-ip-rule-only", "vault-network", "vault_network_by_rules"),
    row(
        "vault-public-access-off",
        "vault-network",
        "vault_network_private",
        ("Public access to {vault} is disabled",),
        (OPEN,),
        remedy="open-network",
    ),
    row("vault-purge-protected", "vault-exists", "vault_there"),
    row(
        "vault-deleted",
        "vault-exists",
        "vault_name_deleted",
        ("{vault} was deleted on",),
        ("az keyvault recover --name {vault}", "az keyvault purge --name {vault}"),
        remedy="recover-vault",
    ),
    row(
        "vault-name-taken",
        "vault-exists",
        "vault_name_taken",
        ("{vault} is in use",),
        ("another name under Your names",),
    ),
    row(
        "vault-missing",
        "vault-exists",
        "vault_name_not_allowed",
        ("kv--anna",),
        ("Your names",),
        title="The vault's name breaks Azure's rules",
        before=(Renamed("vault", "kv--anna"),),
    ),
    row(
        "policy-denies-vault",
        "vault-exists",
        "policy_denies_vault",
        ("Azure Policy would refuse {vault}",),
        ("exempt {resource_group}",),
    ),
    row(
        "provider-key-vault-not-registered",
        "vault-exists",
        "provider_not_registered",
        ("Microsoft.KeyVault is not registered",),
        ("az provider register --namespace Microsoft.KeyVault",),
        remedy="register-providers",
    ),
    row(
        "group-missing",
        "vault-exists",
        "group_missing",
        ("no resource group {resource_group}",),
        ("az group create --name {resource_group}",),
    ),
    row(
        "vault-right",
        "vault-gone",
        "vault_not_the_portals",
        ("{vault} was not made by the portal",),
        ("az keyvault delete --name {vault}", "clean up"),
        title="Undoing meets a vault that the student made",
        mode=Mode.UNDO,
    ),
    row(
        "",
        "vault-gone",
        "vault_still_there",
        ("{vault} is still there",),
        ("Undo once more", "az keyvault delete --name {vault}"),
        title="Azure does not let the portal delete its vault",
        mode=Mode.UNDO,
        before=(
            CarriedOut(("create-vault",)),
            Fault(
                r"^management\.azure\.com$",
                409,
                {
                    "error": {
                        "code": "ScopeLocked",
                        "message": "The scope cannot perform delete operation: it is locked.",
                    }
                },
                path="/vaults/",
                method="DELETE",
            ),
        ),
    ),
    row(
        "",
        "vault-purged",
        "vault_not_purged",
        ("{vault} is deleted", "it was not purged"),
        ("az keyvault purge --name {vault}",),
        title="The portal may delete its vault, and not purge it",
        mode=Mode.UNDO,
        before=(
            CarriedOut(("create-vault",)),
            Fault(
                r"^management\.azure\.com$",
                403,
                {"error": {"code": "AuthorizationFailed", "message": "The client does not have authorization."}},
                path="/purge",
                method="POST",
            ),
        ),
    ),
    row(
        "",
        "vault-purged",
        "deleted_vault_not_listed",
        ("Deleted just now: {vault}", "still keeps the name"),
        (WAITS,),
        title="Azure lists the portal's vault neither as there nor as deleted",
        mode=Mode.UNDO,
        before=(
            CarriedOut(("create-vault",)),
            Fault(r"^management\.azure\.com$", 200, {"value": []}, path="/deletedVaults$", method="GET"),
        ),
    ),
    row(
        "",
        "vault-purged",
        "vault_kept_by_purge_protection",
        ("its name stays taken",),
        title="The portal's vault was given purge protection",
        mode=Mode.UNDO,
        before=(CarriedOut(("create-vault",)), vault_changed(enablePurgeProtection=True)),
    ),
)
