"""Static members (``[Convert]::...``) and ``New-Object``: a closed list."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, quote_plus, unquote, unquote_plus
from uuid import UUID, uuid4

from practice_cloud.vm.arithmetic import moved, whole
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.casts import cast
from practice_cloud.vm.constructors import DATE_MIN, Args, Static, new_object
from practice_cloud.vm.convert import to_datetime, to_number, to_text
from practice_cloud.vm.formats import format_items
from practice_cloud.vm.hashes import PLAIN_HASHES, hasher
from practice_cloud.vm.methods.binary import byte_string
from practice_cloud.vm.methods.shared import bad_call, no_overload
from practice_cloud.vm.signals import unsupported
from practice_cloud.vm.textops import join
from practice_cloud.vm.values import (
    Encoding,
    EnumValue,
    Value,
)

Clock = Callable[[], datetime]
_DATE_MAX = datetime(9999, 12, 31, 23, 59, 59, 999_999)  # noqa: DTZ001 - .NET's "unspecified" kind


def _from_base64(args: Args, budget: Budget) -> bytes:
    text = "".join(to_text(args[0]).split())
    budget.text(len(text))
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise bad_call(
            "FromBase64String",
            "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding "
            "characters, or an illegal character among the padding characters. ",
            "FormatException",
        ) from None


def _to_base64(args: Args, budget: Budget) -> str:
    data = byte_string(args[0], "ToBase64String")
    budget.text(len(data) * 2)
    return base64.b64encode(data).decode()


def _based(args: Args, budget: Budget) -> int:
    """``[Convert]::ToInt32('ff', 16)``."""
    if len(args) < 2:
        return int(cast("long", args[0], budget))
    try:
        return int(to_text(args[0])[:20], whole(args[1]))
    except (ValueError, OverflowError):
        raise bad_call("ToInt32", "Could not find any recognizable digits.", "FormatException", 2) from None


def _to_based(args: Args, budget: Budget) -> str:
    if len(args) < 2:
        return to_text(args[0])
    formats = {2: "b", 8: "o", 10: "d", 16: "x"}
    if to_number(args[1]) not in formats:
        raise bad_call("ToString", "Invalid Base.", count=2)
    return format(whole(args[0]) % (1 << 64), formats[whole(args[1])])


def _caster(name: str) -> Static:
    return lambda args, budget: cast(name, args[0], budget)


_SAFE = "-_.~"
_UTF16 = "utf-16-le"


def _escape(args: Args, budget: Budget) -> str:
    text = to_text(args[0])
    budget.text(len(text) * 6)
    return quote(text, safe=_SAFE, errors="replace")


def _unescape(args: Args, budget: Budget) -> str:
    budget.text(len(to_text(args[0])))
    return unquote(to_text(args[0]))


def _url_encode(args: Args, budget: Budget) -> str:
    text = to_text(args[0])
    budget.text(len(text) * 6)
    return quote_plus(text, safe="-_.!*()", errors="replace")


def _url_decode(args: Args, budget: Budget) -> str:
    budget.text(len(to_text(args[0])))
    return unquote_plus(to_text(args[0]))


def _math(apply: Callable[..., int | float]) -> Static:
    def run(args: Args, budget: Budget) -> int | float:
        numbers = [to_number(arg) for arg in args]
        try:
            return apply(*numbers)
        except TypeError:
            raise IndexError from None
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan

    return run


def _round(number: int | float, digits: int | float = 0) -> float:
    return round(float(number), max(0, min(int(digits), 15)))


def _power(base: int | float, exponent: int | float) -> float:
    return math.pow(base, exponent)


def _null_or_empty(args: Args, budget: Budget) -> bool:
    return to_text(args[0]) == ""


def _null_or_white(args: Args, budget: Budget) -> bool:
    return to_text(args[0]).strip() == ""


def _join(args: Args, budget: Budget) -> str:
    return join(args[1] if len(args) == 2 else args[1:], to_text(args[0]), budget)


def _concat(args: Args, budget: Budget) -> str:
    return join(args, "", budget)


def _string_format(args: Args, budget: Budget) -> str:
    values = args[1] if len(args) == 2 and isinstance(args[1], list) else args[1:]
    return format_items(to_text(args[0]), values, budget)


def _epoch(unit: int) -> Static:
    def make(args: Args, budget: Budget) -> datetime:
        number = to_number(args[0])
        if not abs(number) < 4e14:
            raise bad_call("FromUnixTimeSeconds", "Valid values are out of range.", "ArgumentOutOfRangeException")
        return moved(datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=number * unit))

    return make


def _hash_maker(name: str) -> Static:
    return lambda args, budget: hasher(name)


METHODS: dict[str, dict[str, Static]] = {
    "System.Convert": {
        "frombase64string": _from_base64,
        "tobase64string": _to_base64,
        "toint32": _based,
        "toint64": _based,
        "tostring": _to_based,
        "todouble": _caster("double"),
        "toboolean": _caster("bool"),
        "todatetime": _caster("datetime"),
        "tobyte": _caster("byte"),
        "tochar": _caster("char"),
    },
    "System.Math": {
        "abs": _math(abs),
        "max": _math(max),
        "min": _math(min),
        "floor": _math(lambda a: float(math.floor(a)) if isinstance(a, float) else a),
        "ceiling": _math(lambda a: float(math.ceil(a)) if isinstance(a, float) else a),
        "truncate": _math(lambda a: float(math.trunc(a))),
        "round": _math(_round),
        "sqrt": _math(math.sqrt),
        "pow": _math(_power),
        "log10": _math(math.log10),
        "log": _math(math.log),
        "sign": _math(lambda a: (a > 0) - (a < 0)),
    },
    "System.Guid": {"newguid": lambda args, budget: uuid4(), "parse": _caster("guid")},
    "System.DateTime": {
        "parse": _caster("datetime"),
        "specifykind": lambda args, budget: to_datetime(args[0]).replace(
            tzinfo=UTC if to_text(args[1]).lower() == "utc" else None
        ),
    },
    "System.DateTimeOffset": {
        "fromunixtimeseconds": _epoch(1_000_000),
        "fromunixtimemilliseconds": _epoch(1_000),
        "parse": _caster("datetime"),
    },
    "System.TimeSpan": {
        "fromseconds": lambda args, budget: _span("seconds", args[0]),
        "fromminutes": lambda args, budget: _span("minutes", args[0]),
        "fromhours": lambda args, budget: _span("hours", args[0]),
        "fromdays": lambda args, budget: _span("days", args[0]),
    },
    "System.String": {
        "isnullorempty": _null_or_empty,
        "isnullorwhitespace": _null_or_white,
        "join": _join,
        "concat": _concat,
        "format": _string_format,
    },
    "System.Uri": {
        "escapedatastring": _escape,
        "unescapedatastring": _unescape,
    },
    "System.Net.WebUtility": {"urlencode": _url_encode, "urldecode": _url_decode},
    "System.Web.HttpUtility": {"urlencode": _url_encode, "urldecode": _url_decode},
    "System.Text.Encoding": {"getencoding": lambda args, budget: _encoding(to_text(args[0]))},
    "System.Int32": {"parse": _caster("int")},
    "System.Int64": {"parse": _caster("long")},
    "System.Double": {"parse": _caster("double")},
    "System.Boolean": {"parse": _caster("bool")},
    **{f"System.Security.Cryptography.{name}": {"create": _hash_maker(name)} for name in PLAIN_HASHES},
}


def _span(unit: str, value: Value) -> timedelta:
    try:
        return timedelta(**{unit: to_number(value)})
    except (OverflowError, ValueError):
        raise bad_call(f"From{unit.capitalize()}", "TimeSpan overflowed.", "OverflowException") from None


def _encoding(name: str) -> Encoding:
    codecs = {"utf8": "utf-8", "ascii": "ascii", "unicode": _UTF16, "utf16": _UTF16, "usascii": "ascii"}
    codec = codecs.get(name.lower().replace("-", ""))
    if not codec:
        raise unsupported(f"the encoding '{name}'")
    return Encoding(codec)


def _constant(value: Value) -> Callable[[Clock], Value]:
    return lambda clock: value


PROPERTIES: dict[str, dict[str, Callable[[Clock], Value]]] = {
    "System.Text.Encoding": {
        "utf8": _constant(Encoding("utf-8")),
        "ascii": _constant(Encoding("ascii")),
        "unicode": _constant(Encoding(_UTF16)),
        "default": _constant(Encoding("cp1252")),
    },
    "System.Math": {"pi": _constant(math.pi), "e": _constant(math.e)},
    "System.Guid": {"empty": _constant(UUID(int=0))},
    "System.String": {"empty": _constant("")},
    "System.DateTime": {
        "utcnow": lambda clock: clock(),
        "now": lambda clock: clock().replace(tzinfo=None),
        "today": lambda clock: clock().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None),
        "minvalue": _constant(DATE_MIN),
        "maxvalue": _constant(_DATE_MAX),
    },
    "System.DateTimeOffset": {"utcnow": lambda clock: clock(), "now": lambda clock: clock()},
    "System.Environment": {"newline": _constant("\r\n")},
    "System.Int32": {"maxvalue": _constant((1 << 31) - 1), "minvalue": _constant(-(1 << 31))},
    "System.Int64": {"maxvalue": _constant((1 << 63) - 1), "minvalue": _constant(-(1 << 63))},
    "System.Double": {"nan": _constant(math.nan), "maxvalue": _constant(1.7976931348623157e308)},
    "System.Net.ServicePointManager": {
        "securityprotocol": _constant(EnumValue("System.Net.SecurityProtocolType", "Tls12", 3072))
    },
    "System.Net.SecurityProtocolType": {
        name.lower(): _constant(EnumValue("System.Net.SecurityProtocolType", name, number))
        for name, number in (("Ssl3", 48), ("Tls", 192), ("Tls11", 768), ("Tls12", 3072), ("SystemDefault", 0))
    },
}


def read(type_name: str, name: str, clock: Clock) -> Value:
    """``[Type]::Name``."""
    found = PROPERTIES.get(type_name, {}).get(name.lower())
    if found is None:
        raise unsupported(f"the static member [{type_name}]::{name}")
    return found(clock)


def write(type_name: str, name: str) -> None:
    """Only TLS settings may be assigned: real scripts do it, and here it changes nothing."""
    if (type_name, name.lower()) != ("System.Net.ServicePointManager", "securityprotocol"):
        raise unsupported(f"setting [{type_name}]::{name}")


def call(type_name: str, name: str, args: Args, budget: Budget) -> Value:
    """``[Type]::Name(args)``."""
    if name.lower() == "new":
        return new_object(type_name, args, budget)
    method = METHODS.get(type_name, {}).get(name.lower())
    if method is None:
        raise unsupported(f"the static method [{type_name}]::{name}()")
    try:
        return method(args, budget)
    except IndexError:
        raise no_overload(name, len(args)) from None
