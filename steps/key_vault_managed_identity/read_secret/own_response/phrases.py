"""What Azure and PowerShell print when one of the lab's commands goes wrong, and what kind of paste it makes.

Phrases are looked for with all white space taken out, for a console breaks lines where it likes. Those of Key Vault
and of the metadata service are from their documents and from recorded answers; those of PowerShell are the English
messages, and the error ids, which are the same in every language of Windows.
"""

from __future__ import annotations

from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind

UNREACHABLE = (
    "Unable to connect to the remote server",
    "The operation has timed out",
    "The underlying connection was closed",
    "connected party did not properly respond",
    "actively refused it",
    "to an unreachable network",
    "to an unreachable host",
    "No route to host",
    "Host is down",
    "Network is unreachable",
    "Operation timed out",
    "Connection refused",
    "HttpClient.Timeout",
    "Failed to connect to",
    "Connection timed out",
    "Verbindung mit dem Remoteserver kann nicht hergestellt werden",
    "Impossible de se connecter au serveur distant",
    "conectar con el servidor remoto",
)
UNRESOLVED = (
    "remote name could not be resolved",
    "No such host is known",
    "Name or service not known",
    "Could not resolve host",
    "nodename nor servname provided",
    "Temporary failure in name resolution",
)
BUSY = tuple(
    phrase
    for status in (410, 429, 500, 502, 503, 504)
    for phrase in (f"error: ({status})", f"does not indicate success: {status}")
)

SLIPS: dict[str, tuple[str, ...]] = {
    "quote": (
        *("TerminatorExpectedAtEndOfString", "is missing the terminator"),
        *("est manquant dans la chaîne", "kein Abschlusszeichen"),
    ),
    "brace": ("IncompleteHashLiteral", "MissingEndCurlyBrace", "MissingEqualsInHashLiteral", "Missing closing '}'"),
    "parenthesis": ("MissingEndParenthesis", "Missing closing ')'"),
    "ampersand": ("AmpersandNotAllowed", "The ampersand (&) character is not allowed"),
    "placeholder": ("RedirectionNotSupported", "'<' operator is reserved"),
    "at": ("SplattingNotPermitted", "The splatting operator '@'"),
}
"""What PowerShell could not read, by the sign that it stumbled over."""

PHRASES: dict[Kind, tuple[str, ...]] = {
    Kind.NO_METADATA_HEADER: ("Required metadata header not specified", "bad_request_102"),
    Kind.RESOURCE_MISSING: ("query variable 'resource' is missing",),
    Kind.RESOURCE_UNKNOWN: ("AADSTS50001:", "AADSTS500011:", '"error":"invalid_resource"'),
    Kind.IMDS_VERSION: (
        "query variable 'api-version' is missing",
        "api-version was not specified in the request",
        "api-version is invalid or was not specified",
    ),
    Kind.NO_IDENTITY: ("Identity not found",),
    Kind.MANY_IDENTITIES: ("Multiple user assigned identities exist",),
    Kind.IMDS_BUSY: ("Failed to retrieve token from",),
    Kind.IMDS_UNREACHABLE: UNREACHABLE,
    Kind.NO_TOKEN: ("AKV10000", "AKV10001"),
    Kind.OTHER_AUDIENCE: ("AKV10022",),
    Kind.OTHER_ISSUER: ("AKV10032",),
    Kind.TOKEN_REFUSED: (
        '"code":"Unauthorized"',
        "AKV10046",
        "[TokenExpired]",
        "error: (401)",
        "does not indicate success: 401",
        "401 Unauthorized",
    ),
    Kind.DENIED_BY_POLICY: (
        "does not have secrets get permission",
        '"code":"AccessDenied"',
        '"code":"ForbiddenByPolicy"',
    ),
    Kind.DENIED_BY_RBAC: (
        "Caller is not authorized to perform action on resource",
        '"code":"ForbiddenByRbac"',
    ),
    Kind.FIREWALL: (
        "Client address is not authorized",
        '"code":"ForbiddenByFirewall"',
        '"code":"ForbiddenByConnection"',
        "Public network access is disabled",
    ),
    Kind.SECRET_DISABLED: ("on a disabled secret", '"code":"SecretDisabled"'),
    Kind.FORBIDDEN: ('"code":"Forbidden"', "error: (403)", "does not indicate success: 403", "403 Forbidden"),
    Kind.SECRET_NOT_FOUND: ('"code":"SecretNotFound"', "was not found in this key vault"),
    Kind.NOTHING_THERE: ("error: (404)", "does not indicate success: 404", "404 - File or directory not found"),
    Kind.BAD_REQUEST: (
        *('"code":"BadParameter"', '"code":"BadRequest"', '"code":"NotFound"', '"code":"ResourceNotFound"'),
        *("error: (400)", "does not indicate success: 400", "HTTP Error 400"),
    ),
    Kind.WRONG_METHOD: (
        *("error: (405)", "does not indicate success: 405", "Method not allowed"),
        *('"code":"MethodNotAllowed"', '"code":"HttpMethodNotAllowed"'),
    ),
    Kind.VAULT_BUSY: ('"code":"Throttled"', "502 Bad Gateway", "503 Service Unavailable", *BUSY),
    Kind.VAULT_UNRESOLVED: UNRESOLVED,
    Kind.TLS: (
        *("create SSL/TLS secure channel", "SSL connection could not be established", "trust relationship for"),
        "error occurred on a send",
    ),
    Kind.PROXY: (
        *("error: (407)", "does not indicate success: 407", "Proxy Authentication Required"),
        *("requested URL could not be retrieved", "The proxy tunnel request"),
    ),
    Kind.SYNTAX: (
        "ParserError",
        *(phrase for phrases in SLIPS.values() for phrase in phrases),
    ),
    Kind.NOT_POWERSHELL: (
        *("is not recognized as an internal or external command", "entweder falsch geschrieben oder"),
        *("pas reconnu en tant que commande interne", "no se reconoce como un comando interno"),
        *("riconosciuto come comando interno", "reconhecido como um comando interno"),
        "Invoke-RestMethod: command not found",
        "Invoke-RestMethod: not found",
        "access_token: command not found",
        "az: command not found",
        "az: not found",
        "syntax error near unexpected token",
    ),
    Kind.UNKNOWN_COMMAND: (
        "CommandNotFoundException",
        "is not recognized as the name of a cmdlet",
        "is not recognized as a name of a cmdlet",
        *("pas reconnu comme nom", "wurde nicht als Name eines Cmdlet", "no se reconoce como nombre de un cmdlet"),
    ),
    Kind.WRONG_PARAMETER: (
        *("NamedParameterNotFound", "PositionalParameterNotFound", "AmbiguousParameter", "MissingArgument"),
        *("Cannot bind parameter 'Headers'", "Cannot bind parameter 'Method'", "MissingMandatoryParameter"),
        "CannotConvertArgument",
    ),
    Kind.WRONG_ADDRESS: (
        *("Invalid URI", "Cannot bind parameter 'Uri'", "URI prefix is not recognized", "invalid request URI"),
        "Only 'http' and 'https' schemes",
        "UriFormatException",
    ),
    Kind.WRONG_SCHEME: ("AllowUnencryptedAuthentication", "secrets sent over unencrypted connections"),
    Kind.EMPTY_VARIABLE: (
        *("null-valued expression", "because it is null", "argument is null or empty", "into a null array"),
        "Argument ist NULL oder leer",
        *("InvokeMethodOnNull", "NullArray", "PropertyNotFoundStrict", "ParameterArgumentValidationError"),
    ),
    Kind.HEADER_BROKEN: (
        *(
            "Specified value has invalid",
            "New-line characters are not allowed in header",
            "The format of value 'Bearer",
        ),
    ),
    Kind.SCRIPTS_OFF: ("running scripts is disabled on this system", "PSSecurityException"),
    Kind.WEB_REQUEST: ("Internet Explorer engine is not available", "WebCmdletIEDomNotSupportedException"),
    Kind.RUN_COMMAND_BUSY: ("Run command extension execution is in progress",),
    Kind.VM_NOT_RUNNING: ("requires the VM to be running", "when the VM is not running"),
    Kind.AGENT_NOT_READY: ("not reported status for VM agent", "VMAgentStatusCommunicationError"),
    Kind.RUN_COMMAND_FAILED: (
        *("VMExtensionProvisioningTimeout", "VMExtensionProvisioningError", "VMExtensionHandlerNonTransientError"),
        *("VM has reported a failure when processing extension", "Provisioning of VM extension"),
    ),
    Kind.NOT_WINDOWS: ("does not match the target OS Linux", "'RunPowerShellScript' is not supported on Linux"),
    Kind.SHELL_SCRIPT: ("does not match the target OS Windows", "'RunShellScript' is not supported on Windows"),
    Kind.VM_NOT_FOUND: (
        *(
            "The Resource 'Microsoft.Compute/virtualMachines",
            "(ResourceGroupNotFound)",
            '"code":"ResourceGroupNotFound"',
        ),
        *("(SubscriptionNotFound)", '"code":"SubscriptionNotFound"', "ErrorCode: ResourceNotFound"),
        *("ErrorCode: ResourceGroupNotFound", "entity was not found in this Azure location"),
    ),
    Kind.MAY_NOT_RUN: (
        "to perform action 'Microsoft.Compute/virtualMachines/",
        "perform action 'Microsoft.Compute/locations",
    ),
    Kind.AZ_SIGNED_OUT: (
        *("Please run 'az login'", "Please run: az login", "run Connect-AzAccount to", "az login --scope"),
        *("refresh token has expired", "refresh_token is expired", "No subscription found. Run"),
    ),
    Kind.AZ_MISTYPED: (
        *("unrecognized arguments:", "the following arguments are required", "is misspelled or not recognized"),
        *("No such file or directory: 'read-secret", "Could not find a part of the path", "read-secret.ps1'. Does the"),
    ),
}
