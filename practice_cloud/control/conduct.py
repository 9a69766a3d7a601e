"""How the cloud behaves: its latency, the length of long operations, its clock, its faults."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud.cloud import Cloud
from practice_cloud.control.body import json_object
from practice_cloud.settings import Latency, Timings

S = TypeVar("S", Latency, Timings)
LARGEST_OFFSET = 10 * 365 * 24 * 3600


async def latency(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    cloud.latency = await _changed(request, cloud.latency)
    return JSONResponse(asdict(cloud.latency))


async def timings(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    cloud.timings = await _changed(request, cloud.timings)
    return JSONResponse(asdict(cloud.timings))


async def _changed(request: Request, setting: S) -> S:
    """The setting as a PUT asks for it, stored; as it is for a GET. Raises HTTPException 400."""
    if request.method != "PUT":
        return setting
    try:
        setting = setting.changed(await json_object(request))
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    setting.save(request.app.state.cloud.store)
    return setting


async def clock(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    if request.method == "PUT":
        seconds = (await json_object(request)).get("offset_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not abs(seconds) <= LARGEST_OFFSET:
            raise HTTPException(400, 'Send {"offset_seconds": N}, N a number of at most ten years')
        cloud.clock.offset_seconds = float(seconds)
    return JSONResponse({"offset_seconds": cloud.clock.offset_seconds, "now": cloud.clock.now().isoformat()})


async def faults(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    if request.method == "POST":
        asked = await json_object(request)
        try:
            return JSONResponse(asdict(cloud.faults.add(asked)), 201)
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
    if request.method == "DELETE":
        cloud.faults.clear()
    return JSONResponse({"faults": cloud.faults.all()})


async def fault(request: Request) -> Response:
    if not request.app.state.cloud.faults.remove(request.path_params["fault_id"]):
        raise HTTPException(404, "There is no fault with that id; GET /faults lists them")
    return Response(status_code=204)


routes = [
    Route("/latency", latency, methods=["GET", "PUT"]),
    Route("/timings", timings, methods=["GET", "PUT"]),
    Route("/clock", clock, methods=["GET", "PUT"]),
    Route("/faults", faults, methods=["GET", "POST", "DELETE"]),
    Route("/faults/{fault_id}", fault, methods=["DELETE"]),
]
