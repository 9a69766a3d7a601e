"""Literals, variables, strings, arrays, hashtables, casts and assignment."""

from __future__ import annotations

from practice_cloud.vm import ast, members, statics
from practice_cloud.vm.arithmetic import whole
from practice_cloud.vm.casts import cast, known_type
from practice_cloud.vm.convert import to_bool, to_number, to_text
from practice_cloud.vm.evaluator.access import set_index
from practice_cloud.vm.evaluator.binary import apply
from practice_cloud.vm.evaluator.runtime import Runtime, Sink, expression, statement
from practice_cloud.vm.signals import failed
from practice_cloud.vm.textops import join, split_words
from practice_cloud.vm.values import Hashtable, ScriptBlock, TypeRef, Value, collapse


@expression(ast.Constant)
async def _constant(runtime: Runtime, node: ast.Constant) -> Value:
    return node.value


@expression(ast.Variable)
async def _variable(runtime: Runtime, node: ast.Variable) -> Value:
    return runtime.variable(node)


@expression(ast.Expandable)
async def _expandable(runtime: Runtime, node: ast.Expandable) -> str:
    parts: list[str] = []
    for part in node.parts:
        text = to_text(await runtime.value(part))
        runtime.budget.text(len(text))
        parts.append(text)
    joined = "".join(parts)
    runtime.budget.text(len(joined))
    return joined


@expression(ast.ArrayLiteral)
async def _array(runtime: Runtime, node: ast.ArrayLiteral) -> list[Value]:
    runtime.budget.array(len(node.items))
    return [await runtime.value(item) for item in node.items]


@expression(ast.ArrayExpression)
async def _array_expression(runtime: Runtime, node: ast.ArrayExpression) -> list[Value]:
    output: list[Value] = []
    await runtime.block(node.body, output)
    runtime.budget.array(len(output))
    return output


@expression(ast.SubExpression)
async def _sub_expression(runtime: Runtime, node: ast.SubExpression) -> Value:
    output: list[Value] = []
    await runtime.block(node.body, output)
    runtime.budget.array(len(output))
    return collapse(output)


@expression(ast.Paren)
async def _paren(runtime: Runtime, node: ast.Paren) -> Value:
    if isinstance(node.inner, ast.Assign):
        return await assign(runtime, node.inner)
    return await runtime.value(node.inner)


@expression(ast.HashLiteral)
async def _hash(runtime: Runtime, node: ast.HashLiteral) -> Hashtable:
    return await _filled(runtime, node, Hashtable())


async def _filled(runtime: Runtime, node: ast.HashLiteral, table: Hashtable) -> Hashtable:
    runtime.budget.array(len(node.pairs))
    for key_node, value_node in node.pairs:
        key = await runtime.value(key_node)
        if key is None:
            raise failed("A null key is not allowed in a hash literal.", "InvalidNullKey")
        if table.has(key):
            raise failed(
                f"Duplicate keys '{to_text(key)}' are not allowed in hash literals.", "DuplicateKeyInHashLiteral"
            )
        table.set(key, await runtime.value(value_node))
    return table


@expression(ast.ScriptBlockExpression)
async def _script_block(runtime: Runtime, node: ast.ScriptBlockExpression) -> ScriptBlock:
    return ScriptBlock(node.body, runtime.source[node.span.start + 1 : node.span.end - 1])


@expression(ast.TypeLiteral)
async def _type(runtime: Runtime, node: ast.TypeLiteral) -> TypeRef:
    return TypeRef(known_type(node.name))


@expression(ast.Cast)
async def _cast(runtime: Runtime, node: ast.Cast) -> Value:
    if isinstance(node.operand, ast.HashLiteral):
        # [ordered] and [pscustomobject] keep the order of the literal itself
        table = await _filled(runtime, node.operand, Hashtable(ordered=node.type_name.lower() == "ordered"))
        return cast(node.type_name, table, runtime.budget)
    return cast(node.type_name, await runtime.value(node.operand), runtime.budget)


@expression(ast.Unary)
async def _unary(runtime: Runtime, node: ast.Unary) -> Value:
    value = await runtime.value(node.operand)
    if node.operator in ("-not", "!"):
        return not to_bool(value)
    if node.operator == "-join":
        return join(value, "", runtime.budget)
    if node.operator.endswith("split"):
        return split_words(value, runtime.budget)
    if node.operator == "-bnot":
        return ~whole(value)
    number = to_number(value)
    return -number if node.operator == "-" else number


@expression(ast.Increment)
async def _increment(runtime: Runtime, node: ast.Increment) -> Value:
    old = await runtime.value(node.target)
    if old is not None and not isinstance(old, int | float):
        raise failed(
            "The '++' operator works only on numbers.",
            "OperatorRequiresNumber",
            category="InvalidOperation: (:) [], RuntimeException",
        )
    new = apply("+", old or 0, node.by, runtime)
    await store(runtime, node.target, new)
    return new if node.prefix else old or 0


@statement(ast.Increment)
async def _increment_statement(runtime: Runtime, node: ast.Increment, out: Sink) -> None:
    await _increment(runtime, node)


@statement(ast.Assign)
async def _assign_statement(runtime: Runtime, node: ast.Assign, out: Sink) -> None:
    await assign(runtime, node)


async def assign(runtime: Runtime, node: ast.Assign) -> Value:
    """``target = value`` and ``target += value``; the value."""
    value = await assign(runtime, node.value) if isinstance(node.value, ast.Assign) else await runtime.value(node.value)
    if node.operator != "=":
        value = apply(node.operator[0], await runtime.value(node.target), value, runtime)
    await store(runtime, node.target, value)
    return value


async def store(runtime: Runtime, target: ast.Node, value: Value) -> None:
    """Put a value where the target says."""
    if isinstance(target, ast.Variable):
        _store_variable(runtime, target, value)
    elif isinstance(target, ast.Cast):
        converted = cast(target.type_name, value, runtime.budget)
        await store(runtime, target.operand, converted)
        if isinstance(target.operand, ast.Variable):
            runtime.scope.types[target.operand.name.lower()] = target.type_name
    elif isinstance(target, ast.Member):
        await _store_member(runtime, target, value)
    elif isinstance(target, ast.Index):
        set_index(await runtime.value(target.target), await runtime.value(target.index), value)
    elif isinstance(target, ast.ArrayLiteral):
        await _store_many(runtime, target, value)
    else:
        raise failed("The assignment expression is not valid.", "InvalidLeftHandSide")


def _store_variable(runtime: Runtime, target: ast.Variable, value: Value) -> None:
    constraint = runtime.scope.types.get(target.name.lower())
    if constraint and not target.scope:
        value = cast(constraint, value, runtime.budget)
    runtime.scope.write(target.scope, target.name, value)


async def _store_member(runtime: Runtime, target: ast.Member, value: Value) -> None:
    owner = await runtime.value(target.target)
    name = await runtime.text(target.name)
    if target.static and isinstance(owner, TypeRef):
        statics.write(owner.name, name)
    else:
        members.write(owner, name, value)


async def _store_many(runtime: Runtime, target: ast.ArrayLiteral, value: Value) -> None:
    values = list(value) if isinstance(value, list) else [value]
    last = len(target.items) - 1
    for at, item in enumerate(target.items):
        rest = collapse(values[at:]) if at == last else (values[at] if at < len(values) else None)
        await store(runtime, item, rest)
