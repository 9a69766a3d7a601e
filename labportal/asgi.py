"""``/events/`` goes to the streams, everything else to Django."""

from __future__ import annotations

import os

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labportal.settings")
_django = get_asgi_application()

from labportal.runs.stream import events_app  # noqa: E402  the models need Django set up


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    streams = scope["type"] == "lifespan" or scope.get("path", "").startswith("/events/")
    app = events_app if streams else _django
    await app(scope, receive, send)  # type: ignore[arg-type]
