"""What stands between a request and its handler: who calls, which api-version, may they, is it there.

The order of the refusals is Azure's: the token, the api-version, the subscription and its
tenant, the permission, the disabled subscription, a lock, the provider's registration, the group.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from practice_cloud.arm import gate, locks, second_factor
from practice_cloud.arm.quota import Quota
from practice_cloud.errors import AzureError, not_implemented
from practice_cloud.json_body import json_object
from practice_cloud.routing import AnyCaseRoute
from practice_cloud.store import Doc
from practice_cloud.tokens import Claims

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

Handler = Callable[["Call"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    ``action`` is the permission it needs, "" for none. ``versions`` are the oldest and the newest
    api-version accepted. ``listing`` admits whoever may read anything below the scope: the handler
    shows them only that. ``write`` says whether a disabled subscription refuses it, unless it deletes.
    """

    method: str
    path: str
    action: str
    handler: Handler
    versions: tuple[str, str]
    listing: bool = False
    provider: str = ""
    group_needed: bool = True

    @property
    def write(self) -> bool:
        return self.action != "" and not self.action.lower().endswith("/read")


@dataclass(frozen=True, slots=True)
class Call:
    """An admitted request. ``subscription`` and ``group`` are {} where the path names none."""

    cloud: Cloud
    request: Request
    claims: Claims
    api_version: str
    subscription: Doc
    group: Doc

    def param(self, name: str) -> str:
        return str(self.request.path_params[name])

    @property
    def sid(self) -> str:
        return str(self.subscription["id"])

    @property
    def now(self) -> float:
        """Seconds since 1970, by the cloud's clock."""
        return self.cloud.clock.now().timestamp()

    def may(self, action: str, scope: str) -> bool:
        return gate.permitted(self.cloud, self.claims.who, scope, action)

    async def body(self) -> Doc:
        """The JSON object sent. Raises AzureError 400 for anything else."""
        try:
            return json_object(await self.request.body())
        except ValueError as error:
            raise invalid_content(str(error)) from error


def invalid_content(why: str) -> AzureError:
    return AzureError(
        400, "InvalidRequestContent", f"The request content was invalid and could not be deserialized: {why}."
    )


def route(cloud: Cloud, operations: list[Operation], quota: Quota) -> AnyCaseRoute:
    """The route of all operations that share one path."""
    by_method = {operation.method: operation for operation in operations}

    async def endpoint(request: Request) -> Response:
        operation = by_method.get(request.method)
        if operation is None:
            raise not_implemented(request)
        await request.body()  # all of it is here before anything is looked up: from here on nobody else comes between
        call = _admit(cloud, operation, request)
        answer = await operation.handler(call)
        if call.subscription:
            answer.headers.update(quota.take(call.claims.oid, call.sid, request.method, call.now))
        return answer

    return AnyCaseRoute(operations[0].path, endpoint)


def _admit(cloud: Cloud, operation: Operation, request: Request) -> Call:
    sid = str(request.path_params.get("sid", ""))
    claims = gate.authenticate(cloud, request.headers.get("Authorization"), sid)
    version = _api_version(operation, request)
    subscription: Doc = {}
    group: Doc = {}
    if sid:
        subscription = gate.subscription(cloud, claims, sid)
        scope = _scope(operation.path, request)
        gate.authorize(cloud, claims, subscription, scope, operation.action, listing=operation.listing)
        if operation.write:
            second_factor.require(cloud, claims, operation.method)
            gate.writable(subscription, operation.method)
            found = str(subscription["id"])
            locks.require_none(cloud, found, scope, method=operation.method, action=operation.action)
        if operation.provider:
            gate.registered(cloud, subscription, operation.provider)
    if sid and operation.group_needed and "rg" in request.path_params:
        changes = operation.write and operation.method != "DELETE"
        group = gate.group(cloud, str(subscription["id"]), str(request.path_params["rg"]), changes=changes)
    return Call(cloud, request, claims, version, subscription, group)


def _api_version(operation: Operation, request: Request) -> str:
    version = request.query_params.get("api-version", "")
    if not version:
        raise AzureError(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    oldest, newest = operation.versions
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(-[a-z0-9.]+)?", version) or not oldest <= version[:10] <= newest:
        raise AzureError(
            400,
            "InvalidApiVersionParameter",
            f"The api-version '{version}' is invalid. The supported versions are from '{oldest}' to '{newest}'.",
        )
    return version


def _scope(template: str, request: Request) -> str:
    """The path down to its last named thing: what a permission is asked for."""
    kept = template[: template.rindex("}") + 1]
    for name, value in request.path_params.items():
        for written in (f"{{{name}}}", f"{{{name}:path}}"):
            kept = kept.replace(written, str(value))
    return kept
