"""``/metadata/instance``: what a VM can learn about itself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from practice_cloud.cloud import VM_ADDRESS
from practice_cloud.imds.errors import machine, need_version

PRIVATE_ADDRESS = "10.0.0.4"


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
    address = {"privateIpAddress": PRIVATE_ADDRESS, "publicIpAddress": VM_ADDRESS}
    network = {"interface": [{"ipv4": {"ipAddress": [address]}, "ipv6": {"ipAddress": []}}]}
    return JSONResponse({"compute": compute, "network": network})
