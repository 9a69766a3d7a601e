"""The practice cloud as its services see it: one object that holds what they share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from practice_cloud.clock import Clock
from practice_cloud.faults import Faults
from practice_cloud.files import private_folder
from practice_cloud.names import resolves
from practice_cloud.record import RequestLog
from practice_cloud.settings import Latency, Timings
from practice_cloud.store import Doc, Store
from practice_cloud.tokens import Tokens

IMDS_HOST = "169.254.169.254"
VM_ADDRESS = "203.0.113.4"
"""Where the requests of practice VMs come from: not the student's own address."""


@dataclass
class Cloud:
    """``front`` is the ASGI application behind which all services stand (``practice_cloud.front.build``);
    ``imds_base`` is where practice VMs' metadata services are reached from outside."""

    store: Store
    tokens: Tokens
    clock: Clock
    requests: RequestLog
    faults: Faults
    latency: Latency
    timings: Timings
    state: Path
    front: ASGIApp | None = field(default=None, repr=False)
    proxy_url: str = ""
    imds_base: str = ""

    @property
    def ca_file(self) -> Path:
        """The certificate clients must trust (``ca_bundle``)."""
        return self.state / "ca.pem"

    @classmethod
    def open(cls, state: Path) -> Self:
        """The cloud kept in the folder ``state``, made if need be."""
        private_folder(state)
        store = Store(state / "cloud.sqlite3")
        clock = Clock(store)
        return cls(
            store=store,
            tokens=Tokens(state / "signing-key.pem", clock),
            clock=clock,
            requests=RequestLog(),
            faults=Faults(store, clock),
            latency=Latency.load(store),
            timings=Timings.load(store),
            state=state,
        )

    def reset(self) -> None:
        """Forget students, resources, requests and settings. The signing key and the CA stay."""
        self.store.clear()
        self.requests.clear()
        self.clock.load()
        self.faults.load()
        self.latency = Latency.load(self.store)
        self.timings = Timings.load(self.store)

    def timings_of(self, sid: str) -> Timings:
        """The timings as one student has them: everybody's, but for what a scenario has set for that student."""
        own = self.store.get("studentTimings", sid)
        return self.timings.changed(own) if own else self.timings

    async def call(self, request: httpx.Request, *, origin: str = "vm", vm: Doc | None = None) -> httpx.Response:
        """A request from inside the practice VM ``vm``: to Azure's hosts, or to its own metadata service.

        It passes the same recording, faults and latency as any other, without a socket. Raises
        httpx.ConnectError for every other host and for vaults that are not there: their names do not
        resolve, and the metadata service listens at port 80 only; and httpx.ReadError where a fault drops the
        connection.
        """
        if not self._reaches(request.url):
            raise httpx.ConnectError(f"nothing is reached at {request.url.host}", request=request)
        if self.front is None:
            raise RuntimeError("the cloud has no front yet: practice_cloud.front.build(cloud) sets it")
        front, state = self.front, {"origin": origin, "vm": vm, "drop": _dropped}

        async def inside(scope: Scope, receive: Receive, send: Send) -> None:
            await front({**scope, "state": dict(state)}, receive, send)

        transport = httpx.ASGITransport(inside, client=(VM_ADDRESS, 443))
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            return await client.send(request)

    def _reaches(self, url: httpx.URL) -> bool:
        if url.host == IMDS_HOST:
            return url.scheme == "http" and url.port in (None, 80)
        return url.scheme == "https" and url.port in (None, 443) and resolves(self, url.host)


def _dropped() -> None:
    raise httpx.ReadError("The underlying connection was closed: The connection was closed unexpectedly.")
