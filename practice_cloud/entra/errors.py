"""Entra's errors: OAuth's ``error`` with an AADSTS number before the description."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class EntraError(Exception):
    """``code`` is the AADSTS number, ``error`` the OAuth error clients branch on; ``suberror`` says what kind of
    sign-in would help, and ``claims`` what to send along with it."""

    def __init__(
        self, status: int, error: str, code: int, message: str, *, suberror: str = "", claims: str = ""
    ) -> None:
        super().__init__(f"{status} {error} AADSTS{code}")
        self.status = status
        self.error = error
        self.code = code
        self.message = message
        self.more = {name: text for name, text in (("suberror", suberror), ("claims", claims)) if text}

    def body(self, now: datetime) -> dict[str, Any]:
        at, trace_id, correlation_id = f"{now:%Y-%m-%d %H:%M:%S}Z", str(uuid.uuid4()), str(uuid.uuid4())
        return {
            "error": self.error,
            "error_description": f"AADSTS{self.code}: {self.message} "
            f"Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {at}",
            "error_codes": [self.code],
            "timestamp": at,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.code}",
            **self.more,
        }


async def answer(request: Request, error: Exception) -> Response:
    assert isinstance(error, EntraError)  # noqa: S101 - the handler is registered for this class only
    return JSONResponse(error.body(request.app.state.cloud.clock.now()), error.status)


def tenant_not_found(name: str) -> EntraError:
    return EntraError(400, "invalid_request", 90002, f"Tenant '{name}' not found: there is no such tenant here.")


def client_not_found(client_id: str, tenant: str) -> EntraError:
    text = f"Application with identifier '{client_id}' was not found in the directory '{tenant}'."
    return EntraError(400, "unauthorized_client", 700016, text)


def missing(parameter: str) -> EntraError:
    return EntraError(400, "invalid_request", 900144, f"The request body must contain the parameter '{parameter}'.")


def bad_grant(code: int, message: str) -> EntraError:
    return EntraError(400, "invalid_grant", code, message)
