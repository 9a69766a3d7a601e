"""Members, method calls and indexes."""

from __future__ import annotations

from practice_cloud.vm import ast, members, methods, statics
from practice_cloud.vm.arithmetic import whole
from practice_cloud.vm.convert import to_number, to_text, type_name
from practice_cloud.vm.evaluator.functions import invoke_block
from practice_cloud.vm.evaluator.runtime import Runtime, expression
from practice_cloud.vm.signals import failed
from practice_cloud.vm.values import ArrayList, Char, Hashtable, ScriptBlock, TypeRef, Value


@expression(ast.Member)
async def _member(runtime: Runtime, node: ast.Member) -> Value:
    target = await runtime.value(node.target)
    name = await runtime.text(node.name)
    if node.static:
        return statics.read(_static_type(target), name, runtime.clock)
    if isinstance(target, list):
        runtime.budget.array(len(target))
    return members.read(target, name)


@expression(ast.Invoke)
async def _invoke(runtime: Runtime, node: ast.Invoke) -> Value:
    target = await runtime.value(node.target)
    name = await runtime.text(node.name)
    args = [await runtime.value(arg) for arg in node.args]
    if node.static:
        return statics.call(_static_type(target), name, args, runtime.budget)
    if isinstance(target, ScriptBlock) and name.lower() == "invoke":
        output: list[Value] = []
        await invoke_block(runtime, target, args, output)
        return output
    if isinstance(target, list) and methods.find(target, name) is None:
        runtime.budget.array(len(target))
        return [methods.call(item, name, args, runtime.budget) for item in target]
    return methods.call(target, name, args, runtime.budget)


def _static_type(target: Value) -> str:
    return target.name if isinstance(target, TypeRef) else type_name(target)


@expression(ast.Index)
async def _index(runtime: Runtime, node: ast.Index) -> Value:
    target = await runtime.value(node.target)
    index = await runtime.value(node.index)
    if target is None:
        raise failed(
            "Cannot index into a null array.", "NullArray", category="InvalidOperation: (:) [], RuntimeException"
        )
    if isinstance(index, list):
        runtime.budget.array(len(index))
        many = [_element(target, each) for each in index]
        return many if isinstance(target, Hashtable) else [item for item in many if item is not None]
    return _element(target, index)


def _element(target: Value, index: Value) -> Value:
    """One element; out of range is ``$null``. An ordered dictionary is indexed by number too."""
    if isinstance(target, Hashtable):
        if target.ordered and isinstance(index, int):
            return _at(target.values(), index)
        return target.get(index)
    if isinstance(target, list | bytes):
        return _at(target, _position(index))
    if isinstance(target, str):
        char = _at(target, _position(index))
        return None if char is None else Char(char)
    if isinstance(index, int):
        return target if index in (0, -1) else None
    raise failed(
        f"Unable to index into an object of type {type_name(target)}.",
        "CannotIndex",
        category=f"InvalidOperation: ({to_text(index)[:60]}:String) [], RuntimeException",
    )


def _position(index: Value) -> int:
    return whole(to_number(index))


def _at(sequence: Value, index: int) -> Value:
    return sequence[index] if -len(sequence) <= index < len(sequence) else None


def set_index(target: Value, index: Value, value: Value) -> None:
    """``target[index] = value``."""
    if isinstance(target, Hashtable):
        key = target.keys()[index] if target.ordered and isinstance(index, int) and index < len(target) else index
        if key is None:
            raise failed("Index operation failed; the array index evaluated to null.", "NullArrayIndex")
        target.set(key, value)
        return
    if target is None:
        raise failed("Cannot index into a null array.", "NullArray")
    if not isinstance(target, list | ArrayList):
        raise failed(f"Unable to index into an object of type {type_name(target)}.", "CannotIndex")
    at = _position(index)
    if not -len(target) <= at < len(target):
        raise failed(
            "Index was outside the bounds of the array.",
            "System.IndexOutOfRangeException",
            category="OperationStopped: (:) [], IndexOutOfRangeException",
            type_name="System.IndexOutOfRangeException",
        )
    target[at] = value
