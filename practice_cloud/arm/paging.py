"""Lists in pages: ``$top`` and ``$skiptoken`` in, ``nextLink`` out."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import JSONResponse

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.arm.wire import Call

MOST = 1000


def page(call: Call, items: list[Doc]) -> JSONResponse:
    """The page asked for. Raises AzureError 400 for a size or a token that is none."""
    query = call.request.query_params
    size = _size(query.get("$top"))
    start = _start(query.get("$skiptoken"))
    body: Doc = {"value": items[start : start + size]}
    if start + size < len(items):
        token = base64.urlsafe_b64encode(str(start + size).encode()).decode()
        kept = {name: value for name, value in query.items() if name != "$skiptoken"}
        body["nextLink"] = (
            f"https://management.azure.com{call.request.url.path}?{urlencode({**kept, '$skiptoken': token})}"
        )
    return JSONResponse(body)


def _size(text: str | None) -> int:
    if text is None:
        return MOST
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise AzureError(400, "InvalidTop", f"The value '{text}' of $top must be a whole number from 1 to {MOST}.")
    return int(text)


def _start(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token.encode()))
    except ValueError as error:
        raise AzureError(400, "InvalidSkipToken", "The $skiptoken is not one this list gave out.") from error
