"""What is implemented of what a request asks for: the rest is refused, never taken and forgotten."""

from __future__ import annotations

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc


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
