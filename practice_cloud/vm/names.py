"""What Windows PowerShell calls things: types and their short forms, aliases, and the commands it has beyond ours."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from practice_cloud.vm import values
from practice_cloud.vm.words import words

TYPE_NAMES: dict[type, str] = {
    str: "System.String",
    float: "System.Double",
    list: "System.Object[]",
    bytes: "System.Byte[]",
    datetime: "System.DateTime",
    timedelta: "System.TimeSpan",
    UUID: "System.Guid",
    values.Char: "System.Char",
    values.Hashtable: "System.Collections.Hashtable",
    values.ArrayList: "System.Collections.ArrayList",
    values.GenericList: "System.Collections.Generic.List`1[System.Object]",
    values.DictionaryEntry: "System.Collections.DictionaryEntry",
    values.TypeRef: "System.RuntimeType",
    values.Uri: "System.Uri",
    values.ScriptBlock: "System.Management.Automation.ScriptBlock",
    values.ErrorRecord: "System.Management.Automation.ErrorRecord",
    values.Encoding: "System.Text.UTF8Encoding",
    values.Reader: "System.IO.StreamReader",
    values.Builder: "System.Text.StringBuilder",
    values.WebResponse: "System.Net.HttpWebResponse",
    values.Formatted: "Microsoft.PowerShell.Commands.Internal.Format.FormatEntryData",
}

# Short form (or name without "System.") in lower case -> full name. What is not here, the practice VM does not know.
_ACCELERATORS = {
    "string": "System.String",
    "char": "System.Char",
    "int": "System.Int32",
    "int32": "System.Int32",
    "uint32": "System.UInt32",
    "long": "System.Int64",
    "int64": "System.Int64",
    "byte": "System.Byte",
    "double": "System.Double",
    "float": "System.Single",
    "single": "System.Single",
    "decimal": "System.Decimal",
    "bool": "System.Boolean",
    "boolean": "System.Boolean",
    "switch": "System.Management.Automation.SwitchParameter",
    "array": "System.Array",
    "object": "System.Object",
    "object[]": "System.Object[]",
    "string[]": "System.String[]",
    "int[]": "System.Int32[]",
    "byte[]": "System.Byte[]",
    "char[]": "System.Char[]",
    "hashtable": "System.Collections.Hashtable",
    "ordered": "System.Collections.Specialized.OrderedDictionary",
    "pscustomobject": "System.Management.Automation.PSCustomObject",
    "psobject": "System.Management.Automation.PSObject",
    "scriptblock": "System.Management.Automation.ScriptBlock",
    "void": "System.Void",
    "regex": "System.Text.RegularExpressions.Regex",
    "datetime": "System.DateTime",
    "datetimeoffset": "System.DateTimeOffset",
    "timespan": "System.TimeSpan",
    "guid": "System.Guid",
    "uri": "System.Uri",
    "type": "System.Type",
    "math": "System.Math",
    "convert": "System.Convert",
    "environment": "System.Environment",
    "text.encoding": "System.Text.Encoding",
    "text.utf8encoding": "System.Text.UTF8Encoding",
    "text.stringbuilder": "System.Text.StringBuilder",
    "io.streamreader": "System.IO.StreamReader",
    "net.webexception": "System.Net.WebException",
    "net.httpstatuscode": "System.Net.HttpStatusCode",
    "net.servicepointmanager": "System.Net.ServicePointManager",
    "net.securityprotocoltype": "System.Net.SecurityProtocolType",
    "net.webutility": "System.Net.WebUtility",
    "web.httputility": "System.Web.HttpUtility",
    "collections.arraylist": "System.Collections.ArrayList",
    "collections.hashtable": "System.Collections.Hashtable",
    "collections.generic.list[object]": "System.Collections.Generic.List[System.Object]",
    "collections.generic.list[string]": "System.Collections.Generic.List[System.String]",
    "collections.specialized.ordereddictionary": "System.Collections.Specialized.OrderedDictionary",
    "security.cryptography.hmacsha256": "System.Security.Cryptography.HMACSHA256",
    "security.cryptography.hmacsha1": "System.Security.Cryptography.HMACSHA1",
    "security.cryptography.hmacsha512": "System.Security.Cryptography.HMACSHA512",
    "security.cryptography.sha256": "System.Security.Cryptography.SHA256",
    "security.cryptography.sha256managed": "System.Security.Cryptography.SHA256Managed",
    "security.cryptography.sha1": "System.Security.Cryptography.SHA1",
    "security.cryptography.sha512": "System.Security.Cryptography.SHA512",
    "security.cryptography.md5": "System.Security.Cryptography.MD5",
    "exception": "System.Exception",
    "argumentexception": "System.ArgumentException",
    "formatexception": "System.FormatException",
    "invalidoperationexception": "System.InvalidOperationException",
    "notsupportedexception": "System.NotSupportedException",
    "dividebyzeroexception": "System.DivideByZeroException",
    "management.automation.runtimeexception": "System.Management.Automation.RuntimeException",
    "management.automation.commandnotfoundexception": "System.Management.Automation.CommandNotFoundException",
    "management.automation.methodinvocationexception": "System.Management.Automation.MethodInvocationException",
    "management.automation.errorrecord": "System.Management.Automation.ErrorRecord",
    "management.automation.pscustomobject": "System.Management.Automation.PSCustomObject",
}

BY_FULL_NAME = {full.lower(): full for full in _ACCELERATORS.values()}

# Namespaces of .NET: a type in one of them exists, or may; the practice VM says so instead of "cannot find".
_DOTNET = re.compile(
    r"(?:system|microsoft|io|net|text|security|collections|diagnostics|reflection|threading|xml|web|wmi)\b"
)
_OTHER_ACCELERATORS = frozenset(
    words(
        "xml wmi adsi cimsession ipaddress mailaddress version bigint sbyte int16 uint16 short ushort uint uint64 "
        "ulong securestring pscredential powershell runspace runspacefactory psreference ref cultureinfo "
        "x509certificate"
    )
)


def full_type_name(name: str) -> str | None:
    """The full name of a type that the practice VM knows, or None."""
    key = name.lower().replace("[system.", "[")
    return BY_FULL_NAME.get(key) or _ACCELERATORS.get(key.removeprefix("system."))


def is_dotnet(name: str) -> bool:
    """Whether Windows PowerShell would know the type though the practice VM does not."""
    key = name.lower()
    return key in _OTHER_ACCELERATORS or bool(_DOTNET.match(key))


ALIASES = {
    "irm": "Invoke-RestMethod",
    "iwr": "Invoke-WebRequest",
    "curl": "Invoke-WebRequest",
    "wget": "Invoke-WebRequest",
    "echo": "Write-Output",
    "write": "Write-Output",
    "select": "Select-Object",
    "fl": "Format-List",
    "ft": "Format-Table",
    "%": "ForEach-Object",
    "foreach": "ForEach-Object",
    "?": "Where-Object",
    "where": "Where-Object",
    "measure": "Measure-Object",
    "sort": "Sort-Object",
    "sleep": "Start-Sleep",
}

_OTHER_ALIASES = frozenset(
    words(
        "ls dir gci cat type gc cd chdir sl pwd gl cp copy cpi mv move mi rm del erase rd ri rmdir ren rni md mkdir "
        "ni ps gps kill spps start saps sajb gjb rcjb cls clear h history ghy r gm gal sal nal gcm help man ii iex "
        "icm gsv sasv spsv gv sv nv clv rv gu tee oh lp group gu compare diff epcsv ipcsv sls gp sp gi "
        "set si popd pushd fc fw gwmi ogv"
    )
)
_NOUNS = {
    "add": "content history member type computer",
    "clear": "content eventlog history host item itemproperty variable recyclebin",
    "compare": "object",
    "convert": "path string",
    "convertfrom": "csv securestring string stringdata",
    "convertto": "csv html securestring xml",
    "copy": "item itemproperty",
    "enter": "pssession",
    "export": "alias clixml csv modulemember",
    "find": "module package script",
    "format": "custom hex wide",
    "get": "acl alias childitem ciminstance clipboard command computerinfo content counter credential culture disk "
    "dnsclient event eventlog executionpolicy filehash help history host hotfix item itemproperty job location member "
    "module netadapter netipaddress netipconfiguration netroute package packageprovider process psdrive psprovider "
    "pssession random runspace scheduledtask service timezone tracesource transaction typedata uiculture unique "
    "variable verb volume windowsfeature winevent wmiobject",
    "group": "object",
    "import": "alias clixml csv localizeddata module pssession",
    "install": "module package packageprovider script windowsfeature",
    "invoke": "cimmethod command expression history item wmimethod webservice",
    "join": "path",
    "limit": "eventlog",
    "measure": "command",
    "move": "item itemproperty",
    "new": "alias ciminstance event eventlog guid item itemproperty localuser module netfirewallrule psdrive "
    "pssession service smbshare temporaryfile timespan variable webserviceproxy winevent",
    "out": "default file gridview host printer",
    "pop": "location",
    "push": "location",
    "read": "host",
    "receive": "job",
    "register": "scheduledtask psrepository objectevent",
    "remove": "item itemproperty job module psdrive pssession variable",
    "rename": "computer item itemproperty",
    "resolve": "dnsname path",
    "restart": "computer service",
    "save": "help module",
    "select": "string xml",
    "send": "mailmessage",
    "set": "acl alias clipboard content date executionpolicy item itemproperty location netfirewallprofile "
    "psdebug service strictmode timezone variable",
    "split": "path",
    "start": "job process service transcript",
    "stop": "computer job process service transcript",
    "tee": "object",
    "test": "connection netconnection path wsman",
    "unblock": "file",
    "update": "formatdata help module typedata",
    "wait": "event job process",
    "write": "eventlog",
}
_OTHER_CMDLETS = frozenset(f"{verb}-{noun}" for verb, nouns in _NOUNS.items() for noun in words(nouns))
_PROGRAMS = frozenset(
    words(
        "cmd powershell pwsh ipconfig ping nslookup whoami hostname netstat net sc reg tasklist taskkill systeminfo "
        "curl.exe tracert route robocopy xcopy findstr where.exe wmic certutil msiexec shutdown arp nltest bitsadmin"
    )
)


def is_windows_command(name: str) -> bool:
    """Whether a Windows VM would have run it though the practice VM does not."""
    key = name.lower()
    return key in _OTHER_CMDLETS or key in _OTHER_ALIASES or key.removesuffix(".exe") in _PROGRAMS
