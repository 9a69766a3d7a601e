"""Tokens in the name of a person who has signed in: from MSAL's cache, renewed without them for as long as Entra does.

azure-identity has no credential for that: its own belong to a person at the same machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from threading import Lock
from time import time
from typing import Any

import msal
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from msal.exceptions import MsalError

from labportal.gateway import SignedInPerson
from labportal.gateway.guard import LOGIN
from labportal.gateway.msal_http import MsalHttp
from labportal.gateway.transport import SharedTransport

ACCESS_TOKENS = msal.TokenCache.CredentialType.ACCESS_TOKEN
GONE = {"error": "Nobody is signed in any more."}


class DelegatedCredential:
    """The SDKs' ``TokenCredential``, to be used inside a call. Raises ClientAuthenticationError when Entra refuses."""

    def __init__(self, who: SignedInPerson, transport: SharedTransport) -> None:
        self._who = who
        self._transport = transport
        self._lock = Lock()
        self._made: Any = None
        self._cache = msal.SerializableTokenCache()
        self._cache.deserialize(without_access_tokens(who.cache))

    def get_token(self, *scopes: str, claims: str | None = None, **_: Any) -> AccessToken:
        try:
            told = self._renewed(scopes, claims)
        except (MsalError, ValueError) as error:  # what MSAL makes of an answer that is no token and no refusal
            raise ClientAuthenticationError(str(error)) from error
        if "error" in told:
            raise ClientAuthenticationError(str(told["error"]))
        return AccessToken(told["access_token"], int(time()) + int(told["expires_in"]))

    def _renewed(self, scopes: tuple[str, ...], claims: str | None) -> Mapping[str, Any]:
        application = self._application()
        accounts = application.get_accounts()
        if not accounts:
            return GONE
        told = application.acquire_token_silent_with_error(list(scopes), accounts[0], claims_challenge=claims)
        self._keep_what_is_new()
        return told or GONE

    def _application(self) -> Any:
        """Made at the first use, because MSAL reads what the tenant says of itself when it is."""
        with self._lock:
            if self._made is None:
                self._made = application(self._who.client_id, self._who.tenant_id, self._transport, self._cache)
            return self._made

    def _keep_what_is_new(self) -> None:
        with self._lock:
            if self._cache.has_state_changed:
                self._who.keep(without_access_tokens(self._cache.serialize()))


def without_access_tokens(cache: str) -> str:
    """MSAL's cache with what renews tokens, and none. One that was refused would be taken from it again and again: what
    has begun afresh must ask. And what is stored opens nothing by itself."""
    return json.dumps({kind: rows for kind, rows in json.loads(cache or "{}").items() if kind != ACCESS_TOKENS})


def application(client_id: str, tenant: str, transport: SharedTransport, cache: Any = None) -> Any:
    """MSAL's, on our transport. It answers from memory for a minute after a refusal, so that calls for another one."""
    return msal.PublicClientApplication(
        client_id,
        authority=f"https://{LOGIN}/{tenant}",
        token_cache=cache,
        http_client=MsalHttp(transport),
        instance_discovery=False,
        client_capabilities=["CP1"],  # continuous access evaluation, as everywhere (credentials.py)
    )
