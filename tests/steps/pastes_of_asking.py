"""What the lab's commands print when an address, a header or a method is wrong, and in languages other than English."""

from __future__ import annotations

from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind
from tests.steps.printing import APPID, CALLER, OID, VAULT, VERSION, irm, refusal, reply

IMDS = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
DENY = "44444444-4444-4444-8444-444444444444"
WHO = {"oid": OID, "appid": APPID, "vault": "kv-anna-7f3c"}
NO_TOKEN = refusal("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")
NO_JWT = refusal("Unauthorized", "[BearerReadAccessTokenFailed] Error validating token: 'S2S12005'.")
REFUSED = "The remote server returned an error: "


def command(headers: str, address: str = f"{VAULT}/secrets/mi-test?api-version=2016-10-01") -> str:
    return f"PS C:\\Users\\anna> Invoke-RestMethod -Uri '{address}' -Method GET -Headers @{{{headers}}}\r\n"


def by_roles(deny: str) -> str:
    return refusal(
        "Forbidden",
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role "
        f"definitions were changed recently, please observe propagation time.\r\nCaller: {CALLER}\r\n"
        "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\n"
        "Resource: '/subscriptions/33333333-3333-4333-8333-333333333333/resourcegroups/rg-anna/providers/"
        "microsoft.keyvault/vaults/kv-anna-7f3c/secrets/mi-test'\r\nAssignment: (not found)\r\n"
        f"DenyAssignmentId: {deny}\r\nDecisionReason: null \r\nVault: kv-anna-7f3c;location=westeurope\r\n",
        "ForbiddenByRbac",
    )


def said(message: str) -> str:
    """The first line of an error, copied without those below it."""
    return f"Invoke-RestMethod : {message}"


ADDRESSES: dict[str, tuple[str, Kind, dict[str, str]]] = {
    "https for the metadata service": (
        irm("Unable to connect to the remote server", IMDS.replace("http", "https", 1)),
        Kind.WRONG_SCHEME,
        {"to": "imds"},
    ),
    "https for the metadata service, PowerShell 7": (
        "Invoke-RestMethod: No connection could be made because the target machine actively refused it. "
        "(169.254.169.254:443)",
        Kind.WRONG_SCHEME,
        {"to": "imds"},
    ),
    "https for the metadata service, by curl": (
        "curl: (7) Failed to connect to 169.254.169.254 port 443 after 3 ms: Couldn't connect to server",
        Kind.WRONG_SCHEME,
        {"to": "imds"},
    ),
    "https for the metadata service, closed": (
        irm("The underlying connection was closed: An unexpected error occurred on a send.", "https://169.254.169.254"),
        Kind.WRONG_SCHEME,
        {"to": "imds"},
    ),
    "https for the metadata service, then no token": (
        irm("Unable to connect to the remote server", "https://169.254.169.254/metadata/identity") + NO_TOKEN,
        Kind.WRONG_SCHEME,
        {"to": "imds"},
    ),
    "http for the vault": (
        irm("Unable to connect to the remote server", VAULT.replace("https", "http")),
        Kind.WRONG_SCHEME,
        {"to": "vault", "vault": "kv-anna-7f3c"},
    ),
    "http for the vault, unresolved": (
        irm("The remote name could not be resolved: 'kv-anna-7f3c.vault.azure.net'", VAULT.replace("https", "http")),
        Kind.WRONG_SCHEME,
        {"to": "vault", "vault": "kv-anna-7f3c"},
    ),
    "http for the vault, PowerShell 7": (
        "Invoke-RestMethod: A connection attempt failed because the connected party did not properly respond after a "
        "period of time. (kv-anna-7f3c.vault.azure.net:80)",
        Kind.WRONG_SCHEME,
        {"to": "vault", "vault": "kv-anna-7f3c"},
    ),
    "http for the vault, which PowerShell 7 does not send": (
        "Invoke-RestMethod: The cmdlet cannot protect plain text secrets sent over unencrypted connections. To "
        "suppress this warning reissue the command specifying the AllowUnencryptedAuthentication parameter.",
        Kind.WRONG_SCHEME,
        {},
    ),
    "the metadata service's address mistyped": (
        irm("Unable to connect to the remote server", IMDS.replace("169.254.169.254", "169.254.169.245")),
        Kind.WRONG_ADDRESS,
        {"to": "imds"},
    ),
    "a name that is nobody's, on a Mac": (
        "Invoke-RestMethod: nodename nor servname provided, or not known (kv-ana-7f3c.vault.azure.net:443)",
        Kind.VAULT_UNRESOLVED,
        {"vault": "kv-ana-7f3c"},
    ),
    "a vault in Azure Government": (
        f"value : canary\r\nid : https://kv-anna-7f3c.vault.usgovcloudapi.net/secrets/mi-test/{VERSION}\r\n",
        Kind.OTHER_CLOUD,
        {"cloud": "government"},
    ),
    "a vault in China that is not there": (
        irm("The remote name could not be resolved: 'kv-anna-7f3c.vault.azure.cn'", "https://kv-anna-7f3c.vault.azure"),
        Kind.OTHER_CLOUD,
        {"cloud": "china"},
    ),
    "a token for another cloud": (
        reply(aud="https://vault.usgovcloudapi.net"),
        Kind.TOKEN,
        {"oid": OID, "appid": APPID, "tid": "11111111-1111-4111-8111-111111111111", "aud": "other-cloud"},
    ),
    "a method that reads nothing": (irm(f"{REFUSED}(405) Method Not Allowed."), Kind.WRONG_METHOD, {"to": "vault"}),
    "a method that the metadata service does not take": (
        irm(f"{REFUSED}(405) Method Not Allowed.", IMDS),
        Kind.WRONG_METHOD,
        {"to": "imds"},
    ),
    "a method that reads nothing, PowerShell 7": (
        "Invoke-RestMethod: Response status code does not indicate success: 405 (Method Not Allowed).",
        Kind.WRONG_METHOD,
        {},
    ),
}
TOKENS: dict[str, tuple[str, Kind, dict[str, str]]] = {
    "no Bearer": (command('Authorization="$KeyVaultToken"') + NO_TOKEN, Kind.NO_TOKEN, {"header": "no-bearer"}),
    "no Bearer and no quotes": (
        command("Authorization=$KeyVaultToken") + NO_TOKEN,
        Kind.NO_TOKEN,
        {"header": "no-bearer"},
    ),
    "Bearer, and an empty variable": (
        command('Authorization="Bearer $KeyVaultTokn"') + NO_TOKEN,
        Kind.NO_TOKEN,
        {},
    ),
    "the whole reply in the header": (
        command('Authorization="Bearer $Response.access_token"') + NO_JWT,
        Kind.TOKEN_REFUSED,
        {"header": "whole-reply"},
    ),
    "single quotes": (
        command("Authorization='Bearer $KeyVaultToken'") + NO_JWT,
        Kind.TOKEN_REFUSED,
        {"header": "single-quotes"},
    ),
    "a token for one vault, as the first command shows": (
        command('Metadata="true"', f"{IMDS}&resource=https%3A%2F%2Fkv-anna-7f3c.vault.azure.net")
        + command('Authorization="Bearer $KeyVaultToken"')
        + irm(f"{REFUSED}(401) Unauthorized."),
        Kind.OTHER_AUDIENCE,
        {"aud": "one-vault"},
    ),
    "a deny assignment": (
        by_roles(f"'/subscriptions/x/providers/Microsoft.Authorization/denyAssignments/{DENY}'"),
        Kind.DENIED_BY_RBAC,
        {**WHO, "deny": DENY},
    ),
    "no deny assignment": (by_roles("null"), Kind.DENIED_BY_RBAC, WHO),
    "a right to list": (
        refusal(
            "Forbidden",
            f"The user, group or application '{CALLER}' does not have secrets list permission on key vault "
            "'kv-anna-7f3c;location=westeurope'.",
            "AccessDenied",
        ),
        Kind.DENIED_BY_POLICY,
        {**WHO, "right": "list"},
    ),
}
LANGUAGES: dict[str, tuple[str, Kind, dict[str, str]]] = {
    "forbidden, one line of German": (
        said("Der Remoteserver hat einen Fehler zurückgegeben: (403) Unzulässig."),
        Kind.FORBIDDEN,
        {},
    ),
    "forbidden, one line of French": (
        said("Le serveur distant a retourné une erreur : (403) Interdit."),
        Kind.FORBIDDEN,
        {},
    ),
    "a name that is nobody's, one line of French": (
        said("Le nom distant n'a pas pu être résolu: 'kv-ana-7f3c.vault.azure.net'"),
        Kind.VAULT_UNRESOLVED,
        {"vault": "kv-ana-7f3c"},
    ),
    "a name that is nobody's, German PowerShell 7": (
        "Invoke-RestMethod: Der angegebene Host ist unbekannt. (kv-ana-7f3c.vault.azure.net:443)",
        Kind.VAULT_UNRESOLVED,
        {"vault": "kv-ana-7f3c"},
    ),
    "no way to the vault, Polish PowerShell 7": (
        "Invoke-RestMethod: Nie można nawiązać połączenia. (kv-anna-7f3c.vault.azure.net:443)",
        Kind.VAULT_UNREACHABLE,
        {},
    ),
    "not on the VM, one line of German and the command": (
        said("Die Verbindung mit dem Remoteserver kann nicht hergestellt werden.") + f"\r\n+ Invoke-RestMethod {IMDS}",
        Kind.IMDS_UNREACHABLE,
        {},
    ),
    "an ampersand, its message alone": (
        "The ampersand (&) character is not allowed. The & operator is reserved for future use.",
        Kind.SYNTAX,
        {"slip": "ampersand"},
    ),
    "an ampersand, in German": (
        "Das kaufmännische Und-Zeichen (&) ist nicht zulässig. Der &-Operator ist für eine zukünftige Verwendung "
        "reserviert.",
        Kind.SYNTAX,
        {"slip": "ampersand"},
    ),
    "a quote, its message alone": ("The string is missing the terminator: '.", Kind.SYNTAX, {"slip": "quote"}),
    "a certificate that is not trusted, in German": (
        irm("Für den geschützten SSL/TLS-Kanal konnte keine Vertrauensstellung hergestellt werden."),
        Kind.TLS,
        {"of": "trust"},
    ),
    "a certificate that is not trusted, in French": (
        irm("Impossible d'établir une relation de confiance pour le canal sécurisé SSL/TLS."),
        Kind.TLS,
        {"of": "trust"},
    ),
    "encryption, in French": (irm("Impossible de créer un canal sécurisé SSL/TLS."), Kind.TLS, {}),
    "a certificate or encryption, in Polish": (
        irm("Nie można ustanowić relacji zaufania dla bezpiecznego kanału SSL/TLS."),
        Kind.TLS,
        {"of": "either"},
    ),
    "encryption, PowerShell 7": (
        "Invoke-RestMethod: The SSL connection could not be established, see inner exception.",
        Kind.TLS,
        {"of": "trust"},
    ),
}
TOOLS: dict[str, tuple[str, Kind, dict[str, str]]] = {
    "the command prompt, in German": (
        'Der Befehl "Invoke-RestMethod" ist entweder falsch geschrieben oder\r\nkonnte nicht gefunden werden.',
        Kind.NOT_POWERSHELL,
        {},
    ),
    "the command prompt, in French": (
        "'Invoke-RestMethod' n'est pas reconnu en tant que commande interne\r\nou externe, un programme exécutable",
        Kind.NOT_POWERSHELL,
        {},
    ),
    "a typo, one line of French": (
        "Invoke-RestMethd : Le terme «Invoke-RestMethd» n'est pas reconnu comme nom d'applet de commande, fonction",
        Kind.UNKNOWN_COMMAND,
        {},
    ),
    "a quote, one line of French": ("Le terminateur ' est manquant dans la chaîne.", Kind.SYNTAX, {"slip": "quote"}),
    "an empty address, in German": (
        said('Das Argument für den Parameter "Uri" kann nicht überprüft werden. Das Argument ist NULL oder leer.'),
        Kind.EMPTY_VARIABLE,
        {},
    ),
    "a placeholder that was not found": (
        said("The remote name could not be resolved: '<your-key-vault-url>'"),
        Kind.WRONG_ADDRESS,
        {},
    ),
    "a shell script for Windows": (
        "(Conflict) Run command OS type 'Linux' does not match the target OS Windows.\nCode: Conflict",
        Kind.SHELL_SCRIPT,
        {},
    ),
    "an id read from a picture": (
        f"id : https: //kv-anna-7f3c. vault. azure. net/secrets/mi-test/ {VERSION}",
        Kind.ID_CUT_OFF,
        {"of": "spaces"},
    ),
    "a gateway's page": ("<html><head><title>403 Forbidden</title></head></html>", Kind.FORBIDDEN, {}),
    "an address that Windows itself turns away": (
        said("Bad Request\r\nBad Request - Invalid URL\r\nHTTP Error 400. The request URL is invalid."),
        Kind.BAD_REQUEST,
        {},
    ),
}
ASKING = {**TOOLS, **ADDRESSES, **TOKENS, **LANGUAGES}
