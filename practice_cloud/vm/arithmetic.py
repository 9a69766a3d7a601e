"""``+ - * / %`` on values, and what they share with methods. The left side says what is added."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import cannot_convert, narrowed, to_datetime, to_number, to_text, type_name
from practice_cloud.vm.signals import failed
from practice_cloud.vm.values import Char, EnumValue, Hashtable, NetException, Value

Number = int | float


def no_operator(name: str, left: Value) -> Exception:
    kind = f"[{type_name(left)}]"
    return failed(
        f"Method invocation failed because {kind} does not contain a method named '{name}'.",
        "MethodNotFound",
        category=f"InvalidOperation: ({name}:String) [], RuntimeException",
    )


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
