"""Whose the ids in a pasted token or error are: they tell where the command was really run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from steps.key_vault_managed_identity import looks
from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.grant_access.strangers import Kind, who_is_who
from steps.kit.records import Seen, VirtualMachine
from steps.kit.task import Context, Facts

TOOLS = {
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "the Azure CLI",
    "1950a258-227b-4e31-a9cf-717495945fc2": "Azure PowerShell",
    "c44b4083-3bb0-49c1-b47d-974e53cbdf3c": "the Azure portal",
    "b677c290-cf4b-4a8e-a60e-91ba650a4abe": "Cloud Shell",
}
"""Application ids that Microsoft's tools have in every tenant: a token of one of them is of the person who uses it."""


class Who(Enum):
    NOT_KNOWN = "nobody is named, or the VM could not be looked at"
    THE_VM = "the VM"
    THE_VM_BEFORE = "an identity that the VM had before"
    LENT_TO_VM = "a user-assigned identity of the VM"
    OTHER_VM = "another VM"
    CONNECTION = "the identity that the portal works as"
    PERSON = "somebody at one of Microsoft's tools"
    SOMEBODY = "somebody"


_WHO = {
    Kind.FORMER: Who.THE_VM_BEFORE,
    Kind.APPLICATION: Who.THE_VM,
    Kind.USER_ASSIGNED: Who.LENT_TO_VM,
    Kind.OTHER_VM: Who.OTHER_VM,
    Kind.CALLER: Who.CONNECTION,
    Kind.UNKNOWN: Who.SOMEBODY,
}


@dataclass(frozen=True, slots=True)
class Bearer:
    """``name`` is the machine's, the identity's or the tool's, where there is one."""

    who: Who
    name: str = ""
    seen: tuple[Seen[Any], ...] = ()


def bearer_of(ctx: Context, facts: Facts, oid: str, appid: str) -> Bearer:
    """Either id may be "". The object id counts; the application id only where there is none, and for the tools."""
    machine = if_told(facts, looks.VM).value
    if not (oid or appid) or not isinstance(machine, VirtualMachine):
        return Bearer(Who.NOT_KNOWN)
    if oid and same(oid, machine.principal_id):
        return Bearer(Who.THE_VM, machine.name)
    if appid.casefold() in TOOLS:
        return Bearer(Who.PERSON, TOOLS[appid.casefold()])
    told = who_is_who(ctx, facts, machine, [oid or appid])
    return Bearer(_WHO[told.strangers[0].kind], told.strangers[0].name, told.seen)
