"""A person signs in with Microsoft: what the worker asks Entra for it. Each function asks at most once for what it is
named after, and none waits: whoever calls comes back.

What is in ``flow`` and ``cache`` opens the person's Azure, or is half of what does. Where a person stands between the
two is kept by the caller, sealed. Sources: docs/azure-own-subscription.md.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msal
from azure.core.exceptions import ClientAuthenticationError
from msal.exceptions import MsalError

from labportal.gateway import Cloud
from labportal.gateway.calls import Call, making
from labportal.gateway.clients import ARM, STANDARD
from labportal.gateway.delegated import application, without_access_tokens
from labportal.gateway.problems import FROM_AZURE, MISREAD, problem_from
from labportal.gateway.transport import SharedTransport, transport_to
from steps.kit.azure import AzureProblem, ProblemKind

SCOPES = [f"{ARM}/.default"]
"""Everything that the application is registered to ask for, so that the person consents once."""
SLOWER = 5
"""Seconds to wait longer each time, once Entra has asked for it (RFC 8628, 3.5)."""
_ASK_AGAIN = {"authorization_pending": 0, "slow_down": SLOWER}


@dataclass(frozen=True, slots=True)
class Application:
    """The one that people sign in to. ``tenant`` is an id, a domain, or "organizations" while it is not known."""

    client_id: str
    tenant: str = "organizations"


@dataclass(frozen=True, slots=True)
class Person:
    """Who has signed in: ``name`` is what they signed in with."""

    object_id: str
    tenant_id: str
    name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """``cache`` is MSAL's, as text: what Entra gives tokens for, for as long as it does."""

    person: Person
    cache: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """``user_code`` is typed at ``address``. ``interval`` is in seconds."""

    user_code: str
    address: str
    interval: int
    ends_at: datetime
    flow: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nobody has typed the code. ``flow`` takes the place of the one that was asked with."""

    interval: int
    flow: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WayToMicrosoft:
    """``address`` is where the person goes; ``state`` comes back with what Entra answers."""

    address: str
    state: str = field(repr=False)
    flow: str = field(repr=False)


class NotOurs(Exception):
    """What came back belongs to no sign-in of ours, or to another one."""


def begin_with_code(cloud: Cloud, asked: Application) -> DeviceCode:
    """Raises AzureProblem."""
    with _asking(cloud) as (call, transport):
        flow = _msal(asked, transport).initiate_device_flow(SCOPES)
        _refuse_errors(flow, call)
        if int(flow["interval"]) < 1:  # MSAL would ask without end
            message = f"Entra named an interval of {flow['interval']} seconds."
            raise AzureProblem(ProblemKind.UNEXPECTED, code="", message=message, source=call.source)
        ends_at = datetime.fromtimestamp(flow["expires_at"], UTC)
        return DeviceCode(
            flow["user_code"], flow["verification_uri"], int(flow["interval"]), ends_at, flow=json.dumps(flow)
        )


def look_whether_typed(cloud: Cloud, asked: Application, flow: str) -> SignedIn | NotYet:
    """Raises AzureProblem, also when the person refused, or the code has run out."""
    known = json.loads(flow)
    with _asking(cloud) as (call, transport):
        cache = msal.SerializableTokenCache()
        client = _msal(asked, transport, cache)
        told = client.acquire_token_by_device_flow(known, exit_condition=lambda flow: True)
        if told.get("error") in _ASK_AGAIN:
            interval = int(known["interval"]) + _ASK_AGAIN[told["error"]]
            return NotYet(interval, flow=json.dumps({**known, "interval": interval}))
        return _signed_in(told, cache, call)


def begin_with_browser(cloud: Cloud, asked: Application, redirect_uri: str) -> WayToMicrosoft:
    """By authorization code with PKCE. Raises AzureProblem."""
    with _asking(cloud) as (call, transport):
        client = _msal(asked, transport)
        with warnings.catch_warnings():
            # It advises form_post, which comes without the session's cookie: nobody would know whose it is.
            warnings.filterwarnings("ignore", message="response_mode", category=UserWarning)
            flow = client.initiate_auth_code_flow(
                SCOPES, redirect_uri=redirect_uri, prompt="select_account", response_mode="query"
            )
        _refuse_errors(flow, call)
        return WayToMicrosoft(flow["auth_uri"], state=flow["state"], flow=json.dumps(flow))


def come_back_from_browser(cloud: Cloud, asked: Application, flow: str, answer: Mapping[str, str]) -> SignedIn:
    """``answer`` is the query of the address that Entra sent the browser to. Raises AzureProblem, also when the person
    refused, and NotOurs."""
    with _asking(cloud) as (call, transport):
        cache = msal.SerializableTokenCache()
        client = _msal(asked, transport, cache)
        try:
            told = client.acquire_token_by_auth_code_flow(json.loads(flow), dict(answer))
        except ValueError as error:
            if call.last is not None and call.last.source.path.endswith("/token"):
                raise  # not about what came back
            raise NotOurs(str(error)) from error
        return _signed_in(told, cache, call)


@contextmanager
def _asking(cloud: Cloud) -> Iterator[tuple[Call, SharedTransport]]:
    call = Call(may_write=False)
    try:
        with making(call):
            yield call, transport_to(cloud, STANDARD)
    except NotOurs:
        raise
    except (*FROM_AZURE, *MISREAD, MsalError) as error:
        if isinstance(error, MISREAD) and call.source.status != 200:
            raise  # no answer was being read: this is a fault of ours
        raise _problem(error, call) from error


def _msal(asked: Application, transport: SharedTransport, cache: Any = None) -> Any:
    return application(asked.client_id, asked.tenant, transport, cache)


def _refuse_errors(told: Mapping[str, Any], call: Call) -> None:
    if "error" in told:
        raise _problem(ClientAuthenticationError(str(told["error"])), call)


def _problem(error: Exception, call: Call) -> AzureProblem:
    """Whatever MSAL makes of it, it is Entra that did not sign somebody in."""
    refused = ClientAuthenticationError(str(error))
    refused.__cause__ = error
    return problem_from(refused, call)


def _signed_in(told: Mapping[str, Any], cache: Any, call: Call) -> SignedIn:
    _refuse_errors(told, call)
    claims = told["id_token_claims"]
    person = Person(claims["oid"], claims["tid"], claims.get("preferred_username", ""))
    return SignedIn(person, cache=without_access_tokens(cache.serialize()))
