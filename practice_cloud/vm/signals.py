"""The ways in which a statement ends other than by coming to its end."""

from __future__ import annotations

from practice_cloud.vm.ast import Span
from practice_cloud.vm.values import ErrorRecord, NetException, Value


class Signal(Exception):
    """Travels up through the evaluation; never out of ``run_script``."""


class BreakLoop(Signal):
    pass


class NextTurn(Signal):
    """``continue``."""


class ReturnFromCall(Signal):
    """``return``; its value is already written."""


class ExitScript(Signal):
    pass


class PSError(Signal):
    """A terminating error. ``fatal`` ones (throw, ErrorAction Stop) end the script, the others only the statement."""

    def __init__(self, record: ErrorRecord, *, fatal: bool = False) -> None:
        super().__init__(record.exception.message)
        self.record = record
        self.fatal = fatal


RUNTIME = "System.Management.Automation.RuntimeException"
NOT_SUPPORTED_ID = "PracticeVmNotSupported"


def short_name(type_name: str) -> str:
    return type_name.rpartition(".")[2]


def failed(
    message: str,
    error_id: str = "RuntimeException",
    *,
    category: str = "",
    type_name: str = RUNTIME,
    command: str = "",
    inner: NetException | None = None,
    target: Value = None,
    span: Span | None = None,
) -> PSError:
    """An error that ends the statement. Without ``category`` it is one of the language itself."""
    shown = category or f"InvalidOperation: (:) [{command}], {short_name(type_name)}"
    exception = NetException(type_name, message, inner)
    return PSError(ErrorRecord(exception, shown, error_id, target, None, command, span))


def unsupported(what: str, *, command: str = "", span: Span | None = None) -> PSError:
    """For what Windows PowerShell knows and the practice VM does not: said plainly, never made up."""
    return failed(
        f"The practice VM does not support {what}.",
        NOT_SUPPORTED_ID,
        category=f"NotImplemented: (:) [{command}], NotSupportedException",
        type_name="System.NotSupportedException",
        command=command,
        span=span,
    )
