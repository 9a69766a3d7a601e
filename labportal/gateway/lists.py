"""Lists of Azure's that none of the SDKs here knows, asked for through a client's own pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from azure.core.rest import HttpRequest

from labportal.gateway.clients import ARM, Clients


def entries(clients: Clients, path: str, version: str) -> Iterator[Any]:
    """Page after page. Raises HttpResponseError for a refusal, and one of ``problems.MISREAD`` for another shape."""
    url = f"{ARM}{path}?api-version={version}"
    while url:
        answer = clients.resources.send_request(HttpRequest("GET", url))
        answer.raise_for_status()
        page = answer.json()
        yield from page["value"]
        url = page.get("nextLink") or ""
