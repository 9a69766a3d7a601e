"""The control plane, for teachers and tests: students, trouble, time, and what was received.

JSON over HTTP on loopback. Bad input is answered 400 ``{"error": "..."}`` saying what to send instead.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud.cloud import Cloud
from practice_cloud.control import apps, belongings, conditions, conduct, credentials, people, received, scenarios
from practice_cloud.control.guard import NoBrowsers


def build(cloud: Cloud) -> Starlette:
    app = Starlette(
        routes=[
            Route("/health", _health),
            *people.routes,
            *credentials.routes,
            *apps.routes,
            *belongings.routes,
            *conditions.routes,
            *scenarios.routes,
            *conduct.routes,
            *received.routes,
        ],
        exception_handlers={HTTPException: _problem},
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
            Middleware(NoBrowsers),
        ],
    )
    app.state.cloud = cloud
    return app


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class only
    told = f"{request.method} {request.url.path} is not known here" if error.status_code == 404 else error.detail
    return JSONResponse({"error": error.detail if error.detail != "Not Found" else told}, error.status_code)
