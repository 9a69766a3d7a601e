"""Static members (``[Convert]::...``) and ``New-Object``: a closed list."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, quote_plus, unquote, unquote_plus
from uuid import UUID, uuid4

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.casts import cast
from practice_cloud.vm.convert import to_datetime, to_number, to_text
from practice_cloud.vm.formats import format_items
from practice_cloud.vm.methods import byte_string
from practice_cloud.vm.operators import moved, whole
from practice_cloud.vm.signals import failed, short_name, unsupported
from practice_cloud.vm.strings import bad_call
from practice_cloud.vm.textops import join
from practice_cloud.vm.values import (
    ArrayList,
    Builder,
    Encoding,
    EnumValue,
    Hasher,
    Hashtable,
    NetException,
    Reader,
    Uri,
    Value,
)

Args = list[Value]
Static = Callable[[Args, Budget], Value]
Clock = Callable[[], datetime]


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
    except ValueError:
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
    return quote(text, safe=_SAFE)


def _unescape(args: Args, budget: Budget) -> str:
    budget.text(len(to_text(args[0])))
    return unquote(to_text(args[0]))


def _url_encode(args: Args, budget: Budget) -> str:
    text = to_text(args[0])
    budget.text(len(text) * 6)
    return quote_plus(text, safe="-_.!*()")


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


_HASHES = {"HMACSHA256": "sha256", "HMACSHA1": "sha1", "HMACSHA512": "sha512"}
_PLAIN_HASHES = {"SHA256": "sha256", "SHA256Managed": "sha256", "SHA1": "sha1", "SHA512": "sha512", "MD5": "md5"}

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
        "max": _math(lambda a, b: max(a, b)),
        "min": _math(lambda a, b: min(a, b)),
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
    **{
        f"System.Security.Cryptography.{name}": {"create": lambda args, budget, n=name: _hasher(n)}  # type: ignore[misc]
        for name in _PLAIN_HASHES
    },
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


def _hasher(name: str) -> Hasher:
    return Hasher(f"System.Security.Cryptography.{name}", _PLAIN_HASHES[name])


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
        "minvalue": _constant(datetime.min),
        "maxvalue": _constant(datetime.max),
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
        raise failed(
            f'Cannot find an overload for "{name}" and the argument count: "{len(args)}".',
            "MethodCountCouldNotFindBest",
            category="NotSpecified: (:) [], MethodException",
        ) from None


def _reader(args: Args, budget: Budget) -> Reader:
    if not isinstance(args[0], Reader):
        raise unsupported("a StreamReader of anything but a response's stream")
    return args[0]


def _new_date(args: Args, budget: Budget) -> datetime:
    parts = [whole(arg) for arg in args[:6]]
    try:
        return datetime(*parts) if len(parts) > 2 else datetime.min  # type: ignore[arg-type]  # noqa: DTZ001
    except (ValueError, OverflowError):
        raise bad_call(".ctor", "Year, Month, and Day parameters describe an un-representable DateTime.") from None


def _new_span(args: Args, budget: Budget) -> timedelta:
    numbers = [whole(arg) for arg in args]
    try:
        if len(numbers) == 3:
            return timedelta(hours=numbers[0], minutes=numbers[1], seconds=numbers[2])
        return timedelta(*((numbers[0], numbers[3], 0, 0, numbers[2], numbers[1]) if len(numbers) == 4 else ()))
    except OverflowError:
        raise bad_call(".ctor", "TimeSpan overflowed.", "OverflowException") from None


def _new_string(args: Args, budget: Budget) -> str:
    if len(args) == 2 and isinstance(args[0], str):
        budget.text(max(whole(args[1]), 0))
        return args[0][:1] * whole(args[1])
    return join(args[0] if isinstance(args[0], list) else args, "", budget)


def _hmac(name: str) -> Static:
    def make(args: Args, budget: Budget) -> Hasher:
        key = byte_string(args[0], ".ctor") if args else uuid4().bytes * 4
        return Hasher(f"System.Security.Cryptography.{name}", _HASHES[name], key)

    return make


def _list(args: Args, budget: Budget) -> ArrayList:
    return ArrayList(args[0] if args and isinstance(args[0], list) else ())


_NEW: dict[str, Static] = {
    "System.Object": lambda args, budget: cast("pscustomobject", Hashtable(), budget),
    "System.Management.Automation.PSObject": lambda args, budget: cast("pscustomobject", Hashtable(), budget),
    "System.Management.Automation.PSCustomObject": lambda args, budget: cast("pscustomobject", Hashtable(), budget),
    "System.Collections.ArrayList": _list,
    "System.Collections.Generic.List[System.Object]": _list,
    "System.Collections.Generic.List[System.String]": _list,
    "System.Collections.Hashtable": lambda args, budget: Hashtable(),
    "System.Collections.Specialized.OrderedDictionary": lambda args, budget: Hashtable(ordered=True),
    "System.Text.StringBuilder": lambda args, budget: Builder([to_text(args[0])] if args else []),
    "System.Text.UTF8Encoding": lambda args, budget: Encoding("utf-8"),
    "System.IO.StreamReader": _reader,
    "System.Uri": lambda args, budget: Uri(to_text(args[0])),
    "System.DateTime": _new_date,
    "System.TimeSpan": _new_span,
    "System.Guid": lambda args, budget: cast("guid", args[0], budget) if args else UUID(int=0),
    "System.String": _new_string,
    **{f"System.Security.Cryptography.{name}": _hmac(name) for name in _HASHES},
    **{
        f"System.Security.Cryptography.{name}": lambda args, budget, n=name: _hasher(n)  # type: ignore[misc]
        for name in ("SHA256Managed",)
    },
}


def new_object(type_name: str, args: Args, budget: Budget) -> Value:
    """``[Type]::new(args)`` and ``New-Object Type args``."""
    if type_name.endswith("Exception"):
        inner = args[1] if len(args) > 1 and isinstance(args[1], NetException) else None
        message = to_text(args[0]) if args else f"Exception of type '{type_name}' was thrown."
        return NetException(type_name, message, inner)
    maker = _NEW.get(type_name)
    if maker is None:
        raise unsupported(f"making objects of the type [{short_name(type_name)}]")
    try:
        return maker(args, budget)
    except IndexError:
        raise failed(
            f"A constructor was not found. Cannot find an appropriate constructor for type {type_name}.",
            "CannotFindAppropriateCtor,Microsoft.PowerShell.Commands.NewObjectCommand",
            category="ObjectNotFound: (:) [New-Object], PSArgumentException",
        ) from None
