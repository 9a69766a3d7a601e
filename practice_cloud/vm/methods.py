"""Instance methods: a closed table by type. What .NET has and the table has not is said to be unsupported."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import to_number, to_text, type_name
from practice_cloud.vm.formats import format_value
from practice_cloud.vm.operators import add, aligned, charge, equal, moved, order, subtract, whole
from practice_cloud.vm.signals import failed, unsupported
from practice_cloud.vm.strings import STRING_METHODS, bad_call
from practice_cloud.vm.values import (
    ArrayList,
    Builder,
    DictionaryEntry,
    Encoding,
    GenericList,
    Hasher,
    Hashtable,
    Reader,
    TypeRef,
    Value,
    WebResponse,
)
from practice_cloud.vm.words import words

Method = Callable[[Value, list[Value], Budget], Value]

MAX_DAYS = 4_000_000


def _to_string(value: Value, args: list[Value], budget: Budget) -> str:
    text = format_value(value, to_text(args[0])) if args else to_text(value)
    budget.text(len(text))
    return text


def _get_type(value: Value, args: list[Value], budget: Budget) -> TypeRef:
    return TypeRef(type_name(value))


def _equals(value: Value, args: list[Value], budget: Budget) -> bool:
    return type(value) is type(args[0]) and equal(value, args[0], ignore_case=False)


def _hash_code(value: Value, args: list[Value], budget: Budget) -> Value:
    raise unsupported("GetHashCode()")


_COMMON: dict[str, Method] = {
    "tostring": _to_string,
    "gettype": _get_type,
    "equals": _equals,
    "gethashcode": _hash_code,
    "compareto": lambda value, args, budget: order(value, args[0], ignore_case=False),
}


# Lists and hashtables -----------------------------------------------------------------------------------------------


def _grow(value: list[Value], args: list[Value], budget: Budget) -> int:
    budget.array(len(value) + 1 if len(value) % 64 == 0 else 1)
    budget.array_limit(len(value) + 1)
    value.append(args[0])
    return len(value) - 1


def _grow_silently(value: list[Value], args: list[Value], budget: Budget) -> None:
    _grow(value, args, budget)


def _grow_many(value: list[Value], args: list[Value], budget: Budget) -> None:
    more = list(args[0]) if isinstance(args[0], list | bytes) else [args[0]]
    budget.array(len(value) + len(more))
    value.extend(more)


def _index(value: list[Value], args: list[Value], budget: Budget) -> int:
    charge(value, args[0], budget)
    return next((at for at, item in enumerate(value) if equal(item, args[0], ignore_case=False)), -1)


def _remove(value: list[Value], args: list[Value], budget: Budget) -> None:
    at = _index(value, args, budget)
    if at >= 0:
        del value[at]


def _remove_at(value: list[Value], args: list[Value], budget: Budget) -> None:
    at = whole(args[0])
    if not 0 <= at < len(value):
        raise bad_call("RemoveAt", "Index was out of range.", "ArgumentOutOfRangeException")
    del value[at]


def _insert(value: list[Value], args: list[Value], budget: Budget) -> None:
    at = whole(args[0])
    if not 0 <= at <= len(value):
        raise bad_call("Insert", "Insertion index was out of range.", "ArgumentOutOfRangeException")
    budget.array(len(value) + 1)
    value.insert(at, args[1])


def _add_key(value: Hashtable, args: list[Value], budget: Budget) -> None:
    if value.has(args[0]):
        key = to_text(args[0])
        raise bad_call("Add", f"Item has already been added. Key in dictionary: '{key}'  Key being added: '{key}'")
    budget.array_limit(len(value) + 1)
    value.set(args[0], args[1])


def _contains(value: list[Value], args: list[Value], budget: Budget) -> bool:
    return _index(value, args, budget) >= 0


def _set_key(value: Hashtable, args: list[Value], budget: Budget) -> None:
    value.set(args[0], args[1])


def _get_enumerator(value: Hashtable, args: list[Value], budget: Budget) -> list[Value]:
    budget.array(len(value))
    return [DictionaryEntry(key, item) for key, item in value.items()]


def _copy(value: list[Value], args: list[Value], budget: Budget) -> list[Value]:
    budget.array(len(value))
    return list(value)


def _copy_table(value: Hashtable, args: list[Value], budget: Budget) -> Hashtable:
    budget.array(len(value))
    return Hashtable(value.items(), ordered=value.ordered)


_ARRAY: dict[str, Method] = {
    "contains": _contains,
    "indexof": _index,
    "getlength": lambda value, args, budget: len(value),
    "clone": _copy,
}
_LIST: dict[str, Method] = {
    **_ARRAY,
    "add": _grow,
    "addrange": _grow_many,
    "remove": _remove,
    "removeat": _remove_at,
    "insert": _insert,
    "clear": lambda value, args, budget: value.clear(),
    "toarray": _copy,
    "reverse": lambda value, args, budget: value.reverse(),
}
_GENERIC_LIST: dict[str, Method] = {**_LIST, "add": _grow_silently}
_TABLE: dict[str, Method] = {
    "containskey": lambda value, args, budget: value.has(args[0]),
    "contains": lambda value, args, budget: value.has(args[0]),
    "containsvalue": lambda value, args, budget: _contains(value.values(), args, budget),
    "add": _add_key,
    "set_item": _set_key,
    "get_item": lambda value, args, budget: value.get(args[0]),
    "remove": lambda value, args, budget: value.remove(args[0]),
    "clear": lambda value, args, budget: value.clear(),
    "clone": _copy_table,
    "getenumerator": _get_enumerator,
}


# Times ----------------------------------------------------------------------------------------------------------------


def _adder(unit: str) -> Method:
    seconds = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1, "milliseconds": 0.001}[unit]

    def moved_by(value: datetime, args: list[Value], budget: Budget) -> datetime:
        number = to_number(args[0])
        if not abs(number) * seconds < MAX_DAYS * 86_400:
            raise bad_call(f"Add{unit.capitalize()}", "Value to add was out of range.", "ArgumentOutOfRangeException")
        return moved(value, timedelta(seconds=number * seconds))

    return moved_by


def _add_months(value: datetime, args: list[Value], budget: Budget, *, each: int = 1) -> datetime:
    months = value.year * 12 + value.month - 1 + whole(args[0]) * each
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise bad_call("AddMonths", "The resulting date is out of range.", "ArgumentOutOfRangeException")
    last = (datetime(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day if year < 9999 else 28  # noqa: DTZ001
    return value.replace(year=year, month=month + 1, day=min(value.day, last))


def unix_seconds(value: datetime) -> int:
    return int((aligned(value) - datetime(1970, 1, 1)).total_seconds() // 1)  # noqa: DTZ001 - both without zone


_TIME: dict[str, Method] = {
    **{f"add{unit}": _adder(unit) for unit in ("days", "hours", "minutes", "seconds", "milliseconds")},
    "addmonths": _add_months,
    "addyears": lambda value, args, budget: _add_months(value, args, budget, each=12),
    "touniversaltime": lambda value, args, budget: value.replace(tzinfo=value.tzinfo or UTC),
    "tolocaltime": lambda value, args, budget: value,
    "tounixtimeseconds": lambda value, args, budget: unix_seconds(value),
    "tounixtimemilliseconds": lambda value, args, budget: unix_seconds(value) * 1000 + value.microsecond // 1000,
    "add": lambda value, args, budget: add(value, args[0], budget),
    "subtract": lambda value, args, budget: subtract(value, args[0]),
    "toshortdatestring": lambda value, args, budget: format_value(value, "d"),
    "tolongdatestring": lambda value, args, budget: format_value(value, "D"),
}


# Bytes, hashes, readers -----------------------------------------------------------------------------------------------


def byte_string(value: Value, method: str) -> bytes:
    """A byte[] argument; numbers in an array become bytes as .NET would make them."""
    if isinstance(value, bytes):
        return value
    items = value if isinstance(value, list) else [value]
    numbers = [to_number(item) for item in items]
    if any(not 0 <= number <= 255 or number != number // 1 for number in numbers):
        raise bad_call(method, "Value was either too large or too small for an unsigned byte.", "OverflowException")
    return bytes(int(number) for number in numbers)


def _get_bytes(value: Encoding, args: list[Value], budget: Budget) -> bytes:
    text = to_text(args[0])
    budget.text(len(text) * 2)
    return text.encode(value.codec, "replace")


def _get_string(value: Encoding, args: list[Value], budget: Budget) -> str:
    data = byte_string(args[0], "GetString")
    budget.text(len(data))
    if len(args) == 3:
        start, count = whole(args[1]), whole(args[2])
        if start < 0 or count < 0 or start + count > len(data):
            raise bad_call("GetString", "Index and count must refer to a location within the buffer.")
        data = data[start : start + count]
    return data.decode(value.codec, "replace")


def _compute_hash(value: Hasher, args: list[Value], budget: Budget) -> bytes:
    data = byte_string(args[0], "ComputeHash")
    budget.work(len(data))
    if value.key is not None:
        return hmac.digest(value.key, data, value.digest)
    return hashlib.new(value.digest, data, usedforsecurity=False).digest()


def _append(value: Builder, args: list[Value], budget: Budget, *, tail: str = "") -> Builder:
    text = (to_text(args[0]) if args else "") + tail
    budget.text(len(text))
    budget.array_limit(len(value.parts) + 1)
    value.parts.append(text)
    return value


def _nothing(value: Value, args: list[Value], budget: Budget) -> None:
    return None


_STREAM: dict[str, Method] = {
    "readtoend": lambda value, args, budget: value.rest(),
    "close": _nothing,
    "dispose": _nothing,
}
_METHODS: dict[type, dict[str, Method]] = {
    str: STRING_METHODS,
    list: _ARRAY,
    bytes: {"clone": lambda value, args, budget: value, "contains": lambda value, args, budget: args[0] in list(value)},
    ArrayList: _LIST,
    GenericList: _GENERIC_LIST,
    Hashtable: _TABLE,
    datetime: _TIME,
    Encoding: {"getbytes": _get_bytes, "getstring": _get_string},
    Hasher: {"computehash": _compute_hash, "dispose": _nothing},
    Builder: {
        "append": _append,
        "appendline": lambda value, args, budget: _append(value, args, budget, tail="\r\n"),
    },
    Reader: {**_STREAM, "seek": _nothing},
    WebResponse: {
        "getresponsestream": lambda value, args, budget: Reader(value.body),
        "getresponseheader": lambda value, args, budget: value.headers.get(to_text(args[0])) or "",
        "close": _nothing,
        "dispose": _nothing,
    },
}
_OTHER_DOTNET = frozenset(
    words(
        "copyto foreach where getenumerator set get getvalue setvalue isassignablefrom getmethod getproperties invoke "
        "todatetime todouble toint32 normalize isnormalized find findall sort binarysearch exists trueforall read "
        "readline peek write flush"
    )
)


def call(value: Value, name: str, args: list[Value], budget: Budget) -> Value:
    """``value.name(args)``."""
    if value is None:
        raise failed(
            "You cannot call a method on a null-valued expression.",
            "InvokeMethodOnNull",
            category="InvalidOperation: (:) [], RuntimeException",
        )
    method = find(value, name)
    if method is None:
        raise _no_such_method(value, name)
    try:
        return method(value, args, budget)
    except IndexError:
        raise no_overload(name, len(args)) from None


def find(value: Value, name: str) -> Method | None:
    for kind in type(value).__mro__:
        found = _METHODS.get(kind, {}).get(name.lower())
        if found:
            return found
    return _COMMON.get(name.lower())


def no_overload(name: str, count: int) -> Exception:
    return failed(
        f'Cannot find an overload for "{name}" and the argument count: "{count}".',
        "MethodCountCouldNotFindBest",
        category="NotSpecified: (:) [], MethodException",
        type_name="System.Management.Automation.MethodException",
    )


def _no_such_method(value: Value, name: str) -> Exception:
    if name.lower() in _OTHER_DOTNET:
        return unsupported(f"the method {name}() of [{type_name(value)}]")
    return failed(
        f"Method invocation failed because [{type_name(value)}] does not contain a method named '{name}'.",
        "MethodNotFound",
        category=f"InvalidOperation: ({name}:String) [], RuntimeException",
    )
