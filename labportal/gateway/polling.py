"""Long-running operations, one look at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from azure.core.polling import LROPoller
from azure.mgmt.core.polling.arm_polling import ARMPolling

from labportal.gateway.calls import Call
from steps.kit.records import Done, Running

M = TypeVar("M")
T = TypeVar("T")

USUAL_WAIT = 2.0  # seconds, where Azure names none: it sends no Retry-After for a vault
_ENDED = frozenset({"succeeded", "failed", "canceled"})


class OneLook(ARMPolling):
    """ARM's polling without its loop and without a thread. Given to ``begin_x(..., polling=OneLook())``.

    ``LROPoller`` asks its method ``finished()`` once, when it is made: unless the answer is yes it starts a
    thread that polls and sleeps until the end, and that thread is the only thing of it that waits. So the
    answer here is always yes; ``ended`` tells the truth, ``update_status()`` is exactly one request in the
    thread of the caller, and ``run()``, finding nothing left to wait for, only does what comes at the end:
    it raises if the operation failed and fetches the result where that stands elsewhere. All of these are
    public; how to follow the operation (Azure-AsyncOperation, Location or provisioningState) stays the
    SDK's business, and so does the continuation token.
    """

    def finished(self) -> bool:
        return True

    @property
    def ended(self) -> bool:
        return str(self.status()).lower() in _ENDED


def begun(call: Call, method: OneLook, poller: LROPoller[M], convert: Callable[[M], T]) -> Done[T] | Running:
    """What the request that started the operation already tells."""
    if not method.ended:
        return _running(call, poller)
    return _conclude(call, method, poller, convert)


def resumed(call: Call, method: OneLook, poller: LROPoller[M], convert: Callable[[M], T]) -> Done[T] | Running:
    """Looks once at an operation taken up again from its token."""
    if not method.ended:
        method.update_status()
    return begun(call, method, poller, convert)


def _conclude(call: Call, method: OneLook, poller: LROPoller[M], convert: Callable[[M], T]) -> Done[T]:
    method.run()
    return Done(convert(poller.result()), call.source)


def _running(call: Call, poller: LROPoller[Any]) -> Running:
    named = call.last.retry_after if call.last is not None else None
    return Running(poller.continuation_token(), USUAL_WAIT if named is None else named, call.source)


def nothing(_: object) -> None:
    """What comes of an operation that has no result."""
