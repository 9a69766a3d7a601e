"""Requests reach Django whole, within bounds, or not at all.

Django reads a body in one of the few threads that serve the pages. A sender who never ends, or sends
without end, would keep that thread, or fill the disk with an upload that no page asked for; eight of
them would keep everybody out.
"""

from __future__ import annotations

import asyncio
import json
import re

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGIReceiveEvent, ASGISendCallable, Scope

from labportal.results.shape import MEDIA_TYPE, is_of_the_interface, shaped

LONGEST = 256 * 1024
"""Bytes. What is pasted into a page is a few thousand; one page takes files."""
ROSTER = re.compile(r"/classes/\d+/roster/")
LONGEST_ROSTER = 4 * 1024 * 1024
"""Bytes, for the page that takes the roster of a class: several times what it accepts, so that it can say why not."""
PATIENCE = 20.0
"""Seconds for all of a body to come."""


class WholeRequests:
    """Answers 413 or 408 itself; drops what its sender gave up half way, which Django would take for the whole."""

    def __init__(self, app: ASGI3Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _read(receive, _longest(scope["path"]))
        except TimeoutError:
            await _refuse(scope["path"], send, 408, "The request did not come to its end in time.")
        except _TooLong:
            await _refuse(scope["path"], send, 413, "That is more than any page here takes.")
        except _GaveUp:
            return
        else:
            await self._app(scope, _again(body, receive), send)


class _TooLong(Exception):
    pass


class _GaveUp(Exception):
    pass


def _longest(path: str) -> int:
    return LONGEST_ROSTER if ROSTER.fullmatch(path) else LONGEST


async def _read(receive: ASGIReceiveCallable, longest: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _GaveUp
        body += message["body"]
        if len(body) > longest:
            raise _TooLong
        if not message["more_body"]:
            return bytes(body)


def _again(body: bytes, receive: ASGIReceiveCallable) -> ASGIReceiveCallable:
    waiting: list[ASGIReceiveEvent] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> ASGIReceiveEvent:
        return waiting.pop() if waiting else await receive()

    return again


async def _refuse(path: str, send: ASGISendCallable, status: int, text: str) -> None:
    """In words; to a program as everything else that is wrong below the interface for programs."""
    content_type, body = "text/plain; charset=utf-8", text
    if is_of_the_interface(path):
        content_type, body = MEDIA_TYPE, json.dumps(shaped(status, text))
    headers = [(b"content-type", content_type.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": body.encode(), "more_body": False})
