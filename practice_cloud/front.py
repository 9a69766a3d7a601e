"""What every request passes on its way to a service: latency, faults, recording, request ids."""

from __future__ import annotations

import asyncio
import http
import logging
import random
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from practice_cloud import arm, entra, graph, imds, keyvault, scenarios
from practice_cloud.cloud import IMDS_HOST, Cloud
from practice_cloud.errors import AzureError
from practice_cloud.exchange import Exchange, read
from practice_cloud.faults import Fault
from practice_cloud.hosts import service_of
from practice_cloud.intake import whole
from practice_cloud.limits import bounded

log = logging.getLogger(__name__)
# Recorded on every answer of ARM's and Key Vault's: nothing between them and a client keeps a copy.
_UNKEPT = [(b"cache-control", b"no-cache"), (b"pragma", b"no-cache"), (b"expires", b"-1")]
_UNKEPT += [(b"x-content-type-options", b"nosniff")]


def build(cloud: Cloud) -> ASGIApp:
    """All services behind one application, which becomes ``cloud.front``."""
    rooms = {"arm": arm, "entra": entra, "graph": graph, "imds": imds, "keyvault": keyvault}
    services: dict[str, ASGIApp] = {name: room.build(cloud) for name, room in rooms.items()}
    cloud.front = Front(cloud, services)
    return cloud.front


class Front:
    def __init__(self, cloud: Cloud, services: dict[str, ASGIApp]) -> None:
        self._cloud = cloud
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = read(self._cloud, scope)
        try:
            taken = await whole(bounded(receive))
        except AzureError as refusal:
            await refusal.response()(scope, receive, _Answer(exchange, send, self._record).send)
            return
        if taken is None:
            self._record(exchange)
            return
        await self._pass(exchange, scope, taken, send)

    async def _pass(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        latency = self._cloud.latency.ms + random.random() * self._cloud.latency.jitter_ms  # noqa: S311
        way = latency / 2  # as on a network: half of it before the request is there, half before the answer is
        await _delay(way)
        scenarios.run_due(self._cloud)
        fault = self._cloud.faults.strike(
            host=exchange.host, method=exchange.method, path=exchange.path, subscription_id=exchange.subscription_id
        )
        if fault is not None:
            await _delay(fault.delay_ms)
        answer = _Answer(exchange, send, self._record, way)
        if fault is not None and fault.reset == "before":
            await answer.drop(receive)
        elif fault is not None and fault.status is not None:
            await _struck(fault, fault.status)(scope, receive, answer.send)
        elif fault is not None and fault.reset == "after":
            await self._serve(exchange, scope, receive, answer.swallow)
            await answer.drop(receive)
        else:
            await self._serve(exchange, scope, receive, answer.send)

    async def _serve(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        service, scope = self._place(exchange, scope)
        try:
            await service(scope, receive, send)
        except Exception:  # the service has answered 500 already; here it is told to the log
            log.exception("failed: %s https://%s%s", exchange.method, exchange.host, exchange.path)

    def _place(self, exchange: Exchange, scope: Scope) -> tuple[ASGIApp, Scope]:
        """The service for a host, and the scope as it wants to see it."""
        if exchange.host == IMDS_HOST:
            vm = scope["state"].get("vm")
            within = scope if vm is None else {**scope, "path": f"/vm/{vm['imdsKey']}{scope['path']}"}
            return self._services["imds"], within
        name = service_of(exchange.host)
        asked = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower().partition(":")[0]
        if name is None or asked != exchange.host:
            message = f"This connection is for {exchange.host}; the request names {asked or 'no host'}."
            return AzureError(421, "MisdirectedRequest", message).response(), scope
        return self._services[name], scope

    def _record(self, exchange: Exchange) -> None:
        self._cloud.requests.add(
            at=self._cloud.clock.now().isoformat(),
            host=exchange.host,
            method=exchange.method,
            path=exchange.path,
            query=exchange.query,
            status=exchange.status,
            request_id=exchange.request_id,
            caller_oid=exchange.caller_oid,
            subscription_id=exchange.subscription_id,
            origin=exchange.origin,
        )
        log.debug("%s https://%s%s %s", exchange.method, exchange.host, exchange.path, exchange.status)


class _Answer:
    """Sends a response on, after ``way`` milliseconds; records the request just before its first byte leaves, so that
    whoever has the answer finds it among the requests."""

    def __init__(self, exchange: Exchange, send: Send, record: Callable[[Exchange], None], way: float = 0) -> None:
        self._exchange = exchange
        self._send = send
        self._record = record
        self._way = way

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await _delay(self._way)
            self._exchange.status = message["status"]
            self._name(message)
            self._record(self._exchange)
        await self._send(message)

    async def swallow(self, message: Message) -> None:
        """What the handler answers to nobody: only its status is kept."""
        if message["type"] == "http.response.start":
            self._exchange.status = message["status"]

    async def drop(self, receive: Receive) -> None:
        """Cut the connection; return when the server has noticed."""
        await _delay(self._way)
        self._record(self._exchange)
        self._exchange.drop()
        while (await receive())["type"] != "http.disconnect":
            pass

    def _name(self, message: Message) -> None:
        headers = MutableHeaders(raw=message["headers"])
        if "x-ms-request-id" in headers:
            self._exchange.request_id = headers["x-ms-request-id"]
        else:
            headers["x-ms-request-id"] = self._exchange.request_id
        service = service_of(self._exchange.host)
        if service == "arm":
            headers.setdefault("x-ms-correlation-request-id", self._exchange.request_id)
        if service in ("arm", "keyvault"):
            message["headers"] += _UNKEPT


async def _delay(milliseconds: float) -> None:
    if milliseconds > 0:
        await asyncio.sleep(milliseconds / 1000)


def _struck(fault: Fault, status: int) -> Response:
    """What a fault answers: its own body, or one shaped as Azure's."""
    if status in (204, 304):  # these never have a body
        return Response(None, status, fault.headers)
    if isinstance(fault.body, str):
        return Response(fault.body, status, fault.headers, media_type="text/plain")
    if fault.body is not None:
        return JSONResponse(fault.body, status, fault.headers)
    phrase = http.HTTPStatus(status).phrase if status in set(http.HTTPStatus) else "Unknown"
    code = phrase.title().replace(" ", "").replace("-", "")
    return AzureError(
        status, code, f"The practice cloud was asked to answer {status}.", headers=fault.headers
    ).response()
