"""Web pages of other sites, open in the student's browser, must not steer the cloud."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class NoBrowsers:
    """Browsers send Origin with every POST, PUT and DELETE of a page, and with everything that a page asks for say
    whose page it is; programs do neither. What a person types into the address bar ("none") passes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
            refusal = JSONResponse({"error": "The control plane is for programs, not for web pages."}, 403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
