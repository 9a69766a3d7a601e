"""Select-Object, Where-Object, ForEach-Object, Sort-Object, Measure-Object, Add-Member."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta

from practice_cloud.vm import comparison, members
from practice_cloud.vm.arithmetic import whole
from practice_cloud.vm.convert import to_bool, to_number, to_text
from practice_cloud.vm.evaluator.binary import apply
from practice_cloud.vm.evaluator.functions import block_with_item
from practice_cloud.vm.evaluator.invocation import Invocation, Param, binding_failed, cmdlet
from practice_cloud.vm.patterns import like
from practice_cloud.vm.signals import unsupported
from practice_cloud.vm.values import Hashtable, Props, PSObject, ScriptBlock, Value, collapse
from practice_cloud.vm.words import words

_COMPARISONS = words(
    "eq ne gt ge lt le like notlike match notmatch contains notcontains in notin ceq cne clike cmatch is isnot"
)


async def block_value(call: Invocation, block: ScriptBlock, item: Value) -> Value:
    output: list[Value] = []
    await block_with_item(call.runtime, block, item, output)
    return collapse(output)


@cmdlet(
    "ForEach-Object",
    Param("Process", position=0, rest=True),
    Param("MemberName"),
    Param("Begin"),
    Param("End"),
    Param("InputObject"),
    foreign=("RemainingScripts", "ArgumentList"),
)
async def for_each_object(call: Invocation) -> None:
    blocks = call.get("Process")
    if isinstance(blocks, str) or call.has("MemberName"):
        for item in call.objects():
            call.write_all(members.read(item, call.text("MemberName") or to_text(blocks)))
        return
    if not isinstance(blocks, ScriptBlock):
        raise unsupported("ForEach-Object without one script block", command=call.name)
    if isinstance(call.get("Begin"), ScriptBlock):
        await block_with_item(call.runtime, call.get("Begin"), None, call.sink)
    for item in call.objects():
        await block_with_item(call.runtime, blocks, item, call.sink)
    if isinstance(call.get("End"), ScriptBlock):
        await block_with_item(call.runtime, call.get("End"), None, call.sink)


@cmdlet(
    "Where-Object",
    Param("FilterScript", position=0),
    Param("Property"),
    Param("Value", position=1),
    Param("InputObject"),
    Param("Not", switch=True),
    *(Param(name, switch=True) for name in _COMPARISONS),
)
async def where_object(call: Invocation) -> None:
    for item in call.objects():
        if await _wanted(call, item):
            call.write(item)


async def _wanted(call: Invocation, item: Value) -> bool:
    condition = call.get("FilterScript")
    if isinstance(condition, ScriptBlock):
        return to_bool(await block_value(call, condition, item))
    value = members.read(item, call.text("Property") or to_text(condition))
    operator = next((name for name in _COMPARISONS if call.flag(name)), None)
    if operator is None:
        return to_bool(value) != call.flag("Not")
    return to_bool(apply(f"-{operator}", value, call.get("Value"), call.runtime))


@cmdlet(
    "Select-Object",
    Param("Property", position=0, rest=True),
    Param("ExcludeProperty"),
    Param("ExpandProperty"),
    Param("First"),
    Param("Last"),
    Param("Skip"),
    Param("Index"),
    Param("Unique", switch=True),
    Param("InputObject"),
    foreign=("SkipLast", "Wait"),
)
async def select_object(call: Invocation) -> None:
    items = _window(call)
    if call.flag("Unique"):
        items = _unique(call, items)
    for item in items:
        await _selected(call, item)


def _window(call: Invocation) -> list[Value]:
    items = call.objects()
    if call.has("Index"):
        chosen = {whole(at) for at in _many(call.get("Index"))}
        return [item for at, item in enumerate(items) if at in chosen]
    items = items[call.count("Skip", 0) :]
    if not call.has("First") and not call.has("Last"):
        return items
    first, last = call.count("First", 0), call.count("Last", 0)
    return items[:first] + (items[max(first, len(items) - last) :] if last else [])


def _unique(call: Invocation, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for item in items:
        if not comparison.contains(found, item, call.runtime.budget, ignore_case=False):
            found.append(item)
    return found


async def _selected(call: Invocation, item: Value) -> None:
    chosen = await _chosen(call, item) if call.has("Property") or call.has("ExcludeProperty") else None
    if not call.has("ExpandProperty"):
        call.write(item if chosen is None else chosen)
        return
    name = call.text("ExpandProperty")
    value = _of(item, name)
    if value is members.ABSENT:
        call.error(
            f'Property "{name}" cannot be found.',
            "ExpandPropertyNotFound,Microsoft.PowerShell.Commands.SelectObjectCommand",
            f"InvalidArgument: ({to_text(item)[:60]}:PSObject) [Select-Object], PSArgumentException",
        )
        return
    call.write_all(value)


def _of(item: Value, name: str) -> Value:
    return members.get(item, name)


async def _chosen(call: Invocation, item: Value) -> PSObject:
    """A new object with the properties asked for; wildcards and calculated ones included."""
    props = Props()
    asked = call.get("Property", "*")
    excluded = [to_text(name) for name in _many(call.get("ExcludeProperty"))]
    for wanted in _many(asked):
        if isinstance(wanted, Hashtable):
            name, value = await _calculated(call, wanted, item)
            props[name] = value
        else:
            for name in _names(item, to_text(wanted)):
                if not any(like(name, pattern) for pattern in excluded):
                    found = _of(item, name)
                    props[name] = None if found is members.ABSENT else found
    return PSObject(props)


def _many(value: Value) -> list[Value]:
    return value if isinstance(value, list) else ([] if value is None else [value])


def _names(item: Value, wanted: str) -> list[str]:
    matching = [name for name in members.names(item) if like(name, wanted)]
    return matching or ([] if "*" in wanted else [wanted])


async def _calculated(call: Invocation, wanted: Hashtable, item: Value) -> tuple[str, Value]:
    """``@{Name='x'; Expression={...}}``; the keys may be shortened."""
    parts = {to_text(key).lower()[:1]: value for key, value in wanted.items()}
    name = parts.get("n", parts.get("l"))
    how = parts.get("e")
    if name is None or how is None:
        raise binding_failed(
            call.name, "A calculated property needs the keys Name and Expression.", "DictionaryKeyMissing"
        )
    if isinstance(how, ScriptBlock):
        return to_text(name), await block_value(call, how, item)
    return to_text(name), members.read(item, to_text(how))


@cmdlet(
    "Sort-Object",
    Param("Property", position=0, rest=True),
    Param("Descending", switch=True),
    Param("Unique", switch=True),
    Param("CaseSensitive", switch=True),
    Param("InputObject"),
    foreign=("Culture", "Stable", "Top", "Bottom"),
)
async def sort_object(call: Invocation) -> None:
    items = call.objects()
    call.runtime.budget.array(len(items) * 8)
    keys = [await _sort_keys(call, item) for item in items]
    ignore_case = not call.flag("CaseSensitive")

    def by_keys(left: int, right: int) -> int:
        signs = (_sort_order(a, b, ignore_case) for a, b in zip(keys[left], keys[right], strict=True))
        return next((sign for sign in signs if sign), 0)

    places = sorted(range(len(items)), key=functools.cmp_to_key(by_keys), reverse=call.flag("Descending"))
    previous: int | None = None
    for place in places:
        if call.flag("Unique") and previous is not None and by_keys(previous, place) == 0:
            continue
        previous = place
        call.write(items[place])


async def _sort_keys(call: Invocation, item: Value) -> list[Value]:
    if not call.has("Property"):
        return [_sort_key(call, item)]
    keys: list[Value] = []
    for wanted in _many(call.get("Property")):
        if isinstance(wanted, ScriptBlock):
            keys.append(_sort_key(call, await block_value(call, wanted, item)))
        elif isinstance(wanted, Hashtable):
            raise unsupported("Sort-Object with a hashtable", command=call.name)
        else:
            keys.append(_sort_key(call, members.read(item, to_text(wanted))))
    return keys


def _sort_key(call: Invocation, value: Value) -> Value:
    """Objects sort by their text; texts are counted, as they are compared again and again."""
    key = to_text(value) if isinstance(value, list | Hashtable | PSObject) else value
    call.runtime.budget.text(len(key) if isinstance(key, str) else 1)
    return key


def _sort_order(left: Value, right: Value, ignore_case: bool) -> int:
    """Values of one kind by their order, others by their text."""
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    if numbers or (type(left) is type(right) and isinstance(left, str | datetime | timedelta | bool)):
        return comparison.order(left, right, ignore_case=ignore_case)
    return comparison.order(to_text(left), to_text(right), ignore_case=ignore_case)


@cmdlet(
    "Measure-Object",
    Param("Property", position=0),
    Param("Sum", switch=True),
    Param("Average", switch=True),
    Param("Maximum", switch=True),
    Param("Minimum", switch=True),
    Param("InputObject"),
    foreign=("Line", "Word", "Character", "IgnoreWhiteSpace"),
)
async def measure_object(call: Invocation) -> None:
    items = call.objects()
    name = call.text("Property")
    values = [members.read(item, name) for item in items] if name else items
    values = [value for value in values if value is not None]
    wants = {kind for kind in ("Sum", "Average", "Maximum", "Minimum") if call.flag(kind)}
    numbers = [to_number(value) for value in values] if wants else []
    total = float(sum(numbers))
    props = Props(
        [
            ("Count", len(values)),
            ("Average", total / len(numbers) if "Average" in wants and numbers else None),
            ("Sum", total if "Sum" in wants else None),
            ("Maximum", float(max(numbers)) if "Maximum" in wants and numbers else None),
            ("Minimum", float(min(numbers)) if "Minimum" in wants and numbers else None),
            ("Property", name or None),
        ]
    )
    call.write(PSObject(props, "Microsoft.PowerShell.Commands.GenericMeasureInfo"))


@cmdlet(
    "Add-Member",
    Param("MemberType", position=0, aliases=("type",)),
    Param("Name", position=1),
    Param("Value", position=2),
    Param("NotePropertyName"),
    Param("NotePropertyValue"),
    Param("InputObject"),
    Param("PassThru", switch=True),
    Param("Force", switch=True),
    foreign=("SecondValue", "TypeName", "NotePropertyMembers"),
)
async def add_member(call: Invocation) -> None:
    kind = call.text("MemberType", "NoteProperty").lower()
    if kind != "noteproperty":
        raise unsupported(f"Add-Member for a {kind}", command=call.name)
    name = call.text("NotePropertyName") or call.text("Name")
    value = call.get("NotePropertyValue", call.get("Value"))
    for item in call.objects():
        if not isinstance(item, PSObject):
            raise unsupported("Add-Member on anything but a PSCustomObject", command=call.name)
        if name in item.props and not call.flag("Force"):
            call.error(
                f'Cannot add a member with the name "{name}" because a member with that name already exists. To '
                "overwrite the member anyway, add the Force parameter to your command.",
                "MemberAlreadyExists,Microsoft.PowerShell.Commands.AddMemberCommand",
                f"InvalidOperation: (@{{}}:PSObject) [{call.name}], InvalidOperationException",
            )
            continue
        call.runtime.budget.array_limit(len(item.props) + 1)
        item.props[name] = value
        if call.flag("PassThru"):
            call.write(item)
