"""Clients put an id that begins with a slash into ``/{scope}/…``: Azure reads ``//`` as ``/``."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send


class OneSlash:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = re.sub(r"/{2,}", "/", scope["path"])
        await self._app({**scope, "path": path.rstrip("/") or "/"}, receive, send)
