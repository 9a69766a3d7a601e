"""One request on its way through the cloud: where it goes, whose it is, what becomes of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import Scope

from practice_cloud.cloud import IMDS_HOST, Cloud
from practice_cloud.hosts import service_of
from practice_cloud.store import Doc
from practice_cloud.tokens import BadToken, Claims
from practice_cloud.vaults import model as vaults

_SUBSCRIPTION = re.compile(r"^/subscriptions/([^/]+)", re.IGNORECASE)
_FIRST = re.compile(r"^/([^/]+)")
_IMDS = re.compile(r"^/vm/([^/]+)")


@dataclass(slots=True)
class Exchange:
    """``status`` is 0 until something was answered, and stays so for a dropped or unfinished request."""

    host: str
    method: str
    path: str
    query: str
    origin: str
    drop: Callable[[], None]
    caller_oid: str
    subscription_id: str
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: int = 0


def read(cloud: Cloud, scope: Scope) -> Exchange:
    """``scope["state"]`` says where the request came from: ``origin``, ``drop`` and, if known, ``host`` and ``vm``."""
    state, headers, path = scope["state"], Headers(scope=scope), scope["path"]
    host = (state.get("host") or headers.get("host", "")).lower().partition(":")[0]
    caller_oid, subscription_id = _whose(cloud, host, path, headers, state.get("vm"))
    return Exchange(
        host=host,
        method=scope["method"],
        path=path,
        query=scope["query_string"].decode("ascii", "replace"),
        origin=state["origin"],
        drop=state["drop"],
        caller_oid=caller_oid,
        subscription_id=subscription_id,
    )


def _whose(cloud: Cloud, host: str, path: str, headers: Headers, vm: Doc | None) -> tuple[str, str]:
    """The caller's object id and the subscription, "" where the request does not tell."""
    if host == IMDS_HOST:
        return _whose_machine(cloud, path, vm)
    caller = _caller(cloud, headers.get("authorization"))
    oid = caller.oid if caller else ""
    named = _SUBSCRIPTION.match(path)
    if named:
        return oid, named[1].lower()
    return oid, _student_of(cloud, caller.tid) if caller else _addressed(cloud, host, path)


def _addressed(cloud: Cloud, host: str, path: str) -> str:
    """Whose vault, or whose directory (by id or by domain) a request without a token is for."""
    if service_of(host) == "keyvault":
        vault = vaults.find(cloud, host.partition(".")[0])
        return str(vault["sid"]) if vault else ""
    first = _FIRST.match(path)
    named = first[1].lower() if first else ""
    domain = cloud.store.get("domain", named)
    return _student_of(cloud, domain["tenantId"] if domain else named)


def _student_of(cloud: Cloud, tenant_id: str) -> str:
    tenant = cloud.store.get("tenant", tenant_id)
    return tenant["subscriptionId"] if tenant else ""


def _whose_machine(cloud: Cloud, path: str, vm: Doc | None) -> tuple[str, str]:
    if vm is None:
        key = _IMDS.match(path)
        found = cloud.store.get("imds", key[1]) if key else None
        vm = cloud.store.get("vm", found["vm"]) if found else None
    if vm is None:
        return "", ""
    return (vm.get("identity") or {}).get("principalId", ""), vm["subscriptionId"]


def _caller(cloud: Cloud, authorization: str | None) -> Claims | None:
    """Who signed in, as far as our signature vouches for it; whether that may pass is for the service to say."""
    try:
        return cloud.tokens.signed(authorization)
    except BadToken:
        return None
