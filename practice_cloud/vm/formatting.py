"""How objects are shown: tables, lists, and plain lines.

After the format rules of Windows PowerShell: an object without a view of its own is a table up to four properties and a
list beyond. Columns are as wide as what they hold; where the screen ends the last column is cut with three dots, and a
column that does not fit at all is left out.
"""

from __future__ import annotations

from datetime import datetime

from practice_cloud.vm import members
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import object_text, to_text, type_name
from practice_cloud.vm.formats import display_text, format_date
from practice_cloud.vm.values import (
    ArrayList,
    DictionaryEntry,
    ErrorRecord,
    Formatted,
    Hashtable,
    NetException,
    PSObject,
    Uri,
    Value,
    WebResponse,
)

WIDTH = 120
_TABLE_COLUMNS = 4
_ENUMERATED = 4
_HASH_NAME_WIDTH = 30
_STRUCTURED = (PSObject, WebResponse, NetException, DictionaryEntry, Uri)


def default_lines(values: list[Value], budget: Budget, width: int = WIDTH) -> list[str]:
    """What the end of a pipeline shows for the values, as lines."""
    lines: list[str] = []
    group: list[Value] = []
    for value in _entries(values):
        budget.step()
        if group and not _same_shape(group[0], value):
            lines += _shown(group, width, budget)
            group = []
        if isinstance(value, _STRUCTURED):
            group.append(value)
        else:
            lines += _single(value)
    return lines + (_shown(group, width, budget) if group else [])


def _entries(values: list[Value]) -> list[Value]:
    """Hashtables as their entries, arrays as their elements, nothing for ``$null``."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, Hashtable):
            found += [DictionaryEntry(key, item) for key, item in value.items()]
        elif isinstance(value, list):
            found += _entries([item for item in value if not isinstance(item, list)])
        elif value is not None:
            found.append(value)
    return found


def _same_shape(first: Value, value: Value) -> bool:
    return isinstance(value, _STRUCTURED) and type_name(first) == type_name(value)


def _single(value: Value) -> list[str]:
    if isinstance(value, Formatted):
        return value.lines
    if isinstance(value, datetime):
        return ["", format_date(value, "F"), ""]
    if isinstance(value, bytes):
        return [str(item) for item in value]
    if isinstance(value, ErrorRecord):
        return [to_text(value)]
    return display_text(value).replace("\r\n", "\n").split("\n")


def _shown(group: list[Value], width: int, budget: Budget) -> list[str]:
    if isinstance(group[0], DictionaryEntry):
        fixed = [_HASH_NAME_WIDTH, width - _HASH_NAME_WIDTH - 1]
        return table(group, ["Name", "Value"], budget, width=width, fixed=fixed)
    names = members.names(group[0])
    if not names:
        return [""] if isinstance(group[0], PSObject) else [to_text(item) for item in group]
    if len(names) <= _TABLE_COLUMNS:
        return table(group, names, budget, width=width)
    return property_list(group, None, budget, width=width)


def cell(value: Value) -> str:
    """A property's value in a table or a list."""
    if isinstance(value, PSObject):
        return object_text(value)
    if isinstance(value, Hashtable):
        return _enumeration(value.keys())
    if isinstance(value, list | bytes):
        return _enumeration(list(value))
    return display_text(value)


def _enumeration(values: list[Value]) -> str:
    shown = [cell(item) if not isinstance(item, list | Hashtable) else type_name(item) for item in values[:_ENUMERATED]]
    return "{" + ", ".join(shown) + ("..." if len(values) > _ENUMERATED else "") + "}"


def _cells(value: Value, names: list[str], budget: Budget) -> list[str]:
    cells: list[str] = []
    for name in names:
        item = members.get(value, name)
        cells.append("" if item is members.ABSENT else cell(item))
        budget.text(len(cells[-1]))
    return cells


# Tables ---------------------------------------------------------------------------------------------------------------


def table(
    values: list[Value], names: list[str], budget: Budget, *, width: int = WIDTH, fixed: list[int] | None = None
) -> list[str]:
    """``fixed`` are the widths of a view that has its own, which also keeps numbers on the left."""
    rows = [[_one_line(text)[: width + 1] for text in _cells(value, names, budget)] for value in values]
    right = [not fixed and _is_number(members.get(values[0], name)) for name in names]
    widths = fixed or [max(len(name), *(len(row[at]) for row in rows)) for at, name in enumerate(names)]
    widths = fitted([max(1, each) for each in widths], width)
    rules = ["-" * min(len(name), size) for name, size in zip(names, widths, strict=False)]
    lines = [_row(row, widths, right) for row in (names, rules, *rows)]
    return ["", *lines, "", ""]


def fitted(widths: list[int], screen: int) -> list[int]:
    """The widths of the columns that fit: the last one that shows gives way, or goes."""
    kept = list(widths)
    while kept:
        excess = sum(kept) + len(kept) - 1 - screen
        if excess <= 0:
            break
        if kept[-1] - excess >= 1:
            kept[-1] -= excess
            break
        kept.pop()
    return kept


def _row(texts: list[str], widths: list[int], right: list[bool]) -> str:
    pairs = zip(texts, widths, right, strict=False)
    return " ".join(_field(text, size, on_right) for text, size, on_right in pairs).rstrip(" ")


def _field(text: str, size: int, on_right: bool) -> str:
    if len(text) > size:
        if on_right:
            return "..." + text[len(text) - size + 3 :] if size > 3 else text[-size:]
        return text[: size - 3] + "..." if size > 3 else text[:size]
    return text.rjust(size) if on_right else text.ljust(size)


def _one_line(text: str) -> str:
    """A cell ends at its first line break."""
    first, mark, _ = text.replace("\r\n", "\n").partition("\n")
    return first + "..." if mark else text


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# Lists ----------------------------------------------------------------------------------------------------------------


def property_list(values: list[Value], names: list[str] | None, budget: Budget, *, width: int = WIDTH) -> list[str]:
    """``Name : value`` lines; ``names`` None shows each value's own properties."""
    lines = ["", ""]
    for value in values:
        own = names or members.names(value)
        label = max(map(len, own), default=0)
        for name, text in zip(own, _cells(value, own, budget), strict=True):
            lines += _wrapped(name.ljust(label) + " : ", text, width)
        lines.append("")
    return [*lines, "", ""]


def _wrapped(head: str, text: str, width: int) -> list[str]:
    """A value that is longer than the screen goes on below itself."""
    room = max(1, width - len(head))
    pieces = [
        line[at : at + room]
        for line in text.replace("\r\n", "\n").split("\n")
        for at in range(0, max(len(line), 1), room)
    ]
    return [(head if at == 0 else " " * len(head)) + piece for at, piece in enumerate(pieces)]


def structured(value: Value) -> bool:
    """Whether a value has properties to show, rather than being shown as it is."""
    return isinstance(value, (*_STRUCTURED, Hashtable)) and not isinstance(value, ArrayList)
