"""Letting an application of another tenant in, and turning it out: ``az ad sp create --id`` and ``az ad sp delete``.

Sources: https://learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals and ``-delete``; the words of the
refusals as people report them (https://github.com/Azure/azure-cli/issues).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import apps, consents
from practice_cloud.errors import AzureError
from practice_cloud.graph.wire import ROOT, bad_request, body, not_found, writer


async def create(request: Request) -> Response:
    """201. Nobody's consent comes with it. Raises AzureError 400, 409, and 501 for more than an appId."""
    directory, sent, cloud = writer(request), await body(request), request.app.state.cloud
    if set(sent) - {"appId", "accountEnabled"}:
        text = "The practice cloud makes a service principal of its appId, and sets nothing else of it."
        raise AzureError(501, "NotImplementedByPracticeCloud", text)
    tenant_id, app = directory.tenant["id"], apps.find(cloud, str(sent.get("appId", "")))
    if app is None or not (app.get("multiTenant") or app["tenantId"] == tenant_id):
        named = sent.get("appId")
        raise bad_request(
            f"The appId '{named}' of the service principal does not reference a valid application object."
        )
    if apps.principal_in(cloud, app, tenant_id) is not None:
        text = "The service principal cannot be created, updated, or restored because the service principal name"
        raise AzureError(409, "Request_MultipleObjectsWithSameKeyValue", f"{text} {app['appId']} is already in use.")
    made = apps.let_in(cloud, app, tenant_id)
    (item,) = [one for one in directory.service_principals() if one["id"] == made]
    return JSONResponse({"@odata.context": f"{ROOT}/$metadata#servicePrincipals/$entity", **item}, 201)


async def delete(request: Request) -> Response:
    """204, with all consents. Raises AzureError 404, and 501 for one that is not of another tenant's application."""
    directory, cloud = writer(request), request.app.state.cloud
    wanted = request.path_params["id"].lower()
    for one in directory.service_principals():
        if one["id"] == wanted:
            app = apps.find(cloud, one["appId"])
            if app is None or app["tenantId"] == directory.tenant["id"]:
                text = "The practice cloud deletes service principals of other tenants' applications only."
                raise AzureError(501, "NotImplementedByPracticeCloud", text)
            consents.take_back(cloud, app, directory.tenant)
            return Response(status_code=204)
    raise not_found(wanted)


routes = [
    Route("/v1.0/servicePrincipals", create, methods=["POST"]),
    Route("/v1.0/servicePrincipals/{id}", delete, methods=["DELETE"]),
]
