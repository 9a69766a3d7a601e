"""What Azure and the shells print when the lab's commands go wrong, as students paste it.

From recorded answers and from the services' documents; ids and names are made up.
"""

from __future__ import annotations

from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind
from tests.steps.pastes_of_asking import ASKING
from tests.steps.pastes_of_shells import SHELLS
from tests.steps.printing import (
    APPID,
    CALLER,
    OID,
    TENANT,
    VAULT,
    VERSION,
    imds,
    irm,
    refusal,
    reply,
    token,
)

IMDS = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"

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
IDS = {"oid": OID, "appid": APPID}
CLAIMS = {**IDS, "tid": TENANT, "aud": "vault"}
WHO = {**IDS, "vault": "kv-anna-7f3c"}

SERVICES: dict[str, tuple[str, Kind, dict[str, str]]] = {
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
    "not on the VM, on a Mac": (
        "Invoke-RestMethod: Host is down (169.254.169.254:80)",
        Kind.IMDS_UNREACHABLE,
        {},
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
    "a 404 without a body": (irm("The remote server returned an error: (404) Not Found."), Kind.NOTHING_THERE, {}),
    "a 404 in French": (irm("Le serveur distant a retourné une erreur : (404) Introuvable."), Kind.NOTHING_THERE, {}),
    "the metadata service, 400 without a body": (
        irm("The remote server returned an error: (400) Bad Request.", IMDS),
        Kind.IMDS_REFUSED,
        {},
    ),
    "the metadata service, 400 in French": (
        irm("Le serveur distant a retourné une erreur : (400) Demande incorrecte.", IMDS),
        Kind.IMDS_REFUSED,
        {},
    ),
    "the metadata service, in words nobody foresaw": (
        imds("invalid_request", "Request with 'X-Forwarded-For' header is not allowed"),
        Kind.IMDS_REFUSED,
        {},
    ),
    "the metadata service, a path that is none": (
        irm("404 - File or directory not found. The resource you are looking for might have been removed.", IMDS),
        Kind.IMDS_REFUSED,
        {},
    ),
    "the metadata service got no token": (
        imds("unknown", "Failed to retrieve token from the Active directory. For details see logs in C:\\Packages"),
        Kind.IMDS_BUSY,
        {},
    ),
    "the vault, in words nobody foresaw": (refusal("Conflict", "Something is in the way."), Kind.VAULT_REFUSED, {}),
    "the vault, in words nobody foresaw, PowerShell 7": (
        'Invoke-RestMethod: \n{\n  "error": {\n    "code": "Conflict"\n  }\n}\n',
        Kind.VAULT_REFUSED,
        {},
    ),
    "a private link that leads elsewhere": (
        refusal("Forbidden", "This TCP connection does not allow access to kv-anna-7f3c.vault.azure.net."),
        Kind.FORBIDDEN,
        {},
    ),
    "a network security perimeter": (
        refusal(
            "Forbidden",
            "Request was not allowed by NSP rules and the client address is not authorized and caller was ignored "
            f"because bypass is set to None\r\nClient address: 20.1.2.3\r\nCaller: {CALLER}\r\n"
            "Vault: kv-anna-7f3c;location=westeurope",
            "ForbiddenByFirewall",
        ),
        Kind.FIREWALL,
        {**WHO, "address": "20.1.2.3"},
    ),
    "audience with a slash": (
        refusal(
            "Unauthorized",
            "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://vault.azure.net/.",
        ),
        Kind.OTHER_AUDIENCE,
        {"aud": "slash"},
    ),
    "audience of one vault": (
        refusal(
            "Unauthorized",
            "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://kv-anna-7f3c.vault.azure.net.",
        ),
        Kind.OTHER_AUDIENCE,
        {"aud": "one-vault"},
    ),
    "a token for a slash too many": (reply(aud="https://vault.azure.net/"), Kind.TOKEN, {**CLAIMS, "aud": "slash"}),
    "a cut off token for one vault": (
        f"access_token : eyJ0eXAiOi...\r\nclient_id : {APPID}\r\nresource : {VAULT}/\r\ntoken_type : Bearer",
        Kind.TOKEN,
        {"appid": APPID, "aud": "one-vault"},
    ),
    "a proxy before the vault": (
        irm("The remote server returned an error: (407) Proxy Authentication Required."),
        Kind.PROXY,
        {"to": "vault"},
    ),
    "a proxy before the metadata service": (
        irm("ERROR: The requested URL could not be retrieved. Generated by proxy1 (squid)", IMDS),
        Kind.PROXY,
        {"to": "imds"},
    ),
    "an old way to encrypt": (
        irm("The underlying connection was closed: An unexpected error occurred on a send."),
        Kind.TLS,
        {},
    ),
    "a certificate that is not trusted": (
        irm(
            "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure "
            "channel."
        ),
        Kind.TLS,
        {"of": "trust"},
    ),
    "encryption, in German": (
        irm("Die Anfrage wurde abgebrochen: Es konnte kein geschützter SSL/TLS-Kanal erstellt werden."),
        Kind.TLS,
        {},
    ),
    "a time-out, in Spanish": (
        irm("Se excedió el tiempo de espera de la operación", IMDS).replace(
            "WebCmdletWebResponseException", "System.Net.WebException"
        ),
        Kind.IMDS_UNREACHABLE,
        {},
    ),
    "not on the VM, in German, then no token": (
        irm("Die Verbindung mit dem Remoteserver kann nicht hergestellt werden.", IMDS)
        + refusal("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."),
        Kind.IMDS_UNREACHABLE,
        {},
    ),
}

PASTES = {**SERVICES, **SHELLS, **ASKING}

__all__ = ["APPID", "DENIED", "OID", "PASTES", "TENANT", "VAULT", "VERSION", "irm", "refusal", "reply", "token"]
