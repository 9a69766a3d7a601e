"""MSAL's requests, sent through the transport of the cloud: guarded, told of, by our proxy and our authorities.

MSAL's own client follows redirects and reads proxies from the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure.core.rest import HttpRequest

from labportal.gateway.transport import SharedTransport


@dataclass(frozen=True, slots=True)
class Answer:
    """As much of requests' answer as MSAL reads."""

    status_code: int
    text: str
    headers: Mapping[str, str]


class MsalHttp:
    """What MSAL takes as ``http_client``. Made inside ``calls.making``, as everything that sends."""

    def __init__(self, transport: SharedTransport) -> None:
        self._transport = transport

    def get(self, url: str, params: Any = None, headers: Any = None, **_: Any) -> Answer:
        return self._send(HttpRequest("GET", url, params=params, headers=headers))

    def post(self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_: Any) -> Answer:
        return self._send(HttpRequest("POST", url, params=params, data=data, headers=headers))

    def close(self) -> None:
        """The transport belongs to everybody."""

    def _send(self, request: HttpRequest) -> Answer:
        answer = self._transport.send(request)
        answer.read()
        return Answer(answer.status_code, answer.text(), dict(answer.headers))
