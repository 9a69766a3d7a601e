"""Variables. Reading looks outwards through the calls that are open; assigning makes the name in the innermost."""

from __future__ import annotations

from dataclasses import dataclass, field

from practice_cloud.vm.ast import ScriptBody
from practice_cloud.vm.signals import failed, unsupported
from practice_cloud.vm.values import Value

_CONSTANTS = frozenset({"true", "false"})


@dataclass(slots=True, eq=False)
class Scope:
    parent: Scope | None = None
    variables: dict[str, Value] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    functions: dict[str, ScriptBody] = field(default_factory=dict)

    def outermost(self) -> Scope:
        scope = self
        while scope.parent:
            scope = scope.parent
        return scope

    def holder(self, name: str) -> Scope | None:
        """The scope that a name is read from."""
        scope: Scope | None = self
        while scope:
            if name in scope.variables:
                return scope
            scope = scope.parent
        return None

    def named(self, scope_name: str) -> Scope:
        """The scope that ``$script:``, ``$global:`` or ``$local:`` means."""
        if scope_name in ("script", "global"):
            return self.outermost()
        if scope_name in ("", "local", "private"):
            return self
        raise unsupported(f"the variable drive '{scope_name}:'")

    def read(self, scope_name: str, name: str) -> Value:
        """The value; a name that was never set is ``$null``."""
        key = name.lower()
        if scope_name:
            return self.named(scope_name).variables.get(key)
        holder = self.holder(key)
        return holder.variables[key] if holder else None

    def write(self, scope_name: str, name: str, value: Value) -> None:
        key = name.lower()
        if key == "null":
            return  # $null takes anything and keeps nothing
        if key in _CONSTANTS:
            raise failed(
                f"Cannot overwrite variable {name} because it is read-only or constant.",
                "VariableNotWritable",
                category=f"WriteError: ({name}:String) [], SessionStateUnauthorizedAccessException",
                type_name="System.Management.Automation.SessionStateUnauthorizedAccessException",
            )
        self.named(scope_name).variables[key] = value

    def function(self, name: str) -> ScriptBody | None:
        scope: Scope | None = self
        while scope:
            if name.lower() in scope.functions:
                return scope.functions[name.lower()]
            scope = scope.parent
        return None
