"""Operators with two sides."""

from __future__ import annotations

from collections.abc import Callable

from practice_cloud.vm import arithmetic, ast, comparison, textops
from practice_cloud.vm.arithmetic import whole
from practice_cloud.vm.casts import as_type, is_type, type_argument
from practice_cloud.vm.convert import to_bool, to_text
from practice_cloud.vm.evaluator.runtime import Runtime, expression
from practice_cloud.vm.formats import format_items
from practice_cloud.vm.values import Value

_COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le", "like", "notlike"})
_TEXT = frozenset({"match", "notmatch", "replace", "split"})
_MEMBERSHIP = frozenset({"contains", "notcontains", "in", "notin"})


@expression(ast.Binary)
async def _binary(runtime: Runtime, node: ast.Binary) -> Value:
    if node.operator in ("-and", "-or"):
        left = to_bool(await runtime.value(node.left))
        if left == (node.operator == "-or"):
            return left
        return to_bool(await runtime.value(node.right))
    left = await runtime.value(node.left)
    right = await runtime.value(node.right)
    return apply(node.operator, left, right, runtime)


def apply(operator: str, left: Value, right: Value, runtime: Runtime) -> Value:
    plain = _PLAIN.get(operator)
    if plain:
        return plain(left, right, runtime)
    name = operator.removeprefix("-")
    base, ignore_case = _case(name)
    if base in _COMPARISONS:
        return comparison.compare(base, left, right, runtime.budget, ignore_case=ignore_case)
    if base in _MEMBERSHIP:
        many, one = (right, left) if base in ("in", "notin") else (left, right)
        return comparison.contains(many, one, runtime.budget, ignore_case=ignore_case) == (not base.startswith("not"))
    return _text(base, left, right, runtime, ignore_case=ignore_case)


def _case(name: str) -> tuple[str, bool]:
    """The operator without its leading c (case counts) or i (it does not, as without either)."""
    known = _COMPARISONS | _TEXT | _MEMBERSHIP
    return (name, True) if name in known else (name[1:], name[0] != "c")


def _text(name: str, left: Value, right: Value, runtime: Runtime, *, ignore_case: bool) -> Value:
    if name == "replace":
        return textops.replace(left, right, runtime.budget, ignore_case=ignore_case)
    if name == "split":
        return textops.split(left, right, runtime.budget, ignore_case=ignore_case)
    return _match(name, left, right, runtime, ignore_case=ignore_case)


def _match(name: str, left: Value, right: Value, runtime: Runtime, *, ignore_case: bool) -> Value:
    found, matches = textops.match(left, to_text(right), runtime.budget, ignore_case=ignore_case)
    if matches is not None:
        runtime.scope.write("", "Matches", matches)
    if name == "match":
        return found
    if isinstance(found, list):
        return [item for item in left if not any(item is hit for hit in found)]
    return not found


def _range(left: Value, right: Value, runtime: Runtime) -> list[Value]:
    first, last = whole(left), whole(right)
    runtime.budget.array(abs(last - first) + 1)
    step = 1 if last >= first else -1
    return list(range(first, last + step, step))


def _shift(left: Value, right: Value, runtime: Runtime, *, up: bool) -> int:
    by = whole(right) % 32
    number = whole(left)
    return (((number << by) + (1 << 63)) % (1 << 64)) - (1 << 63) if up else number >> by


def _format(left: Value, right: Value, runtime: Runtime) -> str:
    values = right if isinstance(right, list) else [right]
    return format_items(to_text(left), values, runtime.budget)


_PLAIN: dict[str, Callable[[Value, Value, Runtime], Value]] = {
    "+": lambda left, right, runtime: arithmetic.add(left, right, runtime.budget),
    "-": lambda left, right, runtime: arithmetic.subtract(left, right),
    "*": lambda left, right, runtime: arithmetic.multiply(left, right, runtime.budget),
    "/": lambda left, right, runtime: arithmetic.divide(left, right),
    "%": lambda left, right, runtime: arithmetic.modulo(left, right),
    "..": _range,
    "-f": _format,
    "-join": lambda left, right, runtime: textops.join(left, to_text(right), runtime.budget),
    "-is": lambda left, right, runtime: is_type(left, type_argument(right)),
    "-isnot": lambda left, right, runtime: not is_type(left, type_argument(right)),
    "-as": lambda left, right, runtime: as_type(left, type_argument(right), runtime.budget),
    "-xor": lambda left, right, runtime: to_bool(left) != to_bool(right),
    "-band": lambda left, right, runtime: whole(left) & whole(right),
    "-bor": lambda left, right, runtime: whole(left) | whole(right),
    "-bxor": lambda left, right, runtime: whole(left) ^ whole(right),
    "-shl": lambda left, right, runtime: _shift(left, right, runtime, up=True),
    "-shr": lambda left, right, runtime: _shift(left, right, runtime, up=False),
}
