"""What Azure and the shells print when the lab's commands go wrong, as students paste it.

From recorded answers and from the services' documents; ids and names are made up.
"""

from __future__ import annotations

import base64
import json

from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind

OID = "0d5e4f0a-5f4e-4a65-9d55-2f3b3f1c7a10"
APPID = "7f9c2ba4-e88f-4a76-a1c8-1f4bb3a3ed2c"
TENANT = "11111111-1111-4111-8111-111111111111"
CALLER = f"appid={APPID};oid={OID};iss=https://sts.windows.net/{TENANT}/"
VERSION = "50644e90b13249b584c44b9f712f2e51"
VAULT = "https://kv-anna-7f3c.vault.azure.net"


def token(**claims: str) -> str:
    def part(said: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    told = {"aud": "https://vault.azure.net", "oid": OID, "appid": APPID, "tid": TENANT, "upn": "canary", **claims}
    return f"{part({'typ': 'JWT', 'alg': 'RS256'})}.{part(told)}.c2lnbmF0dXJlLWNhbmFyeQ"


def reply(**claims: str) -> str:
    """What the metadata service answers, as the console lists it."""
    return (
        f"access_token   : {token(**claims)}\r\nclient_id      : {APPID}\r\nexpires_in     : 86399\r\n"
        "resource       : https://vault.azure.net\r\ntoken_type     : Bearer\r\n"
    )


def irm(body: str, address: str = VAULT) -> str:
    """As Windows PowerShell shows a refusal: the body, and the line that met it."""
    return (
        f"Invoke-RestMethod : {body}\r\nAt line:1 char:1\r\n+ Invoke-RestMethod -Uri '{address}/secrets/mi-te ...\r\n"
        "+ ~~~~~~~~~~~~~~~~~~\r\n"
        "    + CategoryInfo          : InvalidOperation: (System.Net.HttpWebRequest:HttpWebRequest) "
        "[Invoke-RestMethod], WebException\r\n"
        "    + FullyQualifiedErrorId : WebCmdletWebResponseException,"
        "Microsoft.PowerShell.Commands.InvokeRestMethodCommand\r\n"
    )


def refusal(code: str, message: str, inner: str = "") -> str:
    error: dict[str, object] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return irm(json.dumps({"error": error}))


def imds(error: str, description: str) -> str:
    body = json.dumps({"error": error, "error_description": description})
    return irm(body, "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01")


DENIED = refusal(
    "Forbidden",
    f"The user, group or application '{CALLER}' does not have secrets get permission on key vault "
    "'kv-anna-7f3c;location=westeurope'. For help resolving this issue, please see "
    "https://go.microsoft.com/fwlink/?linkid=2125287",
    "AccessDenied",
)
BY_RBAC = refusal(
    "Forbidden",
    "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role "
    f"definitions were changed recently, please observe propagation time.\r\nCaller: {CALLER}\r\n"
    "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nResource: '/subscriptions/x'\r\n"
    "Assignment: (not found)\r\nVault: kv-anna-7f3c;location=westeurope\r\n",
    "ForbiddenByRbac",
)
FIREWALL = refusal(
    "Forbidden",
    "Client address is not authorized and caller is not a trusted service.\r\nClient address: 20.1.2.3\r\n"
    f"Caller: {CALLER}\r\nVault: kv-anna-7f3c;location=westeurope",
    "ForbiddenByFirewall",
)
NOT_FOUND = refusal(
    "SecretNotFound",
    "A secret with (name/id) mi-tset was not found in this key vault. If you recently deleted this secret you may be "
    "able to recover it using the correct recovery command.",
)
AUDIENCE = refusal(
    "Unauthorized",
    "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com/.",
)
PARSER = (
    "At line:1 char:29\r\n+ ... -Uri 'http://169.254.169.254/metadata/identity/oauth2/token?api-versio ...\r\n"
    "    + CategoryInfo          : ParserError: (:) [], ParentContainsErrorRecordException\r\n"
    "    + FullyQualifiedErrorId : "
)
ATTRIBUTES = "@{enabled=True; created=1600000000; updated=1600000000; recoveryLevel=Recoverable}"

IDS = {"oid": OID, "appid": APPID}
CLAIMS = {**IDS, "tid": TENANT, "aud": "vault"}
WHO = {**IDS, "vault": "kv-anna-7f3c"}

PASTES: dict[str, tuple[str, Kind, dict[str, str]]] = {
    "no header": (
        imds("invalid_request", "Required metadata header not specified"),
        Kind.NO_METADATA_HEADER,
        {},
    ),
    "no header, PowerShell 7": (
        'Invoke-RestMethod: \n{\n  "error": "invalid_request",\n  "error_description": "Required metadata header not '
        'specified"\n}',
        Kind.NO_METADATA_HEADER,
        {},
    ),
    "no header, then no token": (
        imds("invalid_request", "Required metadata header not specified")
        + refusal("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."),
        Kind.NO_METADATA_HEADER,
        {},
    ),
    "no resource": (
        imds("invalid_request", "Required query variable 'resource' is missing"),
        Kind.RESOURCE_MISSING,
        {},
    ),
    "unknown resource": (
        imds("invalid_resource", "AADSTS50001: The resource named https://kv.vault.azure.net was not found."),
        Kind.RESOURCE_UNKNOWN,
        {},
    ),
    "no version": (
        imds("invalid_request", "Required query variable 'api-version' is missing or malformed"),
        Kind.IMDS_VERSION,
        {},
    ),
    "no identity": (imds("invalid_request", "Identity not found"), Kind.NO_IDENTITY, {}),
    "several": (
        imds("invalid_request", "Multiple user assigned identities exist, please specify the clientId"),
        Kind.MANY_IDENTITIES,
        {},
    ),
    "metadata service busy": (
        irm("The remote server returned an error: (429) Too Many Requests.", "http://169.254.169.254/metadata"),
        Kind.IMDS_BUSY,
        {},
    ),
    "not on the VM": (
        irm("Unable to connect to the remote server", "http://169.254.169.254/metadata/identity"),
        Kind.IMDS_UNREACHABLE,
        {},
    ),
    "not on the VM, then no token": (
        irm("Unable to connect to the remote server", "http://169.254.169.254/metadata/identity")
        + refusal("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."),
        Kind.IMDS_UNREACHABLE,
        {},
    ),
    "not on the VM, PowerShell 7": (
        "Invoke-RestMethod: A socket operation was attempted to an unreachable network. (169.254.169.254:80)",
        Kind.IMDS_UNREACHABLE,
        {},
    ),
    "a token": (reply(), Kind.TOKEN, CLAIMS),
    "a token alone, wrapped": (
        "\n".join(token()[start : start + 80] for start in range(0, len(token()), 80)),
        Kind.TOKEN,
        CLAIMS,
    ),
    "a token for Azure itself": (
        reply(aud="https://management.azure.com/"),
        Kind.TOKEN,
        {**CLAIMS, "aud": "management"},
    ),
    "a token, cut off": (
        f"access_token\r\n------------\r\n{token()[:40]}...\r\nclient_id : {APPID}\r\ntoken_type : Bearer",
        Kind.TOKEN,
        {"appid": APPID},
    ),
    "no token": (refusal("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."), Kind.NO_TOKEN, {}),
    "audience": (AUDIENCE, Kind.OTHER_AUDIENCE, {"aud": "management"}),
    "audience, with the token": (reply(aud="x") + AUDIENCE, Kind.OTHER_AUDIENCE, {**CLAIMS, "aud": "management"}),
    "issuer": (refusal("Unauthorized", "AKV10032: Invalid issuer. Expected one of x, found y."), Kind.OTHER_ISSUER, {}),
    "token over": (refusal("Unauthorized", "[TokenExpired] Error validating token"), Kind.TOKEN_REFUSED, {}),
    "denied": (DENIED, Kind.DENIED_BY_POLICY, WHO),
    "denied, from az": (
        f"(Forbidden) The user, group or application 'appid={APPID};oid={OID};numgroups=1;iss=x' does not have secrets "
        "get permission on key vault 'kv-anna-7f3c;location=westeurope'.\nCode: Forbidden",
        Kind.DENIED_BY_POLICY,
        WHO,
    ),
    "denied, wrapped": (
        "\r\n".join(DENIED[start : start + 60] for start in range(0, len(DENIED), 60)),
        Kind.DENIED_BY_POLICY,
        WHO,
    ),
    "denied, from a page": (
        "<pre>" + DENIED.replace('"', "&quot;").replace("'", "&#39;").replace("\r\n", "<br/>") + "</pre>",
        Kind.DENIED_BY_POLICY,
        WHO,
    ),
    "by roles": (BY_RBAC, Kind.DENIED_BY_RBAC, WHO),
    "firewall": (FIREWALL, Kind.FIREWALL, {**WHO, "address": "20.1.2.3"}),
    "disabled": (
        refusal("Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"),
        Kind.SECRET_DISABLED,
        {},
    ),
    "forbidden": (irm("The remote server returned an error: (403) Forbidden."), Kind.FORBIDDEN, {}),
    "not found": (NOT_FOUND, Kind.SECRET_NOT_FOUND, {"secret": "mi-tset"}),
    "bad request": (refusal("BadParameter", "api-version must be specified"), Kind.BAD_REQUEST, {}),
    "busy": (refusal("Throttled", "Request was not processed because too many requests."), Kind.VAULT_BUSY, {}),
    "busy, without a body": (
        irm("The remote server returned an error: (503) Server Unavailable."),
        Kind.VAULT_BUSY,
        {},
    ),
    "no such vault": (
        irm(
            "The remote name could not be resolved: 'kv-ana-7f3c.vault.azure.net'",
            "https://kv-ana-7f3c.vault.azure.net",
        ),
        Kind.VAULT_UNRESOLVED,
        {"vault": "kv-ana-7f3c"},
    ),
    "no such vault, PowerShell 7": (
        "Invoke-RestMethod: No such host is known. (kv-ana-7f3c.vault.azure.net:443)",
        Kind.VAULT_UNRESOLVED,
        {"vault": "kv-ana-7f3c"},
    ),
    "no such host": (
        irm("The remote name could not be resolved: 'kv-anna.vault.azure.com'", "https://kv-anna.vault.azure.com"),
        Kind.WRONG_ADDRESS,
        {},
    ),
    "no way to the vault": (irm("Unable to connect to the remote server"), Kind.VAULT_UNREACHABLE, {}),
    "TLS": (irm("The request was aborted: Could not create SSL/TLS secure channel."), Kind.TLS, {}),
    "a quote": (PARSER + "TerminatorExpectedAtEndOfString", Kind.SYNTAX, {"slip": "quote"}),
    "a brace": (PARSER + "IncompleteHashLiteral", Kind.SYNTAX, {"slip": "brace"}),
    "an ampersand": (PARSER + "AmpersandNotAllowed", Kind.SYNTAX, {"slip": "ampersand"}),
    "another sign": (PARSER + "UnexpectedToken", Kind.SYNTAX, {"slip": "other"}),
    "the command prompt": (
        "'$Response' is not recognized as an internal or external command,\r\noperable program or batch file.",
        Kind.NOT_POWERSHELL,
        {},
    ),
    "bash": ("bash: Invoke-RestMethod: command not found", Kind.NOT_POWERSHELL, {}),
    "a typo": (
        "Invoke-RestMethd : The term 'Invoke-RestMethd' is not recognized as the name of a cmdlet, function, script "
        "file, or operable program.\r\n    + FullyQualifiedErrorId : CommandNotFoundException",
        Kind.UNKNOWN_COMMAND,
        {},
    ),
    "a parameter": (
        "Invoke-RestMethod : A parameter cannot be found that matches parameter name 'Header'.\r\n"
        "    + FullyQualifiedErrorId : NamedParameterNotFound,Microsoft.PowerShell.Commands.InvokeRestMethodCommand",
        Kind.WRONG_PARAMETER,
        {},
    ),
    "an address": (
        "Cannot bind parameter 'Uri'. Invalid URI: The hostname could not be parsed.",
        Kind.WRONG_ADDRESS,
        {},
    ),
    "an empty variable": ("You cannot call a method on a null-valued expression.", Kind.EMPTY_VARIABLE, {}),
    "another command": (
        "(Conflict) Run command extension execution is in progress. Please wait for completion before invoking a run "
        "command.",
        Kind.RUN_COMMAND_BUSY,
        {},
    ),
    "VM off": (
        "(OperationNotAllowed) The operation requires the VM to be running (or set to run).",
        Kind.VM_NOT_RUNNING,
        {},
    ),
    "agent off": (
        "VM 'vm-anna' has not reported status for VM agent or extensions.",
        Kind.AGENT_NOT_READY,
        {},
    ),
    "nothing printed": (
        '{"value": [{"code": "ComponentStatus/StdOut/succeeded", "level": "Info", "message": ""}]}',
        Kind.NOTHING_PRINTED,
        {},
    ),
    "the command": (f"Invoke-RestMethod -Uri '{VAULT}/secrets/mi-test?api-version=2016-10-01'", Kind.COMMAND_ONLY, {}),
    "a table": (
        f"value         id                        attributes\r\n-----         --\r\ncanary-value  {VAULT}/sec... "
        "@{enabled=True; ...",
        Kind.ID_CUT_OFF,
        {},
    ),
    "an id cut short": (f"id : {VAULT}/secrets/mi-test/50644e90b132\r\n", Kind.ID_CUT_OFF, {}),
    "an id without a version": (f"{VAULT}/secrets/mi-test", Kind.ID_CUT_OFF, {}),
    "not on the VM, on a Mac": (
        "Invoke-RestMethod: Host is down (169.254.169.254:80)",
        Kind.IMDS_UNREACHABLE,
        {},
    ),
    "no id": (f"value      : canary-value\r\nattributes : {ATTRIBUTES}\r\n", Kind.ID_LEFT_OUT, {}),
    "a list of secrets": (
        f"value    : {{@{{id={VAULT}/secrets/mi-test; attributes=}}}}\r\nnextLink : \r\n",
        Kind.LIST,
        {"of": "secrets"},
    ),
    "a list of versions": (
        f"value    : {{@{{id={VAULT}/secrets/mi-test/{VERSION}; attributes=}}}}\r\nnextLink : \r\n",
        Kind.LIST,
        {"of": "versions", "vault": "kv-anna-7f3c", "secret": "mi-test"},
    ),
    "a deleted secret": (
        f"recoveryId : {VAULT}/deletedsecrets/mi-test\r\ndeletedDate : 1\r\nid : {VAULT}/secrets/mi-test/{VERSION}\r\n",
        Kind.DELETED_SECRET,
        {"vault": "kv-anna-7f3c", "secret": "mi-test"},
    ),
    "the Azure CLI": (
        f'{{"attributes": {{"enabled": true, "expires": null, "notBefore": null}}, "id": "{VAULT}/secrets/mi-test/'
        f'{VERSION}", "kid": null, "name": "mi-test", "value": "canary-value"}}',
        Kind.OTHER_TOOL,
        {"tool": "az"},
    ),
    "Azure PowerShell": (
        f"Vault Name : kv-anna-7f3c\r\nName : mi-test\r\nVersion : {VERSION}\r\n"
        f"Id : {VAULT}:443/secrets/mi-test/{VERSION}\r\n",
        Kind.OTHER_TOOL,
        {"tool": "powershell"},
    ),
    "not on the VM, in German": (
        irm("Die Verbindung mit dem Remoteserver kann nicht hergestellt werden.", "http://169.254.169.254/metadata"),
        Kind.IMDS_UNREACHABLE,
        {},
    ),
    "forbidden, in German": (
        irm("Der Remoteserver hat einen Fehler zurückgegeben: (403) Unzulässig."),
        Kind.FORBIDDEN,
        {},
    ),
    "a name that is nobody's, in German": (
        irm("Der Remotename konnte nicht aufgelöst werden: 'kv-ana-7f3c.vault.azure.net'"),
        Kind.VAULT_UNRESOLVED,
        {"vault": "kv-ana-7f3c"},
    ),
    "a name that is nobody's, by curl": (
        "curl: (6) Could not resolve host: kv-ana-7f3c.vault.azure.net\n",
        Kind.VAULT_UNRESOLVED,
        {"vault": "kv-ana-7f3c"},
    ),
    "not on the VM, by curl": (
        "curl: (28) Failed to connect to 169.254.169.254 port 80 after 21035 ms: Couldn't connect to server",
        Kind.IMDS_UNREACHABLE,
        {},
    ),
    "a key": (
        f'{{"key":{{"kid":"{VAULT}/keys/mi-test/{VERSION}"}}}}',
        Kind.OTHER_OBJECT,
        {"of": "key", "vault": "kv-anna-7f3c"},
    ),
    "a certificate": (
        f"id : {VAULT}/certificates/mi-test/{VERSION}",
        Kind.OTHER_OBJECT,
        {"of": "certificate", "vault": "kv-anna-7f3c"},
    ),
}
