"""Connections: HTTP over a plain socket, and HTTP over TLS inside a CONNECT tunnel."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from practice_cloud.gather import Gathering
from practice_cloud.hosts import service_of
from practice_cloud.limits import LONGEST_HEAD

log = logging.getLogger(__name__)

KEEP_ALIVE_SECONDS = 300
CONNECT_SECONDS = 30
LONGEST_CONNECT = 16 * 1024
_CONTINUE = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Serving:
    """What all connections of one application share."""

    def __init__(self, app: ASGIApp) -> None:
        self.config = Config(
            app,
            http=HttpToolsProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self.config.load()
        self.state = ServerState()

    async def stop(self, patience: float) -> None:
        """Let requests under way finish for ``patience`` seconds, then cut what is left."""
        for connection in list(self.state.connections):
            connection.shutdown()
        if self.state.tasks:
            await asyncio.wait(list(self.state.tasks), timeout=patience)
        for task in list(self.state.tasks):
            task.cancel()
        for connection in list(self.state.connections):
            connection.transport.abort()


class Http(HttpToolsProtocol):
    """HTTP/1.1 on a transport. Requests learn ``origin`` and ``host``, and how to ``drop`` their connection.

    After ``start_tls`` the first data may come before ``connection_made`` is called; it is kept until then.
    The parser sets no limit to addresses, headers and trailers, so everything that is no body is counted here.
    """

    def __init__(self, serving: Serving, *, origin: str, host: str | None) -> None:
        super().__init__(serving.config, serving.state, {"origin": origin, "host": host})
        self._early = b""
        self._lost = False
        self._head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        gathering = Gathering(transport, self.loop)
        self.app_state |= {"drop": gathering.abort}
        super().connection_made(gathering)
        if self._early:
            early, self._early = self._early, b""
            self.data_received(early)
        if self._lost:
            super().connection_lost(None)

    def data_received(self, data: bytes) -> None:
        if self.transport is None:
            self._early += data
            return
        self._head += len(data)
        super().data_received(data)
        if self._head > LONGEST_HEAD:
            log.info("cut off: the head of a request was longer than %s bytes", LONGEST_HEAD)
            self.transport.abort()

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        self._head -= len(body)
        super().on_body(body)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.transport is None:
            self._lost = True
        else:
            super().connection_lost(exc)


class Tunnel(asyncio.Protocol):
    """Reads one CONNECT; opens TLS on the same socket for hosts that are ours, and refuses all others.

    ``resolves`` says whether a host of ours is there: a vault's name leads nowhere without the vault.
    """

    def __init__(
        self, serving: Serving, context: Callable[[str], ssl.SSLContext], resolves: Callable[[str], bool]
    ) -> None:
        self._serving = serving
        self._context = context
        self._resolves = resolves
        self._loop = asyncio.get_running_loop()
        self._head = bytearray()
        self._opening: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        self._transport = transport
        self._patience = self._loop.call_later(CONNECT_SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.cancel()

    def data_received(self, data: bytes) -> None:
        self._head += data
        head, end, rest = bytes(self._head).partition(b"\r\n\r\n")
        if not end:
            if len(self._head) > LONGEST_CONNECT:
                self._refuse("400 Bad Request", "That is no request this proxy can read.")
            return
        self._patience.cancel()
        refusal = _refusal(head)
        if refusal:
            self._refuse("403 Forbidden", refusal)
        elif rest or self._opening:
            self._refuse("400 Bad Request", "Wait for the proxy's answer before you speak TLS.")
        elif not self._resolves(host := _target(head)[0]):
            # The reason, for it is all of this answer that clients repeat.
            self._refuse(f"502 {host} does not resolve", f"There is no key vault called {host.partition('.')[0]}.")
        else:
            self._opening = self._loop.create_task(self._open(host))

    async def _open(self, host: str) -> None:
        self._transport.write(_CONTINUE)
        http = Http(self._serving, origin="proxy", host=host)
        try:
            secure = await self._loop.start_tls(self._transport, http, self._context(host), server_side=True)
        except (ssl.SSLError, OSError) as error:
            log.info("no TLS with a client of %s: %s. Does it trust the practice cloud's CA?", host, error)
            self._transport.abort()
            return
        if secure is not None:
            http.connection_made(secure)

    def _refuse(self, status: str, text: str) -> None:
        self._patience.cancel()
        log.info("refused %s: %s", _told(_target(bytes(self._head))), text)
        body = f"{text}\n".encode()
        head = f"HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {len(body)}\r\n"
        self._transport.write(head.encode() + b"connection: close\r\n\r\n" + body)
        self._transport.close()


def _target(head: bytes) -> tuple[str, str]:
    """Host and port of ``CONNECT host:port HTTP/1.1``; ("", "") for anything else."""
    words = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
    if len(words) != 3 or words[0] != "CONNECT" or not words[2].startswith("HTTP/1."):
        return "", ""
    host, _, port = words[1].rpartition(":")
    return host.lower(), port


def _told(target: tuple[str, str]) -> str:
    return ascii(":".join(target)) if target[0] else "a request without CONNECT"


def _refusal(head: bytes) -> str:
    """Why a request is refused; "" if it is not."""
    host, port = _target(head)
    if not host:
        return "The practice cloud's proxy only takes CONNECT requests: use it for https addresses."
    if service_of(host) is None:
        return "The practice cloud answers for Azure's host names only, and reaches no other host."
    if port != "443":
        return f"The practice cloud answers for {host} on port 443 only."
    return ""
