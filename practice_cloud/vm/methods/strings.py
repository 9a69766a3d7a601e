"""Methods of String."""

from __future__ import annotations

from collections.abc import Callable

from practice_cloud.vm.arithmetic import whole
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import to_text
from practice_cloud.vm.methods.shared import Method, bad_call
from practice_cloud.vm.signals import unsupported
from practice_cloud.vm.values import Char, EnumValue, Value

Args = list[Value]


def _split(value: str, args: Args, budget: Budget) -> list[Value]:
    """Windows PowerShell splits at every *character* of its argument."""
    marks = (
        "".join(to_text(mark) for mark in (args[0] if args and isinstance(args[0], list) else args[:1])) or " \t\r\n"
    )
    limit = whole(args[1]) if len(args) > 1 and isinstance(args[1], int) else 0
    drop_empty = any(to_text(option).lower() == "removeemptyentries" for option in args[1:])
    budget.work(len(value))
    pieces: list[Value] = []
    start = 0
    for at, char in enumerate(value):
        if char in marks and not (limit and len(pieces) + 1 >= limit):
            pieces.append(value[start:at])
            start = at + 1
    pieces.append(value[start:])
    budget.array(len(pieces))
    return [piece for piece in pieces if piece or not drop_empty]


def _replace(value: str, args: Args, budget: Budget) -> str:
    old, new = to_text(args[0]), to_text(args[1])
    if not old:
        raise bad_call("Replace", "String cannot be of zero length.\r\nParameter name: oldValue", count=2)
    budget.text(len(value) + value.count(old) * max(len(new) - len(old), 0))
    return value.replace(old, new)


def _substring(value: str, args: Args, budget: Budget) -> str:
    start = whole(args[0])
    length = whole(args[1]) if len(args) > 1 else len(value) - start
    if not 0 <= start <= len(value):
        raise bad_call(
            "Substring",
            "startIndex cannot be larger than length of string.\r\nParameter name: startIndex",
            "ArgumentOutOfRangeException",
            len(args),
        )
    if length < 0 or start + length > len(value):
        raise bad_call(
            "Substring",
            "Index and length must refer to a location within the string.\r\nParameter name: length",
            "ArgumentOutOfRangeException",
            len(args),
        )
    budget.text(length)
    return value[start : start + length]


def _padder(*, left: bool) -> Callable[[str, Args, Budget], str]:
    def pad(value: str, args: Args, budget: Budget) -> str:
        width = whole(args[0])
        fill = to_text(args[1]) if len(args) > 1 else " "
        if width < 0 or len(fill) != 1:
            raise bad_call("PadLeft" if left else "PadRight", "Non-negative number required.", count=len(args))
        budget.text(max(width, len(value)))
        return value.rjust(width, fill) if left else value.ljust(width, fill)

    return pad


def _trimmer(strip: Callable[[str, str | None], str]) -> Callable[[str, Args, Budget], str]:
    def trim(value: str, args: Args, budget: Budget) -> str:
        budget.text(len(value))
        marks = "".join(to_text(mark) for arg in args for mark in (arg if isinstance(arg, list) else [arg]))
        return strip(value, marks or None)

    return trim


def _tester(test: Callable[[str, str], bool]) -> Callable[[str, Args, Budget], bool]:
    """StartsWith and its like, with an optional StringComparison."""

    def check(value: str, args: Args, budget: Budget) -> bool:
        budget.work(len(value))
        other = to_text(args[0])
        kind = to_text(args[1]).lower() if len(args) > 1 else ""
        ignore_case = kind.endswith("ignorecase") or kind == "true"
        return test(value.lower(), other.lower()) if ignore_case else test(value, other)

    return check


def _finder(find: Callable[[str, str, int], int]) -> Callable[[str, Args, Budget], int]:
    def search(value: str, args: Args, budget: Budget) -> int:
        budget.work(len(value))
        start = whole(args[1]) if len(args) > 1 and isinstance(args[1], int) else 0
        if len(args) > 2 or not 0 <= start <= len(value):
            raise unsupported("this form of IndexOf()")
        return find(value, to_text(args[0]), start)

    return search


def _insert(value: str, args: Args, budget: Budget) -> str:
    at, text = whole(args[0]), to_text(args[1])
    if not 0 <= at <= len(value):
        raise bad_call("Insert", "Specified argument was out of the range of valid values.", count=2)
    budget.text(len(value) + len(text))
    return value[:at] + text + value[at:]


def _remove(value: str, args: Args, budget: Budget) -> str:
    start = whole(args[0])
    count = whole(args[1]) if len(args) > 1 else len(value) - start
    if start < 0 or count < 0 or start + count > len(value):
        raise bad_call("Remove", "Index and count must refer to a location within the string.", count=len(args))
    budget.text(len(value))
    return value[:start] + value[start + count :]


def _chars(value: str, args: Args, budget: Budget) -> list[Value]:
    budget.array(len(value))
    return [Char(char) for char in value]


def _case(change: Callable[[str], str]) -> Callable[[str, Args, Budget], str]:
    def changed(value: str, args: Args, budget: Budget) -> str:
        budget.text(len(value))
        return change(value)

    return changed


def _type_code(value: str, args: Args, budget: Budget) -> EnumValue:
    return EnumValue("System.TypeCode", "String", 18)


STRING: dict[str, Method] = {
    "split": _split,
    "replace": _replace,
    "substring": _substring,
    "padleft": _padder(left=True),
    "padright": _padder(left=False),
    "trim": _trimmer(lambda text, marks: text.strip(marks)),
    "trimstart": _trimmer(lambda text, marks: text.lstrip(marks)),
    "trimend": _trimmer(lambda text, marks: text.rstrip(marks)),
    "startswith": _tester(lambda text, other: text.startswith(other)),
    "endswith": _tester(lambda text, other: text.endswith(other)),
    "contains": _tester(lambda text, other: other in text),
    "equals": _tester(lambda text, other: text == other),
    "indexof": _finder(lambda text, other, start: text.find(other, start)),
    "lastindexof": _finder(lambda text, other, start: text.rfind(other)),
    "tolower": _case(str.lower),
    "toupper": _case(str.upper),
    "tolowerinvariant": _case(str.lower),
    "toupperinvariant": _case(str.upper),
    "insert": _insert,
    "remove": _remove,
    "tochararray": _chars,
    "tostring": _case(str),
    "gettypecode": _type_code,
}
