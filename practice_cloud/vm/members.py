"""Properties: what a script may read of a value, and set. A closed table; nothing is looked up on Python objects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx

from practice_cloud.vm.convert import to_text, type_name
from practice_cloud.vm.signals import failed, short_name, unsupported
from practice_cloud.vm.values import (
    ArrayList,
    Builder,
    DictionaryEntry,
    Encoding,
    EnumValue,
    ErrorRecord,
    Hasher,
    Hashtable,
    NetException,
    Props,
    PSObject,
    Reader,
    TypeRef,
    Uri,
    Value,
    WebResponse,
)
from practice_cloud.vm.words import words

Getter = Callable[[Value], Value]
ABSENT = object()
"""What ``get`` answers where a value has no such property."""


def ticks(value: datetime) -> int:
    delta = value.replace(tzinfo=None) - datetime(1, 1, 1)  # noqa: DTZ001 - .NET counts from there, without a zone
    return (delta.days * 86_400 + delta.seconds) * 10_000_000 + delta.microseconds * 10


def _category(record: ErrorRecord) -> PSObject:
    name = record.category.partition(":")[0]
    return PSObject(Props([("Category", name), ("Reason", short_name(record.exception.type_name))]))


def _details(record: ErrorRecord) -> Value:
    return None if record.details is None else PSObject(Props([("Message", record.details)]), "ErrorDetails")


def _invocation(record: ErrorRecord) -> PSObject:
    return PSObject(Props([("InvocationName", record.command), ("MyCommand", record.command)]))


def _uri_part(name: str) -> Getter:
    def part(value: Uri) -> str:
        url = httpx.URL(value.text)
        parts = {"host": url.host, "scheme": url.scheme, "path": url.path, "query": url.query.decode()}
        return parts[name]

    return part


_STREAMS: dict[str, Getter] = {"endofstream": lambda v: v.position >= len(v.text)}
_PROPERTIES: dict[type, dict[str, Getter]] = {
    str: {"length": len},
    bytes: {"length": len, "count": len},
    list: {"length": len, "count": len, "longlength": len, "rank": lambda v: 1},
    ArrayList: {"count": len},
    Hashtable: {"count": len, "keys": lambda v: v.keys(), "values": lambda v: v.values()},
    DictionaryEntry: {"key": lambda v: v.key, "name": lambda v: v.key, "value": lambda v: v.value},
    EnumValue: {"value__": lambda v: v.number},
    TypeRef: {"name": lambda v: short_name(v.name), "fullname": lambda v: v.name},
    Uri: {
        "absoluteuri": lambda v: v.text,
        "originalstring": lambda v: v.text,
    },
    Hasher: {"key": lambda v: v.key},
    Builder: {"length": lambda v: sum(map(len, v.parts))},
    Reader: _STREAMS,
    Encoding: {"webname": lambda v: v.codec},
    WebResponse: {
        "statuscode": lambda v: v.status,
        "statusdescription": lambda v: v.reason,
        "headers": lambda v: v.headers,
        "responseuri": lambda v: Uri(v.uri),
        "contenttype": lambda v: v.headers.get("Content-Type"),
        "contentlength": lambda v: len(v.body.encode()),
    },
    NetException: {
        "message": lambda v: v.message,
        "innerexception": lambda v: v.inner,
        "hresult": lambda v: -2146233087,
        "source": lambda v: "System",
    },
    ErrorRecord: {
        "exception": lambda v: v.exception,
        "errordetails": _details,
        "categoryinfo": _category,
        "fullyqualifiederrorid": lambda v: v.error_id,
        "targetobject": lambda v: v.target,
        "invocationinfo": _invocation,
    },
    datetime: {
        "year": lambda v: v.year,
        "month": lambda v: v.month,
        "day": lambda v: v.day,
        "hour": lambda v: v.hour,
        "minute": lambda v: v.minute,
        "second": lambda v: v.second,
        "millisecond": lambda v: v.microsecond // 1000,
        "dayofyear": lambda v: v.timetuple().tm_yday,
        "dayofweek": lambda v: EnumValue("System.DayOfWeek", v.strftime("%A"), (v.weekday() + 1) % 7),
        "date": lambda v: v.replace(hour=0, minute=0, second=0, microsecond=0),
        "ticks": ticks,
        "kind": lambda v: EnumValue("System.DateTimeKind", *(("Utc", 1) if v.tzinfo else ("Unspecified", 0))),
        "utcdatetime": lambda v: v.astimezone(UTC) if v.tzinfo else v.replace(tzinfo=UTC),
        "datetime": lambda v: v.replace(tzinfo=None),
    },
    timedelta: {
        "days": lambda v: int(v.total_seconds() / 86_400),
        "hours": lambda v: int(v.total_seconds() / 3600) % 24,
        "minutes": lambda v: int(v.total_seconds() / 60) % 60,
        "seconds": lambda v: int(v.total_seconds()) % 60,
        "milliseconds": lambda v: v.microseconds // 1000,
        "totaldays": lambda v: v.total_seconds() / 86_400,
        "totalhours": lambda v: v.total_seconds() / 3600,
        "totalminutes": lambda v: v.total_seconds() / 60,
        "totalseconds": lambda v: v.total_seconds(),
        "totalmilliseconds": lambda v: v.total_seconds() * 1000,
        "ticks": lambda v: int(v.total_seconds() * 10_000_000),
    },
}
for _name, _part in (("host", "host"), ("scheme", "scheme"), ("absolutepath", "path"), ("query", "query")):
    _PROPERTIES[Uri][_name] = _uri_part(_part)


def _table_for(value: Value) -> dict[str, Getter]:
    for kind in type(value).__mro__:
        if kind in _PROPERTIES:
            return _PROPERTIES[kind]
    return {}


def _status(value: NetException) -> EnumValue:
    name = value.status or "UnknownError"
    return EnumValue("System.Net.WebExceptionStatus", name, _WEB_STATUSES.index(name))


_WEB_STATUSES = words(
    "Success NameResolutionFailure ConnectFailure ReceiveFailure SendFailure PipelineFailure RequestCanceled"
    " ProtocolError ConnectionClosed TrustFailure SecureChannelFailure ServerProtocolViolation KeepAliveFailure"
    " Pending Timeout ProxyNameResolutionFailure UnknownError"
)
_WEB_EXCEPTION: dict[str, Getter] = {"status": _status, "response": lambda v: v.response}


def _of_the_web(value: Value) -> bool:
    return isinstance(value, NetException) and short_name(value.type_name) == "WebException"


def get(value: Value, name: str) -> Value:
    """The property, or ``ABSENT``. Keys of a hashtable come before its own properties, as in PowerShell."""
    if isinstance(value, PSObject):
        return value.props.get(name, ABSENT)
    if isinstance(value, Hashtable) and value.has(name):
        return value.get(name)
    if _of_the_web(value) and name.lower() in _WEB_EXCEPTION:
        return _WEB_EXCEPTION[name.lower()](value)
    getter = _table_for(value).get(name.lower())
    if getter:
        return getter(value)
    if name.lower() in ("count", "length"):
        return 0 if value is None else 1
    return ABSENT


def read(value: Value, name: str) -> Value:
    """``value.name``: of an array, that of each element; of what has no such property, ``$null``."""
    found = get(value, name)
    if found is not ABSENT:
        return found
    if isinstance(value, list):
        many = [item for item in (get(element, name) for element in value) if item is not ABSENT]
        return many[0] if len(many) == 1 else (many or None)
    return None


def names(value: Value) -> list[str]:
    """The properties that show, in order: those of an object; the keys' own for a hashtable are not properties."""
    if isinstance(value, PSObject):
        return value.props.names()
    shown = _SHOWN.get(type(value), ())
    if _of_the_web(value):
        return [*shown, "Status", "Response"]
    return list(shown)


_SHOWN: dict[type, tuple[str, ...]] = {
    WebResponse: ("StatusCode", "StatusDescription", "ResponseUri", "ContentType", "ContentLength", "Headers"),
    DictionaryEntry: ("Name", "Value"),
    Uri: ("AbsoluteUri", "Scheme", "Host", "AbsolutePath", "Query"),
    NetException: ("Message", "InnerException"),
    timedelta: (
        "Days", "Hours", "Minutes", "Seconds", "Milliseconds", "Ticks",
        "TotalDays", "TotalHours", "TotalMinutes", "TotalSeconds", "TotalMilliseconds",
    ),
}  # fmt: skip


def write(value: Value, name: str, new: Value) -> None:
    """``value.name = new``."""
    if isinstance(value, Hashtable):
        value.set(name, new)
    elif isinstance(value, PSObject) and name in value.props:
        value.props[name] = new
    elif isinstance(value, Hasher) and name.lower() == "key" and value.key is not None:
        if not isinstance(new, bytes):
            raise unsupported(
                f"a key of type {type_name(new)}; use bytes such as [Text.Encoding]::UTF8.GetBytes('...')"
            )
        value.key = new
    else:
        raise failed(
            f"The property '{name}' cannot be found on this object. Verify that the property exists and can be set.",
            "PropertyAssignmentException" if value is not None else "PropertyNotFound",
            category="InvalidOperation: (:) [], RuntimeException",
            target=to_text(value)[:80],
        )
