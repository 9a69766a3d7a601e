"""One call of a cmdlet: its arguments bound to its parameters, its input, its output and its errors."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from practice_cloud.vm.ast import Span
from practice_cloud.vm.convert import to_bool, to_number, to_text
from practice_cloud.vm.evaluator.runtime import Runtime, Sink
from practice_cloud.vm.signals import PSError, failed, unsupported
from practice_cloud.vm.values import ErrorRecord, NetException, Value, enumerate_value


@dataclass(frozen=True, slots=True)
class Given:
    """One argument as written: ``-Name``, a value, or ``-Name:value``."""

    parameter: str | None
    value: Value = None
    has_value: bool = False


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter. ``position`` counts from 0; ``rest`` takes all positional values that are left."""

    name: str
    position: int | None = None
    switch: bool = False
    rest: bool = False
    aliases: tuple[str, ...] = ()
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A cmdlet's parameters; ``foreign`` are those that Windows PowerShell has and the practice VM has not."""

    name: str
    params: tuple[Param, ...]
    foreign: tuple[str, ...] = ()


_COMMON = (
    Param("ErrorAction", aliases=("ea",)),
    Param("WarningAction", aliases=("wa",)),
    Param("Verbose", switch=True, aliases=("vb",)),
    Param("Debug", switch=True, aliases=("db",)),
)
_FOREIGN_COMMON = (
    "ErrorVariable", "WarningVariable", "InformationAction", "InformationVariable", "OutVariable", "OutBuffer",
    "PipelineVariable",
)  # fmt: skip


class Invocation:
    def __init__(
        self,
        runtime: Runtime,
        signature: Signature,
        args: list[Given],
        *,
        given: list[Value] | None,
        out: Sink,
        span: Span,
    ) -> None:
        self.runtime = runtime
        self.name = signature.name
        self.given = given
        self.span = span
        self._out = out
        self._bound = bind(signature, args)
        self.action: Value = self._bound.get("erroraction")

    def has(self, name: str) -> bool:
        return name.lower() in self._bound

    def get(self, name: str, default: Value = None) -> Value:
        return self._bound.get(name.lower(), default)

    def flag(self, name: str) -> bool:
        return to_bool(self.get(name))

    def text(self, name: str, default: str = "") -> str:
        return to_text(self._bound[name.lower()]) if self.has(name) else default

    def number(self, name: str, default: float) -> float:
        """A number; PowerShell's binding error where the argument is none."""
        if not self.has(name):
            return default
        try:
            return to_number(self.get(name))
        except PSError as error:
            raise binding_failed(
                self.name,
                f"Cannot bind parameter '{name}'. {error.record.exception.message}",
                "CannotConvertArgumentNoMessage",
            ) from error

    def count(self, name: str, default: int) -> int:
        number = self.number(name, default)
        if not 0 <= number <= 1 << 31:
            raise binding_failed(
                self.name, f"Cannot validate argument on parameter '{name}'.", "ParameterArgumentValidationError"
            )
        return int(number)

    def objects(self, parameter: str = "InputObject") -> list[Value]:
        """The input: what the pipeline brought, or the argument (an array as its elements)."""
        if self.given is not None:
            return self.given
        return list(enumerate_value(self.get(parameter))) if self.has(parameter) else []

    def write(self, value: Value) -> None:
        """One object to the pipeline; an array stays one."""
        self.runtime.budget.step()
        self._out.append(value)

    def write_all(self, value: Value) -> None:
        for item in enumerate_value(value):
            self.write(item)

    @property
    def sink(self) -> Sink:
        return self._out

    def error(self, message: str, error_id: str, category: str, type_name: str = "System.ArgumentException") -> None:
        """A non-terminating error."""
        record = ErrorRecord(NetException(type_name, message), category, error_id, None, None, self.name, self.span)
        self.runtime.report(record, self.action)


def binding_failed(command: str, message: str, error_id: str) -> PSError:
    return failed(
        message,
        f"{error_id},Microsoft.PowerShell.Commands.{command.replace('-', '')}Command",
        category=f"InvalidArgument: (:) [{command}], ParameterBindingException",
        type_name="System.Management.Automation.ParameterBindingException",
        command=command,
    )


def bind(signature: Signature, args: list[Given], *, overflow: list[Value] | None = None) -> dict[str, Value]:
    """Arguments by the lower-case names of their parameters. ``overflow`` takes what has no parameter (``$args``)."""
    bound: dict[str, Value] = {}
    positional: list[Value] = []
    queue = list(args)
    while queue:
        given = queue.pop(0)
        if given.parameter is None:
            positional.append(given.value)
            continue
        if overflow is not None and _unknown(signature, given.parameter):
            overflow += [f"-{given.parameter}", *([given.value] if given.has_value else [])]
            continue
        param = _find(signature, given.parameter)
        if param.name.lower() in bound:
            raise binding_failed(
                signature.name,
                f"Cannot bind parameter because parameter '{param.name}' is specified more than once.",
                "ParameterAlreadyBound",
            )
        bound[param.name.lower()] = _value_for(signature, param, given, queue)
    _place(signature, positional, bound)
    if overflow is not None:
        overflow += positional
    elif positional:
        raise binding_failed(
            signature.name,
            f"A positional parameter cannot be found that accepts argument '{to_text(positional[0])[:200]}'.",
            "PositionalParameterNotFound",
        )
    _require(signature, bound)
    return bound


def _value_for(signature: Signature, param: Param, given: Given, queue: list[Given]) -> Value:
    if given.has_value:
        return given.value
    if param.switch:
        return True
    if not queue or queue[0].parameter is not None:
        raise binding_failed(
            signature.name,
            f"Missing an argument for parameter '{param.name}'. Specify a parameter and try again.",
            "MissingArgument",
        )
    return queue.pop(0).value


def _unknown(signature: Signature, written: str) -> bool:
    """Whether a plain function has no such parameter: then the word is one of its ``$args``."""
    if any(param.mandatory for param in signature.params):
        return False  # an advanced function refuses it
    return not any(param.name.lower().startswith(written.lower()) for param in (*signature.params, *_COMMON))


def _find(signature: Signature, written: str) -> Param:
    key = written.lower()
    known = (*signature.params, *_COMMON)
    exact = [param for param in known if key in (param.name.lower(), *param.aliases)]
    if exact:
        return exact[0]
    foreign = [name for name in (*signature.foreign, *_FOREIGN_COMMON) if name.lower().startswith(key)]
    matching = [param for param in known if param.name.lower().startswith(key)]
    if len(matching) == 1 and not foreign:
        return matching[0]
    if foreign and not matching:
        raise unsupported(f"the parameter '-{foreign[0]}' of {signature.name}", command=signature.name)
    if matching:
        names = " ".join(f"-{name}" for name in [*(param.name for param in matching), *foreign])
        raise binding_failed(
            signature.name,
            f"Parameter cannot be processed because the parameter name '{written}' is ambiguous. Possible matches "
            f"include: {names}.",
            "AmbiguousParameter",
        )
    raise binding_failed(
        signature.name,
        f"A parameter cannot be found that matches parameter name '{written}'.",
        "NamedParameterNotFound",
    )


def _place(signature: Signature, positional: list[Value], bound: dict[str, Value]) -> None:
    places = [param for param in signature.params if param.position is not None and param.name.lower() not in bound]
    places.sort(key=lambda param: param.position or 0)
    for param in places:
        if not positional:
            return
        if param.rest:
            values = list(positional)
            bound[param.name.lower()] = values[0] if len(values) == 1 else values
            positional.clear()
        else:
            bound[param.name.lower()] = positional.pop(0)


def _require(signature: Signature, bound: dict[str, Value]) -> None:
    missing = [param.name for param in signature.params if param.mandatory and param.name.lower() not in bound]
    if missing:
        raise binding_failed(
            signature.name,
            "Cannot process command because of one or more missing mandatory parameters: " + " ".join(missing) + ".",
            "MissingMandatoryParameter",
        )


@dataclass(frozen=True, slots=True)
class Cmdlet:
    signature: Signature
    run: Callable[[Invocation], Coroutine[Any, Any, None]]


CMDLETS: dict[str, Cmdlet] = {}


def cmdlet(
    name: str, *params: Param, foreign: tuple[str, ...] = ()
) -> Callable[[Callable[[Invocation], Coroutine[Any, Any, None]]], Callable[[Invocation], Coroutine[Any, Any, None]]]:
    """Register a cmdlet under its name."""

    def register(
        run: Callable[[Invocation], Coroutine[Any, Any, None]],
    ) -> Callable[[Invocation], Coroutine[Any, Any, None]]:
        CMDLETS[name.lower()] = Cmdlet(Signature(name, params, foreign), run)
        return run

    return register
