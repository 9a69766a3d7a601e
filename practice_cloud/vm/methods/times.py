"""Methods of DateTime."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from practice_cloud.vm.arithmetic import add, aligned, moved, subtract, whole
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import to_number
from practice_cloud.vm.formats import format_value
from practice_cloud.vm.methods.shared import Method, bad_call
from practice_cloud.vm.values import Value

MAX_DAYS = 4_000_000


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
    return value.replace(year=year, month=month + 1, day=min(value.day, monthrange(year, month + 1)[1]))


def unix_seconds(value: datetime) -> int:
    return int((aligned(value) - datetime(1970, 1, 1)).total_seconds() // 1)  # noqa: DTZ001 - both without zone


TIME: dict[str, Method] = {
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
