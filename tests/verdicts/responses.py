"""Rows about Task 4's response of the student's own: part by part, and what was pasted instead."""

from __future__ import annotations

from tests.steps.pastes import APPID, OID, PASTES, TENANT, VERSION, irm, refusal
from tests.verdicts.before import Looked, Scenario, Step, Token, vault_says
from tests.verdicts.case import Case
from tests.verdicts.preflight import WAITS

RIGHT = "id : {vault_uri}secrets/{secret}/{version}\r\n"
STRANGE = "99999999-9999-4999-8999-999999999999"
OTHER = "deadbeef" * 4
AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
AGAIN = "all three commands again on {vm}"
GUIDE = "from the guide as they stand"


def paste(name: str) -> str:
    """One of the recorded pastes, with the student's own names and ids."""
    own = {"kv-anna-7f3c": "{vault}", "mi-test": "{secret}", OID: "{oid}", APPID: "{appid}", TENANT: "{tenant_id}"}
    text = PASTES[name][0]
    for theirs, ours in (own | {VERSION: "{version}"}).items():
        text = text.replace(theirs, ours)
    return text


def reply(**claims: str) -> str:
    own = {"aud": "https://vault.azure.net", "oid": "{oid}", "appid": "{appid}", "tid": "{tenant_id}"}
    return f"access_token   : {Token({**own, **claims})}\r\nexpires_in : 86399\r\ntoken_type : Bearer\r\n"


def denied(**ids: str) -> str:
    told = {"oid": "{oid}", "appid": "{appid}"} | ids
    caller = f"appid={told['appid']};oid={told['oid']};iss=https://sts.windows.net/x/"
    return refusal(
        "Forbidden",
        f"The user, group or application '{caller}' does not have secrets get permission on key vault "
        "'{vault};location=eastus'.",
        "AccessDenied",
    )


def row(
    reason: str,
    title: str,
    pasted: str,
    found: tuple[str, ...],
    next_step: tuple[str, ...] = (AGAIN,),
    *,
    scenario: str = "read-ready",
    before: tuple[Step, ...] = (),
    **more: object,
) -> Case:
    return Case(
        scenario,
        "read-secret",
        "own-response",
        reason,
        found,
        next_step,
        title=title,
        paste=pasted,
        before=before,
        **more,  # type: ignore[arg-type]
    )


PARTS = (
    row(
        "answer_missing",
        "Nothing was pasted",
        "",
        ("no response of yours yet",),
        ("three commands of the guide on {vm}",),
    ),
    row("answer_right", "The response is right", RIGHT, ("{version}",), ()),
    row(
        "answer_from_other_vault",
        "The response is from another vault",
        RIGHT.replace("{vault_uri}", "https://kv-bert.vault.azure.net/"),
        ("from the vault kv-bert; yours is {vault}",),
        ("{vault_uri}",),
    ),
    row(
        "answer_from_other_vault",
        "The response is from the student's second vault",
        RIGHT.replace("{vault}", "{vault}-2").replace("{vault_uri}", "https://{vault}-2.vault.azure.net/"),
        ("{vault}-2",),
        ("choose it",),
        before=(Scenario("vault-two"),),
        choices=("{vault}-2",),
    ),
    row(
        "answer_of_other_secret",
        "The response is about another secret",
        RIGHT.replace("{secret}", "other"),
        ("the secret other; yours is {secret}",),
        ("Ask for {secret}",),
    ),
    row(
        "answer_of_older_version",
        "The secret got a new version since",
        RIGHT.replace("{version}", "{version_before}"),
        ("was the current one before", "{version}"),
        ("Leave the version out",),
        before=(Looked("read-secret", RIGHT), Scenario("read-older-version")),
    ),
    row(
        "answer_of_other_version",
        "The response names a version that the portal never saw",
        f"id : {{vault_uri}}secrets/{{secret}}/{STRANGE.replace('-', '')}",
        ("{version}", "an older one, or there is none of that name"),
        ("Leave the version out",),
    ),
)
UNKNOWN_VERSION = (
    row(
        "current_version_unknown",
        "Azure names no version of the secret",
        RIGHT.replace("{version}", OTHER),
        ("which version of {secret} is the current one",),
        (WAITS,),
        before=(Scenario("read-version-unnamed"), vault_says(429, "Throttled", "Too many requests.")),
        also={"secret-read": "vault_busy"},
    ),
)


FIRST_COMMAND = (
    row(
        "answer_without_metadata_header",
        "The first command lacked the header",
        paste("no header"),
        ("header Metadata: true",),
        ("-Headers", AGAIN),
    ),
    row("answer_without_resource", "The first command named no resource", paste("no resource"), ("resource=",)),
    row(
        "answer_with_unknown_resource",
        "The first command named a resource that is none",
        paste("unknown resource"),
        ("knows no service of the name",),
        ("https://vault.azure.net", "not the address of {vault}"),
    ),
    row("answer_without_api_version", "The first command named no api-version", paste("no version"), ("api-version",)),
    row(
        "answer_identity_not_found",
        "The machine had no identity when it was asked, and has one now",
        paste("no identity"),
        ("knew no identity",),
        ("{vm} has its identity now",),
        remedy="turn-identity-on",
    ),
    row(
        "answer_many_identities",
        "The machine had several identities lent, and none of its own",
        paste("several"),
        ("several user-assigned identities",),
        ("az vm identity assign",),
        remedy="turn-identity-on",
    ),
    row("answer_imds_busy", "The metadata service was busy", paste("metadata service busy"), ("nothing you did",)),
    row(
        "answer_not_run_on_vm",
        "The commands were run on the student's own computer",
        paste("not on the VM"),
        ("169.254.169.254", "your own computer and Cloud Shell have none"),
        ("Run all three commands on {vm}",),
    ),
    row("answer_is_the_token", "The token was pasted", reply(), ("That is the token",), ("the third command",)),
    row(
        "answer_token_for_other_audience",
        "The token is for Azure Resource Manager",
        reply(aud="https://management.azure.com/"),
        ("Azure Resource Manager",),
        ("resource=https%3A%2F%2Fvault.azure.net",),
    ),
    row(
        "answer_token_of_other_tenant",
        "The token is of another tenant",
        reply(tid=STRANGE),
        ("the tenant " + STRANGE, "{tenant_id}"),
        ("on {vm}, in your own subscription",),
    ),
    row(
        "answer_from_other_identity",
        "The token is of somebody the portal cannot name",
        reply(oid=STRANGE, appid=STRANGE),
        ("the object id " + STRANGE,),
        ("run all three commands there",),
    ),
    row(
        "answer_from_own_account",
        "The token is of the student, from the Azure CLI",
        reply(oid=STRANGE, appid=AZ),
        ("your own, taken with the Azure CLI",),
        ("run all three commands there",),
    ),
    row(
        "answer_from_own_account",
        "The token is of the identity that the connection uses",
        reply(oid="{caller}", appid=STRANGE),
        ("of the identity your connection works as",),
        ("run all three commands there",),
    ),
    row(
        "answer_from_former_identity",
        "The token is of the identity that the VM had before",
        reply(oid="{oid}"),
        ("an identity that {vm} had before",),
        ("Restart {vm}", "Task 3"),
        before=(Looked("grant-access"), Scenario("policy-identity-renewed")),
        also={"secret-read": "vault_denies_vm"},
    ),
    row(
        "answer_from_user_assigned",
        "The token is of an identity lent to the VM",
        reply(oid="{lent}", appid=STRANGE),
        ("id-lab, an identity assigned to {vm}",),
        ("System assigned is on",),
        before=(Scenario("policy-for-user-identity"),),
        also={"secret-read": "vault_denies_vm"},
    ),
    row(
        "answer_from_other_vm",
        "The commands were run on another VM",
        reply(oid="{other_vm}", appid=STRANGE),
        ("the virtual machine {vm}-2, not of {vm}",),
        ("set it under Your names",),
        before=(Scenario("policy-for-other-vm"),),
        also={"secret-read": "vault_denies_vm"},
    ),
)

LAST_COMMAND = (
    row(
        "answer_without_token",
        "The last command showed no token",
        paste("no token"),
        ("showed {vault} no token",),
        ("in the same window, on {vm}",),
    ),
    row("answer_token_refused", "The vault did not accept the token", paste("token over"), ("401",)),
    row(
        "answer_asked_other_vault",
        "The last command asked another vault",
        denied().replace("key vault '{vault}", "key vault 'kv-bert"),
        ("asked the vault kv-bert; yours is {vault}",),
        ("Put {vault_uri} into",),
    ),
    row(
        "answer_denied",
        "The vault turned the VM away, and does still",
        denied(),
        ("an access policy", "missing, or does not count yet"),
        ("The check above", AGAIN),
        scenario="read-policy-removed",
        also={"secret-read": "vault_denies_vm"},
    ),
    row(
        "answer_denied",
        "A vault that goes by roles turned the VM away, and does still",
        paste("by roles"),
        ("a role that lets it read {secret}",),
        ("The check above",),
        scenario="role-missing",
        names={"permission_model": "roles"},
        also={"secret-read": "vault_wants_role"},
    ),
    row(
        "answer_denied_earlier",
        "The vault turned the VM away, and lets it in now",
        denied(),
        ("Since then it lets it in",),
        ("once more on {vm}",),
    ),
    row(
        "answer_met_firewall",
        "The vault's firewall did not let the request in",
        paste("firewall"),
        ("firewall of {vault}", "come from"),
        ("allow public access from all networks", "az keyvault update"),
        scenario="read-firewall",
        also={"secret-read": "vault_firewall"},
        remedy="open-network",
    ),
    row(
        "answer_met_firewall",
        "The vault's firewall did not let the request in, and is open now",
        paste("firewall"),
        ("firewall of {vault}",),
        ("{vault} lets {vm} in now", "once more on {vm}"),
    ),
    row(
        "answer_met_disabled_secret",
        "The secret was disabled, and is enabled now",
        paste("disabled"),
        ("the secret was disabled",),
        ("{secret} is enabled now",),
        remedy="enable-secret",
    ),
    row(
        "answer_forbidden",
        "A refusal without Azure's reason",
        paste("forbidden"),
        ("403, Forbidden",),
        ("once more on {vm}",),
    ),
    row(
        "answer_asked_other_secret",
        "The last command asked for a secret that is not there",
        paste("not found"),
        ("the secret mi-tset", "Yours is {secret}"),
        ("Put {secret} into its address",),
    ),
    row(
        "answer_secret_not_found",
        "The secret was not there when the VM asked",
        paste("not found").replace("mi-tset", "{secret}"),
        ("had no {secret}", "404"),
        ("{secret} is there now",),
    ),
    row(
        "answer_bad_request",
        "The last command's address is mistyped",
        paste("bad request"),
        ("mistyped",),
        ("{vault_uri}secrets/{secret}?api-version=2016-10-01",),
    ),
    row("answer_vault_busy", "The vault was busy", paste("busy"), ("nothing you did",), ("Wait a minute",)),
    row(
        "answer_vault_unresolved",
        "The vault's name led nowhere",
        irm("The remote name could not be resolved: '{vault}.vault.azure.net'", "https://{vault}.vault.azure.net"),
        ("{vault}.vault.azure.net",),
        ("See that Task 1 passes",),
    ),
    row(
        "answer_vault_unreachable",
        "The VM could not connect to the vault",
        paste("no way to the vault"),
        ("could not connect to {vault}",),
        ("port 443",),
    ),
    row("answer_tls_failed", "Windows is too old for the vault's encryption", paste("TLS"), ("TLS 1.2",), ("Tls12",)),
)

CASES = (*PARTS, *UNKNOWN_VERSION, *FIRST_COMMAND, *LAST_COMMAND)
