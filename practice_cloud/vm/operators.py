"""Operators on values. The left side says what is compared or added; case counts only for operators with a c."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import (
    cannot_convert,
    narrowed,
    parse_number,
    to_bool,
    to_datetime,
    to_number,
    to_text,
    type_name,
)
from practice_cloud.vm.patterns import like
from practice_cloud.vm.signals import failed
from practice_cloud.vm.values import Char, EnumValue, Hashtable, NetException, PSObject, TypeRef, Uri, Value

Number = int | float


def no_operator(name: str, left: Value) -> Exception:
    kind = f"[{type_name(left)}]"
    return failed(
        f"Method invocation failed because {kind} does not contain a method named '{name}'.",
        "MethodNotFound",
        category=f"InvalidOperation: ({name}:String) [], RuntimeException",
    )


# Arithmetic ---------------------------------------------------------------------------------------------------------


def add(left: Value, right: Value, budget: Budget) -> Value:
    if left is None:
        return right
    adder = _ADDERS.get(type(left))
    if adder:
        return adder(left, right, budget)
    if isinstance(left, list):
        return _add_list(left, right, budget)
    if isinstance(left, str | int | float | EnumValue):
        return narrowed(to_number(left) + to_number(right))
    raise no_operator("op_Addition", left)


def _add_text(left: str, right: Value, budget: Budget) -> str:
    text = to_text(right)
    budget.text(len(left) + len(text))
    return left + text


def _add_char(left: Char, right: Value, budget: Budget) -> Value:
    if isinstance(right, str):
        return _add_text(str(left), right, budget)
    return ord(left) + to_number(right)


def _add_list(left: list[Value], right: Value, budget: Budget) -> list[Value]:
    more = list(right) if isinstance(right, list | bytes) else [right]
    budget.array(len(left) + len(more))
    return [*left, *more]


def _add_bytes(left: bytes, right: Value, budget: Budget) -> list[Value]:
    return _add_list(list(left), right, budget)


def _add_table(left: Hashtable, right: Value, budget: Budget) -> Hashtable:
    if not isinstance(right, Hashtable):
        raise failed("A hash table can only be added to another hash table.", "AddHashTableToNonHashTable")
    budget.array(len(left) + len(right))
    joined = Hashtable(left.items(), ordered=left.ordered)
    for key, value in right.items():
        if joined.has(key):
            raise failed(f"Item has already been added. Key in dictionary: '{to_text(key)}'", "DuplicateKey")
        joined.set(key, value)
    return joined


def _add_moment(left: datetime, right: Value, budget: Budget) -> datetime:
    if not isinstance(right, timedelta):
        raise no_operator("op_Addition", left)
    return moved(left, right)


def moved(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        raise failed(
            "The added or subtracted value results in an un-representable DateTime.", "ArgumentOutOfRangeException"
        ) from None


def _add_span(left: timedelta, right: Value, budget: Budget) -> timedelta:
    if not isinstance(right, timedelta):
        raise no_operator("op_Addition", left)
    return _summed(left, right)


def _summed(left: timedelta, right: timedelta) -> timedelta:
    try:
        return left + right
    except OverflowError:
        raise failed("TimeSpan overflowed because the duration is too long.", "OverflowException") from None


_ADDERS: dict[type, Callable[[Value, Value, Budget], Value]] = {
    str: _add_text,
    Char: _add_char,
    bytes: _add_bytes,
    Hashtable: _add_table,
    datetime: _add_moment,
    timedelta: _add_span,
}


def subtract(left: Value, right: Value) -> Value:
    if isinstance(left, datetime):
        return moved(left, -right) if isinstance(right, timedelta) else aligned(left) - aligned(to_datetime(right))
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return _summed(left, -right)
    return narrowed(_operand("op_Subtraction", left) - _operand("op_Subtraction", right))


def aligned(moment: datetime) -> datetime:
    """Without its zone: the practice VM's clock is UTC, so all times compare."""
    return moment.replace(tzinfo=None)


def _operand(name: str, value: Value) -> Number:
    if value is not None and not isinstance(value, str | int | float | EnumValue):
        raise no_operator(name, value)
    return to_number(value)


def multiply(left: Value, right: Value, budget: Budget) -> Value:
    if isinstance(left, str) and not isinstance(left, Char):
        return left * _times(right, len(left), budget.text)
    if isinstance(left, list):
        return left * _times(right, len(left), budget.array)
    return narrowed(_operand("op_Multiply", left) * _operand("op_Multiply", right))


def _times(right: Value, length: int, check: Callable[[int], None]) -> int:
    number = to_number(right)
    if not math.isfinite(number) or number < 0:
        raise cannot_convert(right, "System.UInt32")
    times = round(number) if length else 0
    check(times * length)
    return times


def divide(left: Value, right: Value) -> Number:
    over, under = _operand("op_Division", left), _operand("op_Division", right)
    if isinstance(over, int) and isinstance(under, int):
        _refuse_zero(under)
        return over // under if over % under == 0 else over / under
    if under == 0:
        return math.nan if over == 0 or math.isnan(over) else math.copysign(math.inf, over)
    return over / under


def modulo(left: Value, right: Value) -> Number:
    over, under = _operand("op_Modulus", left), _operand("op_Modulus", right)
    if isinstance(over, int) and isinstance(under, int):
        _refuse_zero(under)
        rest = abs(over) % abs(under)
        return rest if over >= 0 else -rest
    return math.fmod(over, under) if under and math.isfinite(over) else math.nan


def _refuse_zero(number: int) -> None:
    if number == 0:
        raise failed(
            "Attempted to divide by zero.",
            category="NotSpecified: (:) [], RuntimeException",
            inner=NetException("System.DivideByZeroException", "Attempted to divide by zero."),
        )


def whole(value: Value) -> int:
    """An Int64 for bits and ranges."""
    number = to_number(value)
    if not math.isfinite(number) or not -(1 << 63) <= number < 1 << 63:
        raise cannot_convert(value, "System.Int32", "Value was either too large or too small for an Int32.")
    return round(number)


# Comparison ---------------------------------------------------------------------------------------------------------


def equal(left: Value, right: Value, *, ignore_case: bool = True) -> bool:
    """``-eq`` for single values."""
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, str):
        return _same_text(left, to_text(right), ignore_case)
    if isinstance(left, bool):
        return left == to_bool(right)
    if isinstance(left, int | float):
        return _same_number(left, right)
    if isinstance(left, EnumValue):
        return _same_text(left.name, right, True) if isinstance(right, str) else left.number == _maybe_number(right)
    return _equal_objects(left, right)


def _same_text(left: str, right: str, ignore_case: bool) -> bool:
    return left == right or (ignore_case and left.lower() == right.lower())


def _maybe_number(value: Value) -> Number | None:
    if isinstance(value, str) and not isinstance(value, Char):
        return parse_number(value)
    return to_number(value) if isinstance(value, int | float | EnumValue | Char) else None


def _same_number(left: Number, right: Value) -> bool:
    number = _maybe_number(right)
    return number is not None and left == number


def _equal_objects(left: Value, right: Value) -> bool:
    if isinstance(left, datetime):
        return isinstance(right, datetime | str) and aligned(left) == aligned(to_datetime(right))
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left == right
    if isinstance(left, UUID | Uri | TypeRef) and isinstance(right, UUID | str | Uri | TypeRef):
        return to_text(left).lower() == to_text(right).lower()
    return left is right


def order(left: Value, right: Value, *, ignore_case: bool = True) -> int:
    """-1, 0 or 1 as ``left`` sorts before, with or after ``right``."""
    if isinstance(left, str) and not (isinstance(left, Char) and isinstance(right, int)):
        return _sign_text(left, to_text(right), ignore_case)
    if isinstance(left, datetime):
        return _sign(aligned(left), aligned(to_datetime(right)))
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return _sign(left, right)
    if left is None:
        return _order_null(right)
    if isinstance(left, bool | int | float | EnumValue | Char):
        return _sign(to_number(left), to_number(right))
    raise failed(
        f'Cannot compare "{to_text(left)[:100]}" because it is not IComparable.',
        "NotIcomparable",
        category="InvalidOperation: (:) [], RuntimeException",
    )


def _order_null(right: Value) -> int:
    if right is None:
        return 0
    return 1 if isinstance(right, int | float) and right < 0 else -1


def _sign(left: Value, right: Value) -> int:
    return int(left > right) - int(left < right)


def _sign_text(left: str, right: str, ignore_case: bool) -> int:
    if ignore_case:
        return _sign(left.lower(), right.lower())
    return _sign((left.lower(), left.swapcase()), (right.lower(), right.swapcase()))


_ORDERS: dict[str, Callable[[int], bool]] = {
    "gt": lambda sign: sign > 0,
    "ge": lambda sign: sign >= 0,
    "lt": lambda sign: sign < 0,
    "le": lambda sign: sign <= 0,
}


def _holds(name: str, left: Value, right: Value, ignore_case: bool) -> bool:
    if name in ("eq", "ne"):
        return equal(left, right, ignore_case=ignore_case) == (name == "eq")
    if name in ("like", "notlike"):
        return like(to_text(left), to_text(right), ignore_case=ignore_case) == (name == "like")
    return _ORDERS[name](order(left, right, ignore_case=ignore_case))


def charge(items: list[Value] | bytes, other: Value, budget: Budget) -> None:
    """Count a comparison with each of the items before it is made: long texts and objects cost more."""
    texts = sum(len(item) for item in items if isinstance(item, str)) if isinstance(items, list) else 0
    each = 1_000 if isinstance(other, list | PSObject | Hashtable) else 1
    budget.work(texts + len(items) * each)


def compare(name: str, left: Value, right: Value, budget: Budget, *, ignore_case: bool) -> Value:
    """``-eq`` and its like: a truth, or of an array on the left the elements for which it holds."""
    if name in ("like", "notlike"):
        budget.work(len(to_text(right)) + 1)
    if isinstance(left, list | bytes):
        budget.array(len(left))
        charge(left, right, budget)
        return [item for item in left if _holds(name, item, right, ignore_case)]
    return _holds(name, left, right, ignore_case)


def contains(many: Value, one: Value, budget: Budget, *, ignore_case: bool) -> bool:
    items = many if isinstance(many, list | bytes) else [many]
    charge(items, one, budget)
    return any(equal(item, one, ignore_case=ignore_case) for item in items)
