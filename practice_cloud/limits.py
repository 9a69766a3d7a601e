"""How much one request may bring: more would fill the memory that all students share."""

from __future__ import annotations

from starlette.types import Message, Receive

from practice_cloud.errors import AzureError

LONGEST_BODY = 4 * 1024 * 1024  # docs: what Azure Resource Manager takes; a vault takes far less
LONGEST_HEAD = 64 * 1024


def bounded(receive: Receive) -> Receive:
    """``receive``, which raises AzureError 413 once the body is longer than ``LONGEST_BODY``."""
    length = 0

    async def counting() -> Message:
        nonlocal length
        message = await receive()
        length += len(message.get("body", b""))
        if length > LONGEST_BODY:
            raise AzureError(413, "RequestContentTooLarge", f"A request may hold at most {LONGEST_BODY} bytes.")
        return message

    return counting
