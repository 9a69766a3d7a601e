"""What the kinds of network resources differ in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
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


def only(what: str, properties: Doc, known: frozenset[str]) -> Doc:
    """The properties that are kept. Raises AzureError 501 for one that has a value and is neither known nor one of
    those that every answer shows, which come back with what was read."""
    for name, value in properties.items():
        if name not in known | _ANSWERED and value not in (None, [], {}, False):
            raise AzureError(
                501,
                "NotImplementedByPracticeCloud",
                f"The practice cloud does not implement the property {name} of a {what}.",
            )
    return {name: value for name, value in properties.items() if name in known and value is not None}


_ANSWERED = frozenset({"provisioningState", "resourceGuid"})
