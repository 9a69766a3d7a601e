"""``/events/`` goes to the streams, everything else to Django.

Django runs in a few threads of its own through its WSGI handler: its views are synchronous, and in its ASGI
handler each request changes threads several times and opens a database connection anew
(docs/decisions/0006-streams-beside-django.md has the figures).
"""

from __future__ import annotations

import os

from a2wsgi import WSGIMiddleware
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from django.core.wsgi import get_wsgi_application

from labportal.long_answers import LongAnswers, handing_over
from labportal.whole_requests import WholeRequests

THREADS = 2
"""Python runs one of them at a time anyway, and each that is busy makes the others wait longer for their turn: with 100
students checking, the slowest twentieth of the clicks took 171 ms with eight threads, 137 with three, 98 with two."""
PIECES = 256
"""Of an answer that may wait for a slow reader; with fewer than a file has, the reader would keep the thread. What has
more, or takes long to make, is a ``MadeFile`` (``labportal.long_answers``)."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labportal.settings")
_pages = WSGIMiddleware(handing_over(get_wsgi_application()), workers=THREADS, send_queue_size=PIECES)  # type: ignore[arg-type]  # Django's is untyped
_django = WholeRequests(LongAnswers(_pages))  # type: ignore[arg-type]  # a2wsgi has types of its own for ASGI

from labportal.streams import events_app  # noqa: E402  the models need Django set up


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    streams = scope["type"] == "lifespan" or scope.get("path", "").startswith("/events/")
    app = events_app if streams else _django
    await app(scope, receive, send)  # type: ignore[arg-type]  # Starlette and a2wsgi each have types of their own for ASGI
