"""A sender who never ends, or sends without end, keeps nobody else from the pages."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import pytest

from labportal import asgi, whole_requests

Message = dict[str, Any]


class Asked:
    """One request to the application. ``body`` comes in these pieces; then nothing, or the sender hangs up."""

    def __init__(
        self, path: str, *body: bytes, method: str = "POST", ends: bool = True, hangs_up: bool = False
    ) -> None:
        self.answer: list[Message] = []
        self.taken = 0
        self._body = list(body)
        self._ends, self._hangs_up = ends, hangs_up
        headers = [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=x")]
        self._scope = {
            **{"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers},
            **{"http_version": "1.1", "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1)},
        }

    async def _receive(self) -> Message:
        if self._body:
            piece = self._body.pop(0)
            self.taken += len(piece)
            return {"type": "http.request", "body": piece, "more_body": bool(self._body) or not self._ends}
        if self._hangs_up:
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError("nothing comes any more")

    async def _send(self, message: Message) -> None:
        self.answer.append(message)

    async def run(self) -> int | None:
        """The status, None without an answer."""
        await asgi.application(self._scope, self._receive, self._send)  # type: ignore[arg-type]
        return self.answer[0]["status"] if self.answer else None


@pytest.mark.thorough
def test_senders_who_never_end_hold_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_requests, "PATIENCE", 5.0)

    async def crowd() -> tuple[int | None, list[int | None]]:
        slow = [asyncio.create_task(Asked("/accounts/guest/", b"a", ends=False).run()) for _ in range(asgi.THREADS + 4)]
        await asyncio.sleep(0)
        page = await asyncio.wait_for(Asked("/no-such-page/", b"", method="GET").run(), 3)
        return page, await asyncio.gather(*slow)

    page, slow = asyncio.run(crowd())
    assert page == 404
    assert set(slow) == {408}


def test_a_program_is_refused_in_the_shape_of_its_interface() -> None:
    upload = Asked("/api/v1/class", *([b"a" * 65536] * 5))
    assert asyncio.run(upload.run()) == 413
    assert (b"content-type", b"application/problem+json") in upload.answer[0]["headers"]
    told = json.loads(upload.answer[1]["body"])
    assert told == {
        **{"type": "about:blank", "title": HTTPStatus(413).phrase, "status": 413},
        "detail": "That is more than any page here takes.",
    }


def test_an_upload_is_refused_before_it_fills_anything() -> None:
    upload = Asked("/accounts/sign-in/", *([b"a" * 65536] * 1000))
    assert asyncio.run(upload.run()) == 413
    assert upload.taken <= whole_requests.LONGEST + 65536
    assert (b"connection", b"close") in upload.answer[0]["headers"]


def test_only_the_page_that_takes_rosters_takes_more() -> None:
    whole = [b"a" * 65536] * (whole_requests.LONGEST_ROSTER // 65536)
    assert asyncio.run(Asked("/classes/1/roster/", *whole).run()) == 403  # no CSRF token in it
    assert asyncio.run(Asked("/classes/1/roster/", *whole, b"a").run()) == 413
    for path in ("/classes/1/settings/", "/classes/x/roster/", "/classes/1/roster/more/", "/a/classes/1/roster/"):
        assert asyncio.run(Asked(path, *whole).run()) == 413


def test_what_was_given_up_half_way_reaches_no_page() -> None:
    assert asyncio.run(Asked("/accounts/guest/", b"a", ends=False, hangs_up=True).run()) is None


def test_what_is_whole_reaches_its_page() -> None:
    assert asyncio.run(Asked("/accounts/guest/", b"a", b"b").run()) == 403  # no CSRF token in it
