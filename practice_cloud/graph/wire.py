"""What stands between a request to Graph and its handler, and what Graph answers to a wrong one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from practice_cloud.cloud import Cloud
from practice_cloud.entra.scopes import GRAPH, GRAPH_ID
from practice_cloud.errors import AzureError
from practice_cloud.graph.model import Directory
from practice_cloud.json_body import json_object
from practice_cloud.store import Doc
from practice_cloud.tokens import BadToken, Claims

ROOT = "https://graph.microsoft.com/v1.0"
Handler = Callable[[Request], Awaitable[Response]]


def caller(request: Request) -> tuple[Claims, Directory]:
    """Who asks, and the directory they may see. Raises AzureError 401."""
    cloud: Cloud = request.app.state.cloud
    try:
        claims = cloud.tokens.verify(request.headers.get("authorization"), audiences=(GRAPH, GRAPH_ID))
    except BadToken as bad:
        text = f"Access token validation failed: {bad.reason}."
        raise AzureError(401, "InvalidAuthenticationToken", text, headers={"www-authenticate": "Bearer"}) from bad
    tenant = cloud.store.get("tenant", claims.tid)
    if tenant is None:
        raise AzureError(401, "InvalidAuthenticationToken", "The token's tenant does not exist any more.")
    return claims, Directory(cloud.store, tenant)


def writer(request: Request) -> Directory:
    """The directory that the caller may change: everybody of the tenant but a machine's identity, which has no rights
    in a directory until it is given some. Raises AzureError 401 or, as recorded, 403."""
    claims, directory = caller(request)
    if claims.xms_mirid:
        raise AzureError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    return directory


async def body(request: Request) -> Doc:
    """The JSON object sent. Raises AzureError 400 for anything else."""
    try:
        return json_object(await request.body())
    except ValueError as error:
        raise bad_request(f"Unable to read JSON request payload: {error}.") from error


def bad_request(message: str) -> AzureError:
    return AzureError(400, "Request_BadRequest", message)


def not_found(name: str) -> AzureError:
    """As recorded."""
    return AzureError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{name}' does not exist or one of its queried reference-property objects are not present.",
    )
