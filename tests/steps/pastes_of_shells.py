"""What PowerShell, Run Command and other tools print when the lab's commands go wrong, as students paste it."""

from __future__ import annotations

from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind
from tests.steps.printing import VAULT, VERSION

PARSER = (
    "At line:1 char:29\r\n+ ... -Uri 'http://169.254.169.254/metadata/identity/oauth2/token?api-versio ...\r\n"
    "    + CategoryInfo          : ParserError: (:) [], ParentContainsErrorRecordException\r\n"
    "    + FullyQualifiedErrorId : "
)
ATTRIBUTES = "@{enabled=True; created=1600000000; updated=1600000000; recoveryLevel=Recoverable}"


SHELLS: dict[str, tuple[str, Kind, dict[str, str]]] = {
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
    "an id cut short": (f"id : {VAULT}/secrets/mi-test/50644e90b132\r\n", Kind.ID_CUT_OFF, {"length": "12"}),
    "an id without a version": (f"{VAULT}/secrets/mi-test", Kind.ID_CUT_OFF, {"length": "0"}),
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
    "a deleted secret, by the Azure CLI": (
        f'{{"recoveryId": "{VAULT}/deletedsecrets/mi-test", "scheduledPurgeDate": "2027-02-01T00:00:00+00:00"}}',
        Kind.DELETED_SECRET,
        {},
    ),
    "an id a sign too long": (f"id : {VAULT}/secrets/mi-test/{VERSION}a\r\n", Kind.ID_CUT_OFF, {"length": "33"}),
    "an id without its beginning": (
        f"kv-anna-7f3c.vault.azure.net/secrets/mi-test/{VERSION}\r\n",
        Kind.ID_CUT_OFF,
        {"of": "start"},
    ),
    "the address that was asked": (f"{VAULT}/secrets/mi-test/{VERSION}?api-version=2016-10-01", Kind.COMMAND_ONLY, {}),
    "the line of the value": ("value      : canary-value\r\n", Kind.ID_LEFT_OUT, {}),
    "only the end of the answer": (
        "1600000000; updated=1600000000; recoveryLevel=Recoverable+Purgeable}\r\n",
        Kind.ID_LEFT_OUT,
        {},
    ),
    "a placeholder": (PARSER + "RedirectionNotSupported", Kind.SYNTAX, {"slip": "placeholder"}),
    "az's @ in PowerShell": (PARSER + "SplattingNotPermitted", Kind.SYNTAX, {"slip": "at"}),
    "an ampersand, PowerShell 7": (
        "ParserError: \nLine |\n   1 |  … The ampersand (&) character is not allowed.",
        Kind.SYNTAX,
        {"slip": "ampersand"},
    ),
    "a file that may not run": (
        "File C:\\read-secret.ps1 cannot be loaded because running scripts is disabled on this system.\r\n"
        "    + CategoryInfo          : SecurityError: (:) [], PSSecurityException\r\n"
        "    + FullyQualifiedErrorId : UnauthorizedAccess\r\n",
        Kind.SCRIPTS_OFF,
        {},
    ),
    "a token with a line break": (
        "Invoke-RestMethod : Specified value has invalid Control characters.\r\nParameter name: value\r\n",
        Kind.HEADER_BROKEN,
        {},
    ),
    "a header that is empty, PowerShell 7": (
        "Invoke-RestMethod: The format of value 'Bearer ' is invalid.",
        Kind.EMPTY_VARIABLE,
        {},
    ),
    "an empty variable, in German": (
        "Es ist nicht möglich, eine Methode für einen Ausdruck aufzurufen, der den NULL hat.\r\n"
        "    + FullyQualifiedErrorId : InvokeMethodOnNull\r\n",
        Kind.EMPTY_VARIABLE,
        {},
    ),
    "an address, in German": (
        'Invoke-RestMethod : Der Parameter "Uri" kann nicht gebunden werden.\r\n'
        "    + FullyQualifiedErrorId : CannotConvertArgumentNoMessage,"
        "Microsoft.PowerShell.Commands.InvokeRestMethodCommand\r\n",
        Kind.WRONG_ADDRESS,
        {},
    ),
    "a web request": (
        "StatusCode        : 200\r\nStatusDescription : OK\r\n"
        f'Content           : {{"value":"canary","id":"{VAULT}/sec...\r\nRawContent        : HTTP/1.1 200 OK\r\n',
        Kind.WEB_REQUEST,
        {},
    ),
    "a web request without Internet Explorer": (
        "Invoke-WebRequest : The response content cannot be parsed because the Internet Explorer engine is not "
        "available\r\n    + FullyQualifiedErrorId : WebCmdletIEDomNotSupportedException\r\n",
        Kind.WEB_REQUEST,
        {},
    ),
    "a web page": (
        "<!DOCTYPE html><html><head><title>Sign in to your account</title></head></html>",
        Kind.WEB_PAGE,
        {},
    ),
    "no az": (
        "az : The term 'az' is not recognized as the name of a cmdlet, function, script file, or operable program.\r\n"
        "    + CategoryInfo          : ObjectNotFound: (az:String) [], CommandNotFoundException\r\n",
        Kind.AZ_MISSING,
        {},
    ),
    "no az in a Linux shell": ("bash: az: command not found", Kind.AZ_MISSING, {}),
    "Azure PowerShell, signed out": (
        "Invoke-AzVMRunCommand: Your Azure credentials have not been set up or have expired, please run "
        "Connect-AzAccount to set up your Azure credentials.",
        Kind.AZ_SIGNED_OUT,
        {},
    ),
    "a name that is nobody's, by the Azure CLI": (
        "Failed to resolve 'kv-ana-7f3c.vault.azure.net' ([Errno -2] Name or service not known)",
        Kind.VAULT_UNRESOLVED,
        {"vault": "kv-ana-7f3c"},
    ),
    "an address that is none, in German": (
        "Invoke-RestMethod : Ungültiger URI: Der Hostname konnte nicht analysiert werden.\r\n"
        "    + FullyQualifiedErrorId : System.UriFormatException,"
        "Microsoft.PowerShell.Commands.InvokeRestMethodCommand\r\n",
        Kind.WRONG_ADDRESS,
        {},
    ),
    "the address of a page of the portal": (
        f"https://portal.azure.com/#@x/asset/Microsoft_Azure_KeyVault/Secret/{VAULT}/secrets/mi-test/{VERSION}",
        Kind.OTHER_TOOL,
        {"tool": "portal"},
    ),
    "az, signed out": ("ERROR: Please run 'az login' to setup account.", Kind.AZ_SIGNED_OUT, {}),
    "az, mistyped": ("ERROR: unrecognized arguments: --script @read-secret.ps1", Kind.AZ_MISTYPED, {}),
    "az, without the file": ("[Errno 2] No such file or directory: 'read-secret.ps1'", Kind.AZ_MISTYPED, {}),
    "az, without the right": (
        "(AuthorizationFailed) The client 'anna@example.com' with object id 'x' does not have authorization to perform "
        "action 'Microsoft.Compute/virtualMachines/runCommand/action' over scope '/subscriptions/x'.\n"
        "Code: AuthorizationFailed",
        Kind.MAY_NOT_RUN,
        {},
    ),
    "az, for a machine that is none": (
        "(ResourceNotFound) The Resource 'Microsoft.Compute/virtualMachines/vm-ana' under resource group 'rg-anna' was "
        "not found.\nCode: ResourceNotFound",
        Kind.VM_NOT_FOUND,
        {},
    ),
    "az, for a group that is none": (
        "(ResourceGroupNotFound) Resource group 'rg-ana' could not be found.\nCode: ResourceGroupNotFound",
        Kind.VM_NOT_FOUND,
        {},
    ),
    "az, for a machine with Linux": (
        "(Conflict) Run command OS type 'Windows' does not match the target OS Linux.\nCode: Conflict",
        Kind.NOT_WINDOWS,
        {},
    ),
    "a Run Command that hangs": (
        "(VMExtensionProvisioningTimeout) Provisioning of VM extension RunCommandWindows has timed out.",
        Kind.RUN_COMMAND_FAILED,
        {},
    ),
    "nothing printed on Linux": ("Enable succeeded: \n[stdout]\n\n[stderr]\n", Kind.NOTHING_PRINTED, {}),
    "the Azure CLI, as YAML": (
        f"attributes:\n  enabled: true\n  notBefore: null\nid: {VAULT}/secrets/mi-test/{VERSION}\nkid: null\n"
        "name: mi-test\nvalue: canary-value\n",
        Kind.OTHER_TOOL,
        {"tool": "az"},
    ),
    "the Azure CLI, as a table": (
        "ContentType    Name     Value\n-------------  -------  ------------\n               mi-test  canary-value\n",
        Kind.OTHER_TOOL,
        {"tool": "az"},
    ),
    "Azure PowerShell, without a port": (
        f"Vault Name : kv-anna-7f3c\r\nName : mi-test\r\nId : {VAULT}/secrets/mi-test/{VERSION}\r\n",
        Kind.OTHER_TOOL,
        {"tool": "powershell"},
    ),
    "the page of the portal": (
        f"Properties\nCreated\n11/26/2026\nSecret Identifier\n{VAULT}/secrets/mi-test/{VERSION}\nEnabled\nYes",
        Kind.OTHER_TOOL,
        {"tool": "portal"},
    ),
}
