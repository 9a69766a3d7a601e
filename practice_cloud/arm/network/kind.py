"""What the kinds of network resources differ in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from practice_cloud.arm.wire import Call
from practice_cloud.store import Doc


@dataclass(frozen=True, slots=True)
class Kind:
    """``made(call, doc, before)``: the properties to keep of a resource that is asked for; ``doc`` is all of it but
    those that Azure adds, ``before`` what is there already. ``shown``: what its properties show besides. Both, and
    ``require_unused`` before it is deleted, raise AzureError."""

    name: str
    made: Callable[[Call, Doc, Doc | None], Doc]
    shown: Callable[[Call, Doc], Doc]
    require_unused: Callable[[Call, Doc], None]
