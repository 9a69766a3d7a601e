"""The identity that belongs to a resource: ``GET {resource}/providers/Microsoft.ManagedIdentity/identities/default``.

Source: https://learn.microsoft.com/rest/api/managedidentity/system-assigned-identities (2023-01-31) and its example.
It is the only place where ARM tells the client id of a machine's own identity.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud import machines
from practice_cloud.arm.roles import scope
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc


async def get(call: Call) -> Response:
    """Raises AzureError 404 for a resource that is not there, or whose own identity is off (the code is assumed: the
    reference tells the status only)."""
    at = scope.there(call)
    vm = machines.find(call.cloud, at)
    if vm is None or not vm["identity"]:
        raise AzureError(404, "NotFound", f"The resource '{at}' does not have a system-assigned identity.")
    return JSONResponse(_shown(vm))


def _shown(vm: Doc) -> Doc:
    own = vm["identity"]
    keys = f"tid={vm['tenantId']}&oid={own['principalId']}&aid={own['clientId']}"
    return {
        "id": f"{vm['id']}/providers/Microsoft.ManagedIdentity/Identities/default",
        "name": "default",
        "type": "Microsoft.ManagedIdentity/Identities",
        "location": vm["location"],
        "tags": {},
        "properties": {
            "tenantId": vm["tenantId"],
            "principalId": own["principalId"],
            "clientId": own["clientId"],
            "clientSecretUrl": f"https://control-{vm['location']}.identity.azure.net{vm['id']}/credentials?{keys}",
        },
    }
