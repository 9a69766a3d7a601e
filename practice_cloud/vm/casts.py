"""``[type]value``, ``-is`` and ``-as``: a closed table of types."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import httpx

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import cannot_convert, to_bool, to_datetime, to_number, to_text, type_name
from practice_cloud.vm.names import full_type_name, is_dotnet
from practice_cloud.vm.signals import PSError, failed, unsupported
from practice_cloud.vm.values import (
    ArrayList,
    Char,
    EnumValue,
    ErrorRecord,
    GenericList,
    Hashtable,
    NetException,
    PSObject,
    ScriptBlock,
    TypeRef,
    Uri,
    Value,
)

Caster = Callable[[Value, Budget], Value]


def known_type(name: str) -> str:
    """The full name of ``[name]``, or PowerShell's error."""
    full = full_type_name(name)
    if full:
        return full
    if is_dotnet(name):
        raise unsupported(f"the type [{name}]")
    raise failed(
        f"Unable to find type [{name}].",
        "TypeNotFound",
        category=f"InvalidOperation: ({name}:TypeName) [], RuntimeException",
    )


def cast(name: str, value: Value, budget: Budget) -> Value:
    full = known_type(name)
    caster = _CASTS.get(full)
    if caster is None:
        raise unsupported(f"conversion to [{full}]")
    return caster(value, budget)


def _integer(name: str, low: int, high: int) -> Caster:
    def convert(value: Value, budget: Budget) -> int:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        try:
            number = to_number(value)
        except PSError as error:
            if isinstance(value, str | list | Hashtable | PSObject):
                raise cannot_convert(value, name) from error
            raise
        if not math.isfinite(number) or not low <= round(number) <= high:
            raise cannot_convert(value, name, f"Value was either too large or too small for an {name[7:]}.")
        return round(number)

    return convert


def _double(value: Value, budget: Budget) -> float:
    number = to_number(value)
    if isinstance(number, int) and abs(number) > 1 << 1000:
        raise cannot_convert(value, "System.Double")
    return float(number)


def _string(value: Value, budget: Budget) -> str:
    text = str(to_text(value))
    budget.text(len(text))
    return text


def _char(value: Value, budget: Budget) -> Char:
    if isinstance(value, str) and len(value) == 1:
        return Char(value)
    if isinstance(value, int) and 0 <= value <= 0xFFFF:
        return Char(chr(value))
    raise cannot_convert(value, "System.Char", "String must be exactly one character long.")


def _array(value: Value, budget: Budget) -> list[Value]:
    if isinstance(value, list | bytes):
        budget.array(len(value))
        return list(value)
    return [] if value is None else [value]


def _array_list(value: Value, budget: Budget) -> ArrayList:
    return ArrayList(_array(value, budget))


def _generic_list(value: Value, budget: Budget) -> GenericList:
    return GenericList(_array(value, budget))


def _array_of(element: Caster) -> Caster:
    return lambda value, budget: [element(item, budget) for item in _array(value, budget)]


def _chars(value: Value, budget: Budget) -> list[Value]:
    budget.array(len(to_text(value)))
    return [Char(item) for item in to_text(value)]


def _uri(value: Value, budget: Budget) -> Uri:
    text = to_text(value)
    try:
        httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        reason = "Invalid URI: The format of the URI could not be determined."
        raise cannot_convert(text, "System.Uri", reason) from None
    return Uri(text)


def _bytes(value: Value, budget: Budget) -> bytes:
    element = _integer("System.Byte", 0, 255)
    return bytes(element(item, budget) for item in _array(value, budget))


def _custom_object(value: Value, budget: Budget) -> Value:
    if not isinstance(value, Hashtable):
        return value
    budget.array(len(value))
    return PSObject.of((to_text(key), item) for key, item in value.items())


def _hashtable(value: Value, budget: Budget) -> Hashtable:
    if isinstance(value, Hashtable):
        return value
    raise cannot_convert(value, "System.Collections.Hashtable")


def _ordered(value: Value, budget: Budget) -> Hashtable:
    return Hashtable(_hashtable(value, budget).items(), ordered=True)


def _guid(value: Value, budget: Budget) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(to_text(value).strip())
    except ValueError:
        raise cannot_convert(value, "System.Guid", "Guid should contain 32 digits with 4 dashes.") from None


def _timespan(value: Value, budget: Budget) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return timedelta(microseconds=value // 10)
    parts = to_text(value).split(":")
    if 2 <= len(parts) <= 3 and all(part.isdecimal() and len(part) < 6 for part in parts):
        hours, minutes, seconds = (*map(int, parts), 0)[:3]
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    raise cannot_convert(value, "System.TimeSpan", "String was not recognized as a valid TimeSpan.")


def _block(value: Value, budget: Budget) -> Value:
    if isinstance(value, ScriptBlock):
        return value
    raise unsupported("making a script block of something else")


def _exception(value: Value, budget: Budget) -> NetException:
    return value if isinstance(value, NetException) else NetException("System.Exception", to_text(value))


def _as_is(value: Value, budget: Budget) -> Value:
    return value


_INT = _integer("System.Int32", -(1 << 31), (1 << 31) - 1)
_CASTS: dict[str, Caster] = {
    "System.String": _string,
    "System.Char": _char,
    "System.Int32": _INT,
    "System.UInt32": _integer("System.UInt32", 0, (1 << 32) - 1),
    "System.Int64": _integer("System.Int64", -(1 << 63), (1 << 63) - 1),
    "System.Byte": _integer("System.Byte", 0, 255),
    "System.Double": _double,
    "System.Boolean": lambda value, budget: to_bool(value),
    "System.Management.Automation.SwitchParameter": lambda value, budget: to_bool(value),
    "System.Object": _as_is,
    "System.Management.Automation.PSObject": _custom_object,
    "System.Management.Automation.PSCustomObject": _custom_object,
    "System.Management.Automation.ScriptBlock": _block,
    "System.Object[]": _array,
    "System.Array": _array,
    "System.String[]": _array_of(_string),
    "System.Int32[]": _array_of(_INT),
    "System.Char[]": _chars,
    "System.Byte[]": _bytes,
    "System.Collections.ArrayList": _array_list,
    "System.Collections.Generic.List[System.Object]": _generic_list,
    "System.Collections.Generic.List[System.String]": _generic_list,
    "System.Collections.Hashtable": _hashtable,
    "System.Collections.Specialized.OrderedDictionary": _ordered,
    "System.DateTime": lambda value, budget: to_datetime(value),
    "System.DateTimeOffset": lambda value, budget: to_datetime(value),
    "System.TimeSpan": _timespan,
    "System.Guid": _guid,
    "System.Uri": _uri,
    "System.Exception": _exception,
    "System.Void": lambda value, budget: None,
    "System.Net.SecurityProtocolType": lambda value, budget: EnumValue(
        "System.Net.SecurityProtocolType", to_text(value), 0
    ),
}

_BASES: dict[str, tuple[type, ...]] = {
    "System.Array": (list, bytes),
    "System.Object[]": (list,),
    "System.String[]": (list,),
    "System.Collections.Generic.List[System.Object]": (GenericList,),
    "System.Exception": (NetException,),
    "System.Management.Automation.ErrorRecord": (ErrorRecord,),
    "System.Management.Automation.PSObject": (PSObject,),
    "System.Int64": (),
}


def is_type(value: Value, name: str) -> bool:
    """``-is``."""
    full = known_type(name)
    if value is None:
        return False
    if full == "System.Object" or type_name(value) == full:
        return True
    bases = _BASES.get(full, ())
    return isinstance(value, bases) and not (full.endswith("[]") and isinstance(value, ArrayList))


def as_type(value: Value, name: str, budget: Budget) -> Value:
    """``-as``: ``$null`` where the cast fails."""
    try:
        return cast(name, value, budget)
    except PSError as error:
        if error.record.error_id == "PracticeVmNotSupported":
            raise
        return None


def type_argument(value: Value) -> str:
    return value.name if isinstance(value, TypeRef) else to_text(value)
