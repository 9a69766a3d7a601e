"""Tokens of whoever asks: asked for once, however many threads want one at the same time."""

from __future__ import annotations

import base64
import json
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from azure.core.credentials import AccessToken
from azure.identity import AzureAuthorityHosts, CertificateCredential, ClientSecretCredential

from labportal.gateway import CertificatePrincipal, ServicePrincipal, SignedInPerson, Who
from labportal.gateway.calls import Exchange, current_call
from labportal.gateway.delegated import DelegatedCredential
from labportal.gateway.transport import SharedTransport

Inner = ClientSecretCredential | CertificateCredential | DelegatedCredential


@dataclass(frozen=True, slots=True)
class _Landed:
    """How a request for a token ended, and the exchanges it took."""

    token: AccessToken | BaseException
    exchanges: list[Exchange]


class SharedCredential:
    """Whoever's credential, for many threads.

    - Threads that want the same token while it is being fetched wait for that one request, and share its
      failure too: six looks with a wrong secret cost one refusal, not six in a row.
    - After a failure MSAL would answer from memory for up to a minute; the engine decides when to ask
      again, so a failed credential is replaced by one that remembers nothing.
    - A vault's challenge may name a tenant, and the SDK remembers challenges by vault name for as long as
      the process lives. Names move between students, so the tenant asked is always that of who asks.
    - Continuous access evaluation is always on: Key Vault's client wants it, and one kind of token for all
      services means one conversation with Entra.
    """

    def __init__(self, who: Who, transport: SharedTransport) -> None:
        self._who = who
        self._transport = transport
        self._lock = threading.Lock()
        self._flights: dict[tuple[str | None, ...], Future[_Landed]] = {}
        self._inner = self._make()

    def get_token(
        self,
        *scopes: str,
        claims: str | None = None,
        tenant_id: str | None = None,
        enable_cae: bool = False,
        **_: Any,
    ) -> AccessToken:
        """The SDK's ``TokenCredential``. Exchanges of a shared request are told to every call that waited."""
        flight, mine = self._join((claims, *scopes))
        if mine:
            flight.set_result(self._fly(scopes, claims))
        landed = flight.result()
        if not mine:
            current_call().exchanges.extend(landed.exchanges)
        if isinstance(landed.token, BaseException):
            raise landed.token
        return landed.token

    def forget(self) -> None:
        """Drops tokens and remembered failures."""
        self._inner = self._make()

    def _join(self, key: tuple[str | None, ...]) -> tuple[Future[_Landed], bool]:
        with self._lock:
            if key in self._flights:
                return self._flights[key], False
            flight: Future[_Landed] = Future()
            self._flights[key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(key))
            return flight, True

    def _fly(self, scopes: tuple[str, ...], claims: str | None) -> _Landed:
        exchanges = current_call().exchanges
        before = len(exchanges)
        token: AccessToken | BaseException
        try:
            token = self._inner.get_token(*scopes, claims=claims, enable_cae=True)
        except BaseException as error:  # noqa: BLE001 - raised again in every thread that waits for it
            self.forget()
            token = error
        return _Landed(token, exchanges[before:])

    def _make(self) -> Inner:
        """Without instance discovery: after a refusal MSAL would ask Microsoft for other names of Microsoft's own
        host, one more request before the student hears of it."""
        how: dict[str, Any] = {
            "authority": AzureAuthorityHosts.AZURE_PUBLIC_CLOUD,
            "disable_instance_discovery": True,
            "transport": self._transport,
            "retry_total": 0,
        }
        match self._who:
            case ServicePrincipal(tenant_id=tenant, client_id=client, client_secret=secret):
                return ClientSecretCredential(tenant, client, secret, **how)
            case CertificatePrincipal(tenant_id=tenant, client_id=client, certificate=pem):
                return CertificateCredential(tenant, client, certificate_data=pem.encode(), **how)
            case SignedInPerson() as person:
                return DelegatedCredential(person, self._transport)


def object_id(token: str) -> str:
    """The ``oid`` claim. Not verified: the token is our own, fresh from Entra over TLS."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["oid"])
