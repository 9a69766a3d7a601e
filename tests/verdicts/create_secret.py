"""Rows about Task 2: the secret."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.verdicts.before import GROUP, CarriedOut, Fault, Looked, Renamed, Scenario, arm_says, locked, vault_changed
from tests.verdicts.case import Case
from tests.verdicts.preflight import ROLES, WAITS

VAULTS = r"\.vault\.azure\.net$"
FORBIDDEN = {
    "error": {"code": "Forbidden", "message": "Caller is not authorized.", "innererror": {"code": "ForbiddenByRbac"}}
}


def row(scenario: str, check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    return Case(scenario, "create-secret", check, reason, found, next_step, **more)  # type: ignore[arg-type]


CASES = (
    row("secret-right", "secret-exists", "secret_there"),
    row(
        "secret-missing",
        "secret-exists",
        "secret_missing",
        ("{vault} has no {secret} yet",),
        ("Create {secret} as the guide shows",),
    ),
    row(
        "secret-missing",
        "secret-exists",
        "secret_missing_nobody_may_set",
        ("no access policy lets anybody set secrets",),
        ("Add an access policy for yourself", "Then create {secret}"),
        title="The vault has neither a secret nor a policy",
        before=(vault_changed(accessPolicies=[]),),
    ),
    row(
        "vault-rbac-mode",
        "secret-exists",
        "secret_missing_no_role_to_set",
        ("has no role that lets it set secrets",),
        ("Key Vault Secrets Officer on {vault}",),
        names=ROLES,
    ),
    row(
        "secret-other-name",
        "secret-exists",
        "secret_under_other_name",
        ("{vault} has no {secret}. It has: {secret}-two",),
        ("named exactly {secret}", "choose it below"),
        choices=("{secret}-two",),
    ),
    row(
        "secret-disabled",
        "secret-usable",
        "secret_disabled",
        ("{secret} is disabled",),
        ("set Enabled to Yes", "--vault-name {vault} --name {secret} --enabled true"),
        remedy="enable-secret",
    ),
    row(
        "secret-not-active",
        "secret-usable",
        "secret_not_active_yet",
        ("{secret} becomes active only on",),
        ("clear Set activation date",),
        remedy="new-version",
    ),
    row(
        "secret-expired",
        "secret-usable",
        "secret_expired",
        ("{secret} expired on",),
        ("clear Set expiration date",),
        remedy="new-version",
    ),
    row(
        "secret-deleted",
        "secret-exists",
        "secret_deleted",
        ("{secret} was deleted", "keeps it until"),
        ("az keyvault secret recover --vault-name {vault} --name {secret}",),
        remedy="recover-secret",
    ),
    row("secret-being-deleted", "secret-exists", "secret_missing", ("{vault} has no {secret}",), ("{secret}",)),
    row(
        "secret-right",
        "secret-exists",
        "secret_missing",
        ("{vault} has no {secret} any more",),
        ("deleted it a moment ago, check again", "create {secret}"),
        title="The secret that the portal had seen is being deleted",
        before=(Looked("create-secret"), Scenario("secret-being-deleted")),
    ),
    row(
        "secret-in-other-vault",
        "secret-exists",
        "secret_in_other_vault",
        ("{vault} has no {secret}", "{vault}-2"),
        ("Create {secret} in {vault}", "choose it below"),
        choices=("{vault}-2",),
    ),
    row("secret-caller-without-rights", "secret-exists", "secret_there"),
    row(
        "secret-missing",
        "secret-exists",
        "secret_missing",
        ("{vault} has no {secret} yet",),
        ("network of {vault} lets in nobody", "--public-network-access Enabled --default-action Allow"),
        title="The vault has no secret, and its firewall lets nobody in",
        before=(vault_changed(networkAcls={"defaultAction": "Deny", "bypass": "AzureServices"}),),
    ),
    row(
        "secret-missing",
        "secret-exists",
        "secret_missing",
        ("{vault} has no {secret} yet", "was kept from changing that", "slow down"),
        ("Azure's trouble, not yours", "let the portal try once more", "Or do it yourself"),
        title="The vault throttles while the portal makes the secret",
        mode=Mode.CARRY_OUT,
        before=(Fault(VAULTS, 429, {"error": {"code": "Throttled", "message": "Too many requests."}}),),
    ),
    row(
        "secret-deleted",
        "secret-exists",
        "secret_deleted",
        ("{secret} was deleted. {vault} keeps it, and with it the name",),
        ("az keyvault secret recover --vault-name {vault} --name {secret}",),
        title="A deleted secret that the vault shows the portal only when it makes one",
        mode=Mode.CARRY_OUT,
        remedy="recover-secret",
        before=(Fault(VAULTS, 403, FORBIDDEN, path="^/deletedsecrets", method="GET"),),
    ),
    row(
        "",
        "secret-gone",
        "secret_not_the_portals",
        ("{secret} in {vault} was not made by the portal in this walk",),
        ("Set that under Your names", "az keyvault secret delete --vault-name {vault} --name {secret}"),
        title="The student has another secret now than the one that the portal made",
        mode=Mode.UNDO,
        also={"secret-purged": "secret_purge_not_reached"},
        before=(
            CarriedOut(("create-vault", "create-secret")),
            Renamed("secret", "precious"),
            Scenario("secret-right"),
        ),
    ),
    row(
        "",
        "secret-gone",
        "secret_locked",
        ("{secret} is still there", "a lock on the resource group {resource_group}"),
        ("Settings, Locks, Delete", "az lock list --resource-group {resource_group}", "undo once more"),
        title="A read-only lock on the group keeps the portal from deleting the secret",
        mode=Mode.UNDO,
        also={"secret-purged": "secret_purge_not_reached"},
        before=(CarriedOut(("create-vault", "create-secret")), locked(GROUP, "ReadOnly")),
    ),
    row(
        "vault-missing",
        "secret-exists",
        "vault_missing",
        ("no key vault {vault}",),
        ("Task 1",),
    ),
    row(
        "",
        "secret-gone",
        "secret_kept_by_roles",
        ("{secret} is still there", "goes by roles"),
        ("Key Vault Secrets Officer", "undo Task 1"),
        title="The vault was switched to roles before undoing",
        mode=Mode.UNDO,
        also={"secret-purged": "secret_purge_not_reached"},
        before=(
            CarriedOut(("create-vault", "create-secret")),
            vault_changed(enableRbacAuthorization=True),
        ),
    ),
    row(
        "",
        "secret-gone",
        "secret_still_there",
        ("{secret} is still there", "network settings of {vault}"),
        ("Undo once more", "az keyvault secret delete --vault-name {vault} --name {secret}"),
        title="The vault's firewall was closed before undoing",
        mode=Mode.UNDO,
        also={"secret-purged": "secret_purge_not_reached"},
        before=(
            CarriedOut(("create-vault", "create-secret")),
            vault_changed(networkAcls={"defaultAction": "Deny", "bypass": "AzureServices"}),
        ),
    ),
    row(
        "",
        "secret-purged",
        "secret_purge_not_reached",
        ("was not deleted, so there was nothing to purge",),
        ("the check above",),
        title="The secret could not be deleted, so not purged",
        mode=Mode.UNDO,
        also={"secret-gone": "secret_still_there"},
        before=(
            CarriedOut(("create-vault", "create-secret")),
            vault_changed(networkAcls={"defaultAction": "Deny", "bypass": "AzureServices"}),
        ),
    ),
    row(
        "",
        "secret-purged",
        "secret_not_purged",
        ("does not let the identity of your connection purge secrets",),
        ("az keyvault secret purge --vault-name {vault} --name {secret}",),
        title="The vault does not let the portal purge",
        mode=Mode.UNDO,
        before=(
            CarriedOut(("create-vault", "create-secret")),
            Fault(VAULTS, 403, FORBIDDEN, path="^/deletedsecrets", method="DELETE"),
        ),
    ),
    row(
        "",
        "secret-purged",
        "secret_being_purged",
        ("taken the order to purge {secret}",),
        (WAITS,),
        title="The vault purges slowly",
        mode=Mode.UNDO,
        before=(
            CarriedOut(("create-vault", "create-secret")),
            Fault(VAULTS, 204, {}, path="^/deletedsecrets", method="DELETE"),
        ),
    ),
    row(
        "",
        "portal-rights-back",
        "portal_rights_left",
        ("identity of your connection", "does not let it do this"),
        ("the role that it lacks", "open {vault}, Access policies"),
        title="Azure does not let the portal take its own right back",
        mode=Mode.UNDO,
        before=(
            CarriedOut(("create-vault", "create-secret")),
            arm_says(403, "AuthorizationFailed", "No authorization.", path="/accessPolicies/(remove|replace)"),
        ),
    ),
)
