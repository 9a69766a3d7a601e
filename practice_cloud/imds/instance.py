"""``/metadata/instance``: what a VM can learn about itself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from practice_cloud.imds.errors import machine, need_version


async def show(request: Request) -> Response:
    vm = machine(request)
    need_version(request)
    compute = {
        "azEnvironment": "AzurePublicCloud",
        "location": vm["location"],
        "name": vm["name"],
        "osType": vm["osType"],
        "resourceGroupName": vm["resourceGroup"],
        "resourceId": vm["id"],
        "subscriptionId": vm["subscriptionId"],
        "tags": ";".join(f"{name}:{value}" for name, value in vm["tags"].items()),
        "vmId": vm["vmId"],
        "vmSize": vm["vmSize"],
    }
    return JSONResponse({"compute": compute})
