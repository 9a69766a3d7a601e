"""A request is taken in whole before anything is done about it, as Azure's front doors do.

Whoever hangs up before the end of the body has asked for nothing; whoever hangs up after it has asked, and
what was asked for happens.
"""

from __future__ import annotations

from starlette.types import Message, Receive


async def whole(receive: Receive) -> Receive | None:
    """A ``receive`` that has all of the body at hand; None where the sender hung up before its end."""
    pieces: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    told = iter([{"type": "http.request", "body": b"".join(pieces), "more_body": False}])

    async def again() -> Message:
        return next(told, None) or await receive()

    return again
