"""Ending what somebody has signed in to: their refresh tokens and, as services watch for it, their access tokens.

Source: https://learn.microsoft.com/graph/api/user-revokesigninsessions. Here it is at once, where Microsoft says it
may take minutes; and a guest's sessions stay, as there.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import revocation
from practice_cloud.errors import AzureError
from practice_cloud.graph.wire import ROOT, caller, not_found, writer


async def of_user(request: Request) -> Response:
    """Raises AzureError 404."""
    return _end(request, request.path_params["id"].lower())


async def of_me(request: Request) -> Response:
    """Raises AzureError 400 for an application."""
    claims, _ = caller(request)
    if claims.idtyp != "user":
        raise AzureError(400, "BadRequest", "/me is only valid for a signed-in user, not for an application.")
    return _end(request, claims.oid)


def _end(request: Request, wanted: str) -> Response:
    directory, cloud = writer(request), request.app.state.cloud
    owner = directory.tenant["subscriptionId"]
    for user in directory.store.list("user", owner=owner):
        if wanted in (user["id"], user["userPrincipalName"].lower()):
            if "homeOid" not in user:
                revocation.end_sessions(cloud, owner, user)
            return JSONResponse({"@odata.context": f"{ROOT}/$metadata#Edm.Boolean", "value": True})
    raise not_found(wanted)


routes = [
    Route("/v1.0/me/revokeSignInSessions", of_me, methods=["POST"]),
    Route("/v1.0/users/{id}/revokeSignInSessions", of_user, methods=["POST"]),
]
