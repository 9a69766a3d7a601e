"""Instance methods: a closed table by type. What .NET has and the table has not is said to be unsupported."""

from __future__ import annotations

from datetime import datetime

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.comparison import equal, order
from practice_cloud.vm.convert import to_text, type_name
from practice_cloud.vm.formats import format_value
from practice_cloud.vm.methods.binary import BUILDER, ENCODING, HASHER, READER, RESPONSE
from practice_cloud.vm.methods.collections import ARRAY, GENERIC_LIST, LIST, TABLE
from practice_cloud.vm.methods.shared import Method, no_overload
from practice_cloud.vm.methods.strings import STRING
from practice_cloud.vm.methods.times import TIME
from practice_cloud.vm.signals import failed, unsupported
from practice_cloud.vm.values import (
    ArrayList,
    Builder,
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
_METHODS: dict[type, dict[str, Method]] = {
    str: STRING,
    list: ARRAY,
    bytes: {"clone": lambda value, args, budget: value, "contains": lambda value, args, budget: args[0] in list(value)},
    ArrayList: LIST,
    GenericList: GENERIC_LIST,
    Hashtable: TABLE,
    datetime: TIME,
    Encoding: ENCODING,
    Hasher: HASHER,
    Builder: BUILDER,
    Reader: READER,
    WebResponse: RESPONSE,
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


def _no_such_method(value: Value, name: str) -> Exception:
    if name.lower() in _OTHER_DOTNET:
        return unsupported(f"the method {name}() of [{type_name(value)}]")
    return failed(
        f"Method invocation failed because [{type_name(value)}] does not contain a method named '{name}'.",
        "MethodNotFound",
        category=f"InvalidOperation: ({name}:String) [], RuntimeException",
    )
