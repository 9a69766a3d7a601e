"""Methods of arrays, lists and hashtables."""

from __future__ import annotations

from practice_cloud.vm.arithmetic import whole
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.comparison import charge, equal
from practice_cloud.vm.convert import to_text
from practice_cloud.vm.methods.shared import Method, bad_call
from practice_cloud.vm.values import DictionaryEntry, Hashtable, Value


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


ARRAY: dict[str, Method] = {
    "contains": _contains,
    "indexof": _index,
    "getlength": lambda value, args, budget: len(value),
    "clone": _copy,
}
LIST: dict[str, Method] = {
    **ARRAY,
    "add": _grow,
    "addrange": _grow_many,
    "remove": _remove,
    "removeat": _remove_at,
    "insert": _insert,
    "clear": lambda value, args, budget: value.clear(),
    "toarray": _copy,
    "reverse": lambda value, args, budget: value.reverse(),
}
GENERIC_LIST: dict[str, Method] = {**LIST, "add": _grow_silently}
TABLE: dict[str, Method] = {
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
