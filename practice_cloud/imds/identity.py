"""Tokens for a VM's managed identity, with replies and errors as recorded from the real service."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from practice_cloud import federation, groups
from practice_cloud.cloud import Cloud
from practice_cloud.entra.discovery import issuer_v2
from practice_cloud.entra.scopes import RESOURCES
from practice_cloud.imds.errors import ImdsError, machine, need_version
from practice_cloud.store import Doc, Store

TOKEN_SECONDS = 86_399
_WHICH = (
    "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token"
    " request"
)
_CHOICES = ("client_id", "object_id", "principal_id", "msi_res_id", "mi_res_id")


async def token(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    vm = machine(request)
    need_version(request)
    resource = request.query_params.get("resource", "")
    if not resource:
        raise ImdsError(400, "invalid_request", "Required query variable 'resource' is missing")
    identity = _chosen(
        cloud.store, vm, {name: request.query_params[name] for name in _CHOICES if name in request.query_params}
    )
    exchange = resource in (federation.AUDIENCE, federation.AUDIENCE_ID)
    if not exchange and resource.rstrip("/").lower() not in RESOURCES:
        text = f"AADSTS50001: The resource named {resource} was not found in the tenant {identity['tenantId']}."
        raise ImdsError(400, "invalid_resource", text)
    access, seconds = (_for_exchange if exchange else _access)(cloud, vm, identity, resource)
    return JSONResponse(_reply(cloud, access, seconds, identity, resource))


def _access(cloud: Cloud, vm: Doc, identity: dict[str, str], resource: str) -> tuple[str, int]:
    return cloud.tokens.issue(
        tenant_id=identity["tenantId"],
        audience=resource,
        oid=identity["principalId"],
        appid=identity["clientId"],
        extra={
            "idtyp": "app",
            "appidacr": "2",
            "xms_az_rid": vm["id"],
            "xms_mirid": identity["resourceId"],
            **groups.claim(cloud, identity["principalId"]),
        },
        lifetime=TOKEN_SECONDS,
    )


def _for_exchange(cloud: Cloud, vm: Doc, identity: dict[str, str], _: str) -> tuple[str, int]:
    """What an app takes as a federated credential: a token of version 2.0, whose issuer and audience are named
    otherwise than in those for Azure's services.

    https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity;
    the audience is the id of the same resource, as people report of such tokens.
    """
    now, oid = int(cloud.clock.now().timestamp()), identity["principalId"]
    claims = {
        "aud": federation.AUDIENCE_ID,
        "iss": issuer_v2(identity["tenantId"]),
        "iat": now,
        "nbf": now,
        "exp": now + TOKEN_SECONDS,
        "azp": identity["clientId"],
        "azpacr": "2",
        "idtyp": "app",
        "oid": oid,
        "sub": oid,
        "tid": identity["tenantId"],
        "ver": "2.0",
        "xms_az_rid": vm["id"],
        "xms_mirid": identity["resourceId"],
    }
    return cloud.tokens.sign(claims), TOKEN_SECONDS


def _reply(cloud: Cloud, access: str, seconds: int, identity: dict[str, str], resource: str) -> dict[str, str]:
    now = int(cloud.clock.now().timestamp())
    return {
        "access_token": access,
        "client_id": identity["clientId"],
        "expires_in": str(seconds),
        "expires_on": str(now + seconds),
        "ext_expires_in": str(seconds),
        "not_before": str(now),
        "resource": resource,
        "token_type": "Bearer",
    }


def _chosen(store: Store, vm: Doc, asked: dict[str, str]) -> dict[str, str]:
    """The identity that is asked for; without a choice the system-assigned one, or else the only user-assigned.

    A user-assigned one that was deleted gives no tokens, though the machine still names it. The words of the refusals
    are recorded; the choice is by https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
    """
    candidates = [one for one in _identities(vm) if store.get("principal", one["principalId"]) is not None]
    if asked:
        wanted = {value.lower() for value in asked.values()}
        named = ("clientId", "principalId", "resourceId")
        candidates = [one for one in candidates if wanted <= {one[name].lower() for name in named}]
    elif candidates and candidates[0]["resourceId"] == vm["id"]:
        candidates = candidates[:1]
    if not candidates:
        raise ImdsError(400, "invalid_request", "Identity not found")
    if len(candidates) > 1:
        raise ImdsError(400, "invalid_request", _WHICH)
    return candidates[0]


def _identities(vm: Doc) -> list[dict[str, str]]:
    """System-assigned first. The resource id is the machine's for that one, its own for a user-assigned one."""
    found: list[dict[str, str]] = []
    system: dict[str, Any] = vm.get("identity") or {}
    if system.get("principalId"):
        found.append({**_ids(system), "tenantId": system["tenantId"], "resourceId": vm["id"]})
    for resource_id, user in (vm.get("userIdentities") or {}).items():
        found.append({**_ids(user), "tenantId": vm["tenantId"], "resourceId": resource_id})
    return found


def _ids(identity: dict[str, Any]) -> dict[str, str]:
    return {"clientId": identity["clientId"], "principalId": identity["principalId"]}
