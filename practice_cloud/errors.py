"""Azure-shaped errors, and the Starlette application every service is built with."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

log = logging.getLogger(__name__)


class AzureError(Exception):
    """Raised in a handler; answered as ``{"error": {"code", "message", "details"?, "innererror"?: {"code"},
    "additionalInfo"?}}``: ``info`` are objects of Azure's ``type`` and ``info``, ``details`` of ``code, message``."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        inner: str | None = None,
        info: Sequence[Mapping[str, Any]] = (),
        details: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.inner = inner
        self.info = info
        self.details = details
        self.headers = dict(headers or {})

    def response(self) -> JSONResponse:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details:
            error["details"] = list(self.details)
        if self.inner is not None:
            error["innererror"] = {"code": self.inner}
        if self.info:
            error["additionalInfo"] = list(self.info)
        return JSONResponse({"error": error}, self.status, self.headers)


def not_implemented(request: Request) -> AzureError:
    """What a known host answers for a request the practice cloud does not know. Logged, never invented."""
    log.warning("not implemented: %s https://%s%s", request.method, request.url.hostname, request.url.path)
    return AzureError(
        501,
        "NotImplementedByPracticeCloud",
        f"The practice cloud does not implement {request.method} {request.url.path} on {request.url.hostname}.",
    )


async def _azure_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, AzureError)  # noqa: S101 - the handler is registered for this class only
    return error.response()


async def _http_exception(request: Request, error: Exception) -> Response:
    """Starlette's own 404 and 405 mean: no such route here."""
    if isinstance(error, HTTPException) and error.status_code not in (404, 405):
        return AzureError(error.status_code, "BadRequest", error.detail).response()
    return not_implemented(request).response()


async def _unexpected(request: Request, _: Exception) -> Response:
    """Starlette re-raises after this answer, so the traceback reaches the log as well."""
    return AzureError(
        500, "InternalServerError", f"The practice cloud failed on {request.method} {request.url.path}."
    ).response()


def azure_app(routes: Sequence[BaseRoute]) -> Starlette:
    """A service: AzureErrors become bodies, an unknown route 501, a failure of ours an Azure-shaped 500."""
    app = Starlette(
        routes=routes,
        exception_handlers={AzureError: _azure_error, HTTPException: _http_exception, Exception: _unexpected},
    )
    app.router.redirect_slashes = False  # Azure never redirects; services name both forms where both are known
    return app
