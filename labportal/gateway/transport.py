"""One transport per process and cloud, shared by every student's clients."""

from __future__ import annotations

import logging
import ssl
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import certifi
import requests
from azure.core.exceptions import AzureError
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from labportal.gateway import Cloud, guard
from labportal.gateway.cache import Keep
from labportal.gateway.calls import Leaving, current_call

POOL = 64  # connections kept per host, and hosts with connections kept: every vault is a host of its own


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to wait for a connection, and for each piece of an answer."""

    connect: float = 5.0
    read: float = 10.0


class SharedTransport(RequestsTransport):  # type: ignore[misc]  # azure-core loads it lazily, so it has no type
    """Sends what the guard lets pass and writes down what came of it: the one place that every request leaves by.

    The session is not the transport's own, so closing a client closes nothing that others use.
    """

    def __init__(self, cloud: Cloud, limits: Limits) -> None:
        super().__init__(
            session=_session(cloud),
            session_owner=False,
            use_env_settings=False,
            connection_timeout=limits.connect,
            read_timeout=limits.read,
            connection_verify=cloud.ca_bundle or True,
        )

    def send(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        call = current_call()
        writes = guard.check(call, request.method, request.url)
        leaving = Leaving(request.method, request.url, writes)
        try:
            answer: HttpResponse = super().send(request, **kwargs)
        except AzureError as failure:
            call.missed(leaving, failure)
            raise
        call.saw(leaving, answer)
        return answer


class _Adapter(HTTPAdapter):
    """With ``trust`` every connection uses that one TLS context. Otherwise requests has urllib3 read the file of
    authorities again for each, which for the public ones is 20 ms of processor time a connection."""

    def __init__(self, trust: ssl.SSLContext | None) -> None:
        self._trust = trust
        super().__init__(pool_connections=POOL, pool_maxsize=POOL)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """urllib3 leaves Nagle's algorithm on for connections through a proxy, which costs every request with a
        body 40 ms: its head and its body go out as two packets, and the second waits to hear of the first."""
        return super().proxy_manager_for(proxy, socket_options=HTTPConnection.default_socket_options, **options)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, tls if self._trust is None else {"ssl_context": self._trust}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        if self._trust is None:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]


def _session(cloud: Cloud) -> requests.Session:
    """Shared by many students: so no cookies, and nothing from the environment or ``.netrc``."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    if cloud.proxy:
        session.proxies = {"https": cloud.proxy}
    # A CA file that is named is read for each connection: it is short, and may not be there yet.
    public = None if cloud.ca_bundle else ssl.create_default_context(cafile=certifi.where())
    session.mount("https://", _Adapter(public))
    return session


_transports: Keep[tuple[Cloud, Limits], SharedTransport] = Keep(8)


def transport_to(cloud: Cloud, limits: Limits) -> SharedTransport:
    """The same transport every time. Making the first one also silences the SDKs' logs of every request."""

    def make() -> SharedTransport:
        for name in ("azure", "msal", "urllib3"):
            logging.getLogger(name).setLevel(logging.ERROR)
        return SharedTransport(cloud, limits)

    return _transports.get((cloud, limits), make)
