"""Lists in pages of at most 25: ``maxresults`` and ``$skiptoken`` in, ``nextLink`` out."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import urlencode

from starlette.responses import JSONResponse

from practice_cloud.keyvault.wire import Call
from practice_cloud.store import Doc
from practice_cloud.vaults.model import host
from practice_cloud.vaults.rules import bad_parameter

MOST = 25


def page(call: Call, items: list[Doc], key: Callable[[Doc], str], show: Callable[[Doc], Doc]) -> JSONResponse:
    """The page asked for of ``items``, by ``key``, so that what comes and goes between pages shifts nothing.

    ``nextLink`` is null on the last page, as Azure has it. Raises AzureError 400.
    """
    query = call.request.query_params
    size, after = _size(query.get("maxresults")), _after(query.get("$skiptoken"))
    rest = [one for one in sorted(items, key=key) if key(one) > after]
    shown = rest[:size]
    link = None
    if len(rest) > size:
        token = base64.urlsafe_b64encode(key(shown[-1]).encode()).decode()
        parameters = urlencode({"api-version": call.api_version, "$skiptoken": token, "maxresults": size}, safe="$")
        link = f"{host(call.vault)}:443{call.request.url.path}?{parameters}"
    return JSONResponse({"value": [show(one) for one in shown], "nextLink": link})


def _size(text: str | None) -> int:
    if text is None:
        return MOST
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise bad_parameter(f"maxresults must be a whole number from 1 to {MOST}.")
    return int(text)


def _after(token: str | None) -> str:
    if not token:
        return ""
    try:
        return base64.urlsafe_b64decode(token.encode()).decode()
    except ValueError as error:
        raise bad_parameter("The $skiptoken is not one this list gave out.") from error
