"""Get-Date, Start-Sleep, New-Object, New-Guid, Add-Type and Set-StrictMode."""

from __future__ import annotations

import asyncio
import re
from uuid import uuid4

from practice_cloud.vm import members
from practice_cloud.vm.casts import known_type
from practice_cloud.vm.constructors import new_object as new_object_of
from practice_cloud.vm.convert import to_datetime, to_text
from practice_cloud.vm.evaluator.invocation import Invocation, Param, binding_failed, cmdlet
from practice_cloud.vm.formats import format_date
from practice_cloud.vm.machine import Outside
from practice_cloud.vm.methods.times import unix_seconds
from practice_cloud.vm.signals import failed, unsupported
from practice_cloud.vm.values import Hashtable, PSObject, Value

_MAX_SLEEP = 60.0
_UFORMAT = {"%s": "", "%Y": "yyyy", "%m": "MM", "%d": "dd", "%H": "HH", "%M": "mm", "%S": "ss"}


@cmdlet(
    "Get-Date",
    Param("Date", position=0),
    Param("Format"),
    Param("UFormat"),
    foreign=("Year", "Month", "Day", "Hour", "Minute", "Second", "Millisecond", "DisplayHint"),
)
async def get_date(call: Invocation) -> None:
    moment = to_datetime(call.get("Date")) if call.has("Date") else call.runtime.clock().replace(tzinfo=None)
    if call.has("UFormat"):
        call.write(re.sub(r"%(.)", lambda found: _unix_part(found[0], moment), call.text("UFormat")))
    elif call.has("Format"):
        call.write(format_date(moment, call.text("Format")))
    else:
        call.write(moment)


def _unix_part(part: str, moment: Value) -> str:
    if part not in _UFORMAT:
        raise unsupported(f"Get-Date -UFormat {part}")
    return str(unix_seconds(moment)) if part == "%s" else format_date(moment, _UFORMAT[part])


@cmdlet("Start-Sleep", Param("Seconds", position=0, aliases=("s",)), Param("Milliseconds", aliases=("m", "ms")))
async def start_sleep(call: Invocation) -> None:
    seconds = call.number("Milliseconds", 0) / 1000 if call.has("Milliseconds") else call.number("Seconds", 0)
    if seconds < 0 or seconds != seconds:  # noqa: PLR0124 - NaN
        raise binding_failed(
            call.name, "Cannot validate argument on parameter 'Seconds'.", "ParameterArgumentValidationError"
        )
    left = call.runtime.budget.remaining()
    if seconds > min(_MAX_SLEEP, left):
        raise unsupported(
            f"sleeping for {seconds:g} seconds; {min(_MAX_SLEEP, left):.0f} are allowed", command=call.name
        )
    await Outside(lambda: asyncio.sleep(seconds))


@cmdlet(
    "New-Object",
    Param("TypeName", position=0),
    Param("ArgumentList", position=1, rest=True, aliases=("args",)),
    Param("Property"),
    foreign=("ComObject", "Strict"),
)
async def new_object(call: Invocation) -> None:
    name = call.text("TypeName")
    given = call.get("ArgumentList")
    args = list(given) if isinstance(given, list) else ([given] if call.has("ArgumentList") else [])
    value = new_object_of(known_type(name), args, call.runtime.budget)
    properties = call.get("Property")
    if isinstance(properties, Hashtable):
        for key, item in properties.items():
            _set(value, to_text(key), item)
    call.write(value)


def _set(value: Value, name: str, item: Value) -> None:
    if isinstance(value, PSObject):
        value.props[name] = item
    else:
        members.write(value, name, item)


@cmdlet("New-Guid")
async def new_guid(call: Invocation) -> None:
    call.write(uuid4())


@cmdlet("Add-Type", Param("AssemblyName"), foreign=("TypeDefinition", "MemberDefinition", "Path", "Name", "Namespace"))
async def add_type(call: Invocation) -> None:
    """The assemblies whose types the practice VM has are there already; any other is said not to be."""
    name = call.text("AssemblyName")
    if name.lower() not in ("system.web", "system.net.http", "system.security"):
        raise unsupported(f"loading the assembly '{name}'", command=call.name)


@cmdlet("Set-StrictMode", Param("Version"), Param("Off", switch=True))
async def set_strict_mode(call: Invocation) -> None:
    if not call.flag("Off"):
        raise failed(
            "The practice VM does not support Set-StrictMode.", "PracticeVmNotSupported", command=call.name,
            category="NotImplemented: (:) [Set-StrictMode], NotSupportedException",
        )  # fmt: skip
