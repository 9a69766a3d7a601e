"""``-eq -lt -like -contains`` and their like. The left side says what is compared; case counts only with a c."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from practice_cloud.vm.arithmetic import Number, aligned
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import parse_number, to_bool, to_datetime, to_number, to_text
from practice_cloud.vm.patterns import like
from practice_cloud.vm.signals import failed
from practice_cloud.vm.values import Char, EnumValue, Hashtable, PSObject, TypeRef, Uri, Value


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
    texts = sum(map(_length, items)) if isinstance(items, list) else 0
    each = 1_000 if isinstance(other, list | PSObject | Hashtable) else 1 + _length(other)
    budget.work(texts + len(items) * each)


def _length(value: Value) -> int:
    return len(value) if isinstance(value, str) else 0


def compare(name: str, left: Value, right: Value, budget: Budget, *, ignore_case: bool) -> Value:
    """``-eq`` and its like: a truth, or of an array on the left the elements for which it holds."""
    if name in ("like", "notlike"):
        budget.work(len(to_text(right)) + 1)
    if isinstance(left, list | bytes):
        budget.array(len(left))
        charge(left, right, budget)
        return [item for item in left if _holds(name, item, right, ignore_case)]
    budget.work(_length(left) + _length(right))
    return _holds(name, left, right, ignore_case)


def contains(many: Value, one: Value, budget: Budget, *, ignore_case: bool) -> bool:
    items = many if isinstance(many, list | bytes) else [many]
    charge(items, one, budget)
    return any(equal(item, one, ignore_case=ignore_case) for item in items)
