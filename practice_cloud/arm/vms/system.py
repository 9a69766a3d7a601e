"""``osProfile`` of a machine that is made: its name, its administrator, and a password, which is checked and not kept.

The words: https://github.com/redhat-developer/mapt/issues/405 (the password),
https://github.com/Azure/azure-sdk-for-ruby/issues/1012 (the name); which names of users are not allowed:
https://learn.microsoft.com/azure/virtual-machines/windows/faq.
"""

from __future__ import annotations

import re
from typing import Any

from practice_cloud.arm.known import only
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_KNOWN = frozenset(
    {
        "computerName",
        "adminUsername",
        "adminPassword",
        "windowsConfiguration",
        "linuxConfiguration",
        "allowExtensionOperations",
        "requireGuestProvisionSignal",
    }
)
_NOT_ALLOWED = frozenset(
    {
        "administrator",
        "admin",
        "user",
        "user1",
        "test",
        "user2",
        "test1",
        "user3",
        "admin1",
        "1",
        "123",
        "a",
        "actuser",
        "adm",
        "admin2",
        "aspnet",
        "backup",
        "console",
        "david",
        "guest",
        "john",
        "owner",
        "root",
        "server",
        "sql",
        "support",
        "support_388945a0",
        "sys",
        "test2",
        "test3",
        "user4",
        "user5",
    }
)
_KINDS = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9]")
_NAME = re.compile(r"(?!\d+$)[^`~!@#$%^&*()=+_\[\]{}\\|;:.'\",<>/?\s]{1,15}")


def kept(sent: Any, name: str, system: str) -> Doc:
    """``{computerName, adminUsername, configuration}`` of what is sent, without the password.

    Raises AzureError 400 for what Azure refuses, 501 for what is not implemented.
    """
    if not sent:
        return {"computerName": name[:15], "adminUsername": "azureuser", "configuration": {}}
    profile = only("machine's osProfile", sent, _KNOWN)
    computer = str(profile.get("computerName") or name)
    if system == "Windows" and not _NAME.fullmatch(computer):
        raise _invalid(
            "Windows computer name cannot be more than 15 characters long, be entirely numeric, or contain the"
            " following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?."
        )
    configuration = profile.get("windowsConfiguration" if system == "Windows" else "linuxConfiguration") or {}
    _administrator(profile, keys=bool(configuration.get("ssh")))
    return {
        "computerName": computer,
        "adminUsername": profile["adminUsername"],
        "configuration": configuration,
    }


def _administrator(profile: Doc, *, keys: bool) -> None:
    for name in ("adminUsername", *(() if keys else ("adminPassword",))):
        if not profile.get(name):
            raise _invalid(f"Required parameter '{name}' is missing (null).")
    if str(profile["adminUsername"]).lower() in _NOT_ALLOWED:
        raise _invalid("The Admin Username specified is not allowed.")
    if not keys:
        _strong(str(profile["adminPassword"]))


def _strong(password: str) -> None:
    kinds = sum(re.search(kind, password) is not None for kind in _KINDS)
    if not 8 <= len(password) <= 123 or kinds < 3 or not password.isprintable():
        raise _invalid(
            "The supplied password must be between 8-123 characters long and must satisfy at least 3 of password"
            " complexity requirements from the following:\r\n1) Contains an uppercase character\r\n2) Contains a"
            " lowercase character\r\n3) Contains a numeric digit\r\n4) Contains a special character\r\n5) Control"
            " characters are not allowed"
        )


def _invalid(message: str) -> AzureError:
    return AzureError(400, "InvalidParameter", message)
