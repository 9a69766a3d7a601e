"""Files that take long to make, or long to be read. They keep none of the threads that serve the pages.

A view answers with a ``MadeFile`` and is done. The file is then made by a thread of its own, one after another, into a
temporary file, and leaves from there by the event loop, as slowly as its reader likes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any, cast

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from django.db import close_old_connections
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

PIECE = 64 * 1024
"""Bytes of a file that are in memory at a time, for each reader."""
_HANDED_OVER = "labportal.long_answers"
Make = Callable[[IO[bytes]], None]
WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class MadeFile(StreamingHttpResponse):
    """A download. ``make`` writes it to the file it is given; it may ask the database, and needs no more memory for a
    long file than for a short one. Where nobody takes it over, it is made when it is read."""

    def __init__(self, make: Make, *, name: str, content_type: str) -> None:
        super().__init__(self._pieces(), content_type=content_type)
        self._make = make
        disposition = content_disposition_header(as_attachment=True, filename=name)
        self.headers["Content-Disposition"] = disposition or "attachment"

    def made(self) -> IO[bytes]:
        """Nameless on the disk: it is gone once it is closed."""
        file = TemporaryFile()  # noqa: SIM115  whoever reads it closes it
        try:
            self._make(file)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def _pieces(self) -> Iterator[bytes]:
        with self.made() as file:
            while piece := file.read(PIECE):
                yield piece


@dataclass(frozen=True, slots=True)
class _HandedOver:
    """``status`` and ``headers`` as WSGI has them."""

    status: str
    headers: list[tuple[str, str]]
    response: MadeFile


def handing_over(app: WSGIApp) -> WSGIApp:
    """Around Django: a ``MadeFile`` is left in the scope for ``LongAnswers``, with the head that goes with it."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        head: list[Any] = []

        def hold(*given: Any) -> None:
            head[:] = given

        response = app(environ, hold)
        if isinstance(response, MadeFile):
            environ["asgi.scope"][_HANDED_OVER] = _HandedOver(head[0], head[1], response)
            response.close()
            return ()
        start_response(*head)
        return response

    return answer


class LongAnswers:
    """Around the threads that serve the pages: makes and sends what they have left in the scope."""

    def __init__(self, app: ASGI3Application) -> None:
        self._app = app
        self._makers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="long-answers")

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        async def pass_on(message: ASGISendEvent) -> None:
            if _HANDED_OVER not in scope:
                await send(message)

        await self._app(scope, receive, pass_on)
        handed_over = cast("dict[str, _HandedOver]", scope).pop(_HANDED_OVER, None)
        if handed_over is not None:
            await self._answer(handed_over, receive, send)

    async def _answer(self, answer: _HandedOver, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        making = asyncio.get_running_loop().run_in_executor(self._makers, _make, answer.response)
        gone = asyncio.ensure_future(_until_gone(receive))
        either: list[asyncio.Future[Any]] = [making, gone]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not making.done():
            making.cancel()  # whoever waited in the queue and left is passed over
            return
        with making.result() as file:
            await _send(file, answer, send)


def _make(response: MadeFile) -> IO[bytes]:
    close_old_connections()
    try:
        return response.made()
    finally:
        close_old_connections()


async def _until_gone(receive: ASGIReceiveCallable) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _send(file: IO[bytes], answer: _HandedOver, send: ASGISendCallable) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    told = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in answer.headers]
    told.append((b"content-length", str(size).encode()))
    await send({"type": "http.response.start", "status": int(answer.status[:3]), "headers": told, "trailers": False})
    while piece := await asyncio.to_thread(file.read, PIECE):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
