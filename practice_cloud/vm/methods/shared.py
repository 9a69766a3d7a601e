"""What a method is, and the errors of one that refuses its arguments."""

from __future__ import annotations

from collections.abc import Callable

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.signals import failed
from practice_cloud.vm.values import NetException, Value

Method = Callable[[Value, list[Value], Budget], Value]


def bad_call(method: str, reason: str, reason_type: str = "ArgumentException", count: int = 1) -> Exception:
    """A MethodInvocationException around .NET's own."""
    return failed(
        f'Exception calling "{method}" with "{count}" argument(s): "{reason}"',
        reason_type,
        category="NotSpecified: (:) [], MethodInvocationException",
        type_name="System.Management.Automation.MethodInvocationException",
        inner=NetException(f"System.{reason_type}", reason),
    )


def no_overload(name: str, count: int) -> Exception:
    """What PowerShell says when no form of a method takes that many arguments."""
    return failed(
        f'Cannot find an overload for "{name}" and the argument count: "{count}".',
        "MethodCountCouldNotFindBest",
        category="NotSpecified: (:) [], MethodException",
        type_name="System.Management.Automation.MethodException",
    )
