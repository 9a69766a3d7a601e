"""A subnet by itself: ``…/virtualNetworks/{name}/subnets/{subnet}``. What it may be, ``subnets`` says."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud import networks
from practice_cloud.arm.network import handlers, subnets, waiting
from practice_cloud.arm.paging import page
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc


async def get(call: Call) -> Response:
    """Raises AzureError 404."""
    network = handlers.named(call)
    found = _of(network, call.param("subnet"))
    if found is None:
        message = f"Resource {network['id']}/subnets/{call.param('subnet')} not found."
        raise AzureError(404, "NotFound", message)
    return JSONResponse(subnets.shown(call, network, found))


async def list_(call: Call) -> Response:
    network = handlers.named(call)
    return page(call, [subnets.shown(call, network, one) for one in network["properties"]["subnets"]])


async def put(call: Call) -> Response:
    """201, or 200 for one that is there; the whole network is Updating meanwhile.

    Raises AzureError 400 for one that does not fit, 404 for no such network.
    """
    network, body = handlers.named(call), await call.body()
    known = _of(network, call.param("subnet"))
    name = known["name"] if known else call.param("subnet")
    subnet = subnets.made(call, network, {"name": name, "properties": body.get("properties") or {}})
    beside = [one for one in network["properties"]["subnets"] if one is not known]
    subnets.require_fitting(network, network["properties"]["addressSpace"]["addressPrefixes"], [*beside, subnet])
    changed = _with(network, [*beside, subnet])
    headers = waiting.begin(call, "put subnet", changed, lambda seconds: _keep(call, changed, seconds))
    return JSONResponse(subnets.shown(call, changed, subnet), 201 if known is None else 200, headers)


async def delete(call: Call) -> Response:
    """202 with an operation to poll, or 204 where there is none. Raises AzureError 400 for one that is in use."""
    network = handlers.named(call)
    found = _of(network, call.param("subnet"))
    if found is None:
        return Response(status_code=204)
    subnets.require_unused(call, found)
    changed = _with(network, [one for one in network["properties"]["subnets"] if one is not found])
    headers = waiting.begin(call, "delete subnet", changed, lambda seconds: _keep(call, changed, seconds))
    return Response(status_code=202, headers=headers)


def _of(network: Doc, name: str) -> Doc | None:
    return next((one for one in network["properties"]["subnets"] if one["name"].lower() == name.lower()), None)


def _with(network: Doc, kept: list[Doc]) -> Doc:
    return {**network, "properties": {**network["properties"], "subnets": kept}}


def _keep(call: Call, network: Doc, seconds: float) -> float:
    network["readyAt"] = call.now + seconds
    networks.save(call.cloud, network)
    return seconds
