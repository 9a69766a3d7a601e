"""A file that takes long to make, or long to be read, keeps nobody else from the pages."""

from __future__ import annotations

import asyncio
import threading
import tracemalloc
from collections.abc import Callable
from typing import IO, Any

import pytest
from a2wsgi import WSGIMiddleware
from django.http import HttpResponse

from labportal.long_answers import PIECE, LongAnswers, MadeFile, handing_over

Message = dict[str, Any]
SIZE = 300 * PIECE + 1
"""More pieces than the queue between a thread and its reader has room for."""


class Portal:
    """One thread for the pages. What each address answers is given; "/" is a page."""

    def __init__(self, **files: Callable[[IO[bytes]], None]) -> None:
        self._files = files
        self.app = LongAnswers(WSGIMiddleware(handing_over(self._wsgi), workers=1, send_queue_size=4))  # type: ignore[arg-type]

    def _wsgi(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        make = self._files.get(environ["PATH_INFO"].strip("/"))
        response = MadeFile(make, name="é.csv", content_type="text/csv") if make else HttpResponse("a page")
        start_response(f"{response.status_code} OK", [*response.items(), ("Set-Cookie", "a=b")])
        return response


class Reader:
    """Asks for one address. ``free`` lets it read on: until then it takes the head and nothing more."""

    def __init__(self, path: str = "/", *, slow: bool = False) -> None:
        self.path, self.answer, self.free, self.left = path, list[Message](), asyncio.Event(), asyncio.Event()
        if not slow:
            self.free.set()

    @property
    def body(self) -> bytes:
        return b"".join(one["body"] for one in self.answer[1:])

    async def ask(self, portal: Portal) -> Reader:
        scope = {
            **{"type": "http", "method": "GET", "path": self.path, "query_string": b"", "headers": []},
            **{"http_version": "1.1", "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1)},
        }
        await portal.app(scope, self._receive, self._send)  # type: ignore[arg-type]
        return self

    async def _receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.answer.append(message)
        await self.free.wait()


def many_bytes(file: IO[bytes]) -> None:
    for _ in range(300):
        file.write(b"a" * PIECE)
    file.write(b"z")


def headers_of(reader: Reader) -> dict[bytes, bytes]:
    return dict(reader.answer[0]["headers"])


def test_a_file_arrives_whole_under_its_head() -> None:
    reader = asyncio.run(Reader("/file").ask(Portal(file=many_bytes)))
    head = headers_of(reader)
    assert (reader.answer[0]["status"], len(reader.body), reader.body[-2:]) == (200, SIZE, b"az")
    assert (head[b"content-length"], head[b"set-cookie"]) == (str(SIZE).encode(), b"a=b")
    assert head[b"content-disposition"] == b"attachment; filename*=utf-8''%C3%A9.csv"
    assert [one["more_body"] for one in reader.answer[-2:]] == [True, False]


def test_another_page_goes_through_as_it_is() -> None:
    reader = asyncio.run(Reader().ask(Portal(file=many_bytes)))
    assert (reader.answer[0]["status"], reader.body) == (200, b"a page")


@pytest.mark.thorough
def test_readers_who_take_nothing_keep_no_thread() -> None:
    async def crowd() -> list[Reader]:
        portal = Portal(file=many_bytes)
        slow = [Reader("/file", slow=True) for _ in range(5)]
        reading = [asyncio.create_task(one.ask(portal)) for one in slow]
        while not all(one.answer for one in slow):
            await asyncio.sleep(0.01)
        page = await asyncio.wait_for(Reader().ask(portal), 2)
        assert page.body == b"a page"
        assert [len(one.answer) for one in slow] == [1] * 5, "none has got further than the head"
        for one in slow:
            one.free.set()
        return await asyncio.gather(*reading)

    assert [len(one.body) for one in asyncio.run(crowd())] == [SIZE] * 5


def test_a_file_that_takes_long_to_make_keeps_no_thread_and_they_are_made_one_after_another() -> None:
    go_on, at_once, most = threading.Event(), [0], [0]

    def slowly(file: IO[bytes]) -> None:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        assert go_on.wait(5)
        file.write(b"made")
        at_once[0] -= 1

    async def crowd() -> list[Reader]:
        portal = Portal(file=slowly)
        reading = [asyncio.create_task(Reader("/file").ask(portal)) for _ in range(3)]
        page = await asyncio.wait_for(Reader().ask(portal), 2)
        assert page.body == b"a page"
        go_on.set()
        return await asyncio.gather(*reading)

    assert [one.body for one in asyncio.run(crowd())] == [b"made"] * 3
    assert most == [1]


def test_whoever_leaves_while_others_files_are_made_is_passed_over() -> None:
    go_on, made = threading.Event(), list[str]()

    def first(file: IO[bytes]) -> None:
        made.append("first")
        assert go_on.wait(5)

    async def crowd() -> Reader:
        portal = Portal(first=first, second=lambda file: made.append("second"), third=lambda file: made.append("third"))
        reading = asyncio.create_task(Reader("/first").ask(portal))
        second = Reader("/second")
        waiting = asyncio.create_task(second.ask(portal))
        await asyncio.wait_for(Reader().ask(portal), 2)
        second.left.set()
        await asyncio.wait_for(waiting, 2)
        go_on.set()
        await reading
        await Reader("/third").ask(portal)
        return second

    assert asyncio.run(crowd()).answer == []
    assert made == ["first", "third"]


def test_a_file_that_cannot_be_made_is_an_error_before_anything_is_sent() -> None:
    def broken(file: IO[bytes]) -> None:
        file.write(b"half of it")
        raise RuntimeError("no more")

    reader = Reader("/file")
    with pytest.raises(RuntimeError, match="no more"):
        asyncio.run(reader.ask(Portal(file=broken)))
    assert reader.answer == []


def test_where_nobody_takes_it_over_it_is_made_when_it_is_read() -> None:
    answer = MadeFile(many_bytes, name="a.csv", content_type="text/csv")
    assert len(answer.getvalue()) == SIZE


@pytest.mark.thorough
def test_a_long_file_takes_no_more_memory_than_a_short_one() -> None:
    def long(file: IO[bytes]) -> None:
        for _ in range(10):
            many_bytes(file)

    class Forgetful(Reader):
        async def _send(self, message: Message) -> None:
            self.answer[1:] = [message]

    tracemalloc.start()
    try:
        asyncio.run(Forgetful("/file").ask(Portal(file=long)))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 5 * 2**20, "of two hundred megabytes"
