"""Rows about Task 4: what the vault answers the machine."""

from __future__ import annotations

import uuid

from tests.steps.fake_azure import FakeAzure
from tests.verdicts.before import (
    CarriedOut,
    Fault,
    Looked,
    Scenario,
    vault_changed,
    vault_says,
)
from tests.verdicts.preflight import ROLES, WAITS
from tests.verdicts.read_secret import NETWORK, RUNNING_SCRIPT, STRANGE, printed, ready, row

RBAC_MESSAGE = "Caller is not authorized to perform action on resource."
DENY = "44444444-4444-4444-8444-444444444444"
DENIED = (
    f"{RBAC_MESSAGE}\r\nAssignment: (not found)\r\nDenyAssignmentId: '/subscriptions/x/providers/"
    f"Microsoft.Authorization/denyAssignments/{DENY}'\r\nDecisionReason: null \r\n"
)
FIREWALL = "Client address is not authorized and caller is not a trusted service.\r\nClient address: 20.1.2.3\r\n"


def gone_meanwhile() -> FakeAzure:
    """The VM is told 404, and by then the secret is not shown to the portal either."""
    azure = printed(stage="secret", status=404, body='{"error": {"code": "SecretNotFound", "message": "No."}}', id="")
    answer = azure.answer

    def answer_and_delete(said: dict[str, object]) -> str:
        azure.kept_secrets.clear()
        return answer(said)

    azure.answer = answer_and_delete
    return azure


REFUSALS = (
    row("read-wrong-audience", "secret-read", "vault_refuses_audience", ("AKV10022",), (WAITS,)),
    ready(
        "secret-read",
        "vault_refuses_issuer",
        ("AKV10032", "another tenant"),
        ("same tenant", "Task 1 again"),
        title="The vault trusts another tenant",
        before=(vault_says(401, "Unauthorized", "AKV10032: Invalid issuer. Expected one of x, found y."),),
    ),
    ready(
        "secret-read",
        "vault_refuses_token",
        ("does not accept the VM's token",),
        ("restart {vm}",),
        title="The vault does not accept the token",
        before=(vault_says(401, "Unauthorized", "[TokenExpired] Error validating token"),),
    ),
    row(
        "read-policy-removed",
        "secret-read",
        "vault_denies_vm",
        ("no access policy says so",),
        ("Do Task 3", "az keyvault set-policy --name {vault}"),
        remedy="add-policy-for-vm",
    ),
    row(
        "read-vault-switched-to-roles",
        "secret-read",
        "vault_in_rbac_mode",
        ("access policies have no effect",),
        ("--enable-rbac-authorization false",),
        remedy="use-access-policies",
        choices=("roles",),
    ),
    row(
        "read-vault-switched-to-roles",
        "secret-read",
        "vault_wants_role",
        ("{vault} goes by roles", "{vm} has none"),
        ("Do Task 3", "Key Vault Secrets User"),
        names=ROLES,
        remedy="assign-role",
    ),
    row(
        "policy-not-effective-yet",
        "secret-read",
        "policy_not_in_effect_yet",
        ("still turns it away", "takes a moment to count"),
        (WAITS,),
    ),
    row(
        "role-not-effective-yet",
        "secret-read",
        "role_not_in_effect_yet",
        ("still turns it away", "ten minutes"),
        (WAITS,),
        names=ROLES,
    ),
    row(
        "policy-not-effective-yet",
        "secret-read",
        "policy_not_in_effect_yet",
        ("first seen at",),
        (WAITS,),
        title="The policy is still not effective at the second look",
        before=(Looked("read-secret"),),
    ),
    ready(
        "secret-read",
        "model_switch_not_in_effect_yet",
        ("has been switched to access policies", "still went by roles"),
        (WAITS,),
        title="The vault was switched to access policies a moment ago",
        before=(vault_says(403, "Forbidden", RBAC_MESSAGE, "ForbiddenByRbac"),),
    ),
    row(
        "policy-removed-still-effective",
        "same-identity",
        "read_without_own_policy",
        ("let {vm} read {secret}, though no access policy is for its identity", "a group", "still counts"),
        ("The reading counts", "the template Secret Management for {vm}"),
        remedy="add-policy-for-vm",
    ),
    row(
        "role-right",
        "secret-read",
        "vault_denies_by_deny_assignment",
        (f"A deny assignment ({DENY}) forbids {{vm}} to read {{secret}}", "waiting does not change it"),
        ("Deny assignments", "deployment stack"),
        title="A deny assignment stands above the VM's role",
        names=ROLES,
        before=(CarriedOut(("create-secret",)), vault_says(403, "Forbidden", DENIED, "ForbiddenByRbac")),
    ),
    row(
        "read-firewall",
        "secret-read",
        "vault_firewall",
        ("firewall of {vault} does not let {vm} in", "come from"),
        ("all networks", "az keyvault update --name {vault}"),
        remedy="open-network",
    ),
    row(
        "vault-ip-rule-only",
        "secret-read",
        "vault_firewall",
        ("firewall of {vault} does not let {vm} in",),
        ("under Firewall",),
        title="The vault's firewall lets only the student in",
        before=(CarriedOut(("create-secret", "grant-access")),),
        remedy="open-network",
    ),
    ready(
        "secret-read",
        "vault_closed_to_networks",
        ("Public network access to {vault} is disabled",),
        ("az keyvault update --name {vault}",),
        title="Public network access was switched off after Task 3",
        before=(vault_changed(publicNetworkAccess="Disabled"),),
        remedy="open-network",
    ),
    ready(
        "secret-read",
        "firewall_still_in_effect",
        ("open to all networks now", "20.1.2.3"),
        (WAITS,),
        title="The firewall was opened a moment ago",
        before=(vault_says(403, "Forbidden", FIREWALL, "ForbiddenByFirewall"),),
    ),
    row(
        "read-secret-disabled",
        "secret-read",
        "vm_met_disabled_secret",
        ("{secret} is disabled",),
        ("az keyvault secret set-attributes --vault-name {vault} --name {secret} --enabled true",),
        remedy="enable-secret",
    ),
    ready(
        "secret-read",
        "secret_enabled_meanwhile",
        ("is enabled now",),
        (WAITS,),
        title="The secret was enabled a moment ago",
        before=(vault_says(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"),),
    ),
    row(
        "secret-expired",
        "secret-read",
        "vm_met_secret_outside_dates",
        ("expired on",),
        ("clear the date",),
        title="The secret has expired when the VM is to read it",
        before=(
            CarriedOut(("grant-access",)),
            vault_says(403, "Forbidden", "Operation get is not allowed on an expired secret.", "SecretExpired"),
        ),
        remedy="new-version",
    ),
    ready(
        "secret-read",
        "vault_forbids",
        ("answered {vm} with 403", "Azure's words: Unforeseen Reason nobody foresaw"),
        ("The portal looks again", "Azure's words"),
        title="The vault forbids for a reason nobody foresaw",
        before=(vault_says(403, "Forbidden", "Reason nobody foresaw.", "Unforeseen"),),
    ),
    row(
        "secret-expired",
        "secret-read",
        "vault_forbids",
        ("answered {vm} with 403", "TCP connection"),
        ("The portal looks again",),
        title="The secret has expired, and the vault forbids for another reason",
        before=(
            CarriedOut(("grant-access",)),
            vault_says(403, "Forbidden", "This TCP connection does not allow access to {vault}.vault.azure.net."),
        ),
    ),
    ready(
        "secret-read",
        "proxy_on_vm",
        ("A proxy answered {vm} in the place of {vault}", "407"),
        ("netsh winhttp show proxy",),
        title="A proxy on the VM answers in the vault's place",
        before=(Fault(r"\.vault\.azure\.net$", 407, {}, path="^/secrets/"),),
    ),
    row(
        "",
        "secret-read",
        "vault_not_trusted_on_vm",
        ("did not trust the certificate",),
        ("date and time are right",),
        title="The VM does not trust the certificate of who answers as the vault",
        memory=lambda: printed(stage="secret", status=0, failure="TrustFailure", error="trust relationship", id=""),
        because=NETWORK,
    ),
    ready(
        "secret-read",
        "secret_not_seen_by_vm_yet",
        ("shows it to the portal",),
        (WAITS,),
        title="The vault has not got the secret yet where the VM asks",
        before=(vault_says(404, "SecretNotFound", "A secret with (name/id) x was not found in this key vault."),),
    ),
    row(
        "",
        "secret-read",
        "vm_found_no_secret",
        ("told the VM that it has no",),
        ("Do Task 2",),
        title="The secret is deleted between the two looks",
        memory=gone_meanwhile,
        because="it takes a deletion between the VM's answer and the portal's next request",
        remedy="recover-secret",
    ),
    row(
        "vault-throttled",
        "secret-read",
        "vault_busy",
        ("{vault} was busy (status 429)",),
        (WAITS,),
        title="Key Vault throttles the VM",
        before=(Scenario("read-ready"),),
    ),
    row(
        "vault-503",
        "secret-read",
        "vault_busy",
        ("{vault} was busy (status 503)",),
        (WAITS,),
        title="Key Vault is unavailable to the VM",
        before=(Scenario("read-ready"),),
    ),
    row(
        "vault-reset",
        "secret-read",
        "vault_unreachable_from_vm",
        ("could not connect to {vault_uri}",),
        ("port 443",),
        title="Key Vault drops the VM's connection",
        before=(Scenario("read-ready"),),
    ),
    ready(
        "secret-read",
        "vault_answer_unknown",
        ("{vault} answered 418",),
        (WAITS,),
        title="The vault answers with a status nobody foresaw",
        before=(vault_says(418, "Teapot", "Short and stout."),),
    ),
    row(
        "",
        "secret-read",
        "vault_unresolved_on_vm",
        ("could not find out where",),
        ("DNS servers",),
        title="The VM cannot resolve the vault's name",
        memory=lambda: printed(stage="secret", status=0, error="The remote name could not be resolved", id=""),
        because=NETWORK,
    ),
    row(
        "",
        "secret-read",
        "vault_tls_failed_on_vm",
        ("encrypted connection",),
        ("TLS 1.2",),
        title="VM and vault do not agree on encryption",
        memory=lambda: printed(stage="secret", status=0, failure="SecureChannelFailure", error="secure channel", id=""),
        because=NETWORK,
    ),
    row(
        "",
        "secret-read",
        "proof_not_made",
        ("could not make the digest",),
        (WAITS,),
        title="The VM reads the secret, and makes no digest",
        memory=lambda: printed(stage="digest", digest=""),
        because=RUNNING_SCRIPT,
    ),
    ready(
        "secret-read",
        "other_secret_answered",
        ("identifier of another secret",),
        (WAITS,),
        title="The vault answers with another secret",
        before=(
            Fault(
                r"\.vault\.azure\.net$",
                200,
                {"value": "x", "id": "{vault_uri}secrets/other/{version}", "attributes": {"enabled": True}},
                path="^/secrets/",
            ),
        ),
    ),
    ready(
        "secret-read",
        "version_replaced_meanwhile",
        ("{version}", "a new version in between"),
        (WAITS,),
        title="The secret gets a new version while the VM reads it",
        before=(
            Fault(
                r"\.vault\.azure\.net$",
                200,
                {
                    "value": "x",
                    "id": "{vault_uri}secrets/{secret}/" + uuid.UUID(STRANGE).hex,
                    "attributes": {"enabled": True},
                },
                path="^/secrets/",
            ),
        ),
    ),
    row(
        "role-missing",
        "same-identity",
        "no_role_for_token_identity",
        ("No role lets the object id",),
        ("Do Task 3", "Key Vault Secrets User"),
        title="The VM has no role at the vault, which is too busy to say so",
        names=ROLES,
        remedy="assign-role",
        before=(CarriedOut(("create-secret",)), vault_says(429, "Throttled", "Too many requests.")),
        also={"secret-read": "vault_busy"},
    ),
    row(
        "role-for-group",
        "same-identity",
        "role_matches_token",
        ("has the role Key Vault Secrets User", "through the group"),
        names=ROLES,
        before=(CarriedOut(("create-secret",)),),
    ),
    row(
        "role-missing",
        "same-identity",
        "read_without_own_role",
        ("let {vm} read {secret}, though the portal sees no role for its identity", "still counts"),
        ("The reading counts", "Key Vault Secrets User"),
        title="The role was taken back, and the vault still lets the VM in",
        names=ROLES,
        remedy="assign-role",
        before=(
            CarriedOut(("create-secret",)),
            Fault(
                r"\.vault\.azure\.net$",
                200,
                {"value": "x", "id": "{vault_uri}secrets/{secret}/{version}", "attributes": {"enabled": True}},
                path="^/secrets/",
            ),
        ),
    ),
    ready("secret-read", "secret_read_by_vm", ("a digest, never the value",)),
    row(
        "read-version-changes-later",
        "secret-read",
        "secret_read_by_vm",
        ("version {version}",),
        parameters={"seconds": 3600},
    ),
)
