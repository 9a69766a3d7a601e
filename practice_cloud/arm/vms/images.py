"""The images that machines are made of: what az asks before it makes one.

Shapes from https://learn.microsoft.com/rest/api/compute/virtual-machine-images. Every image there may be is here, in
one version; whether it is Windows tells its publisher.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.arm.wire import Call
from practice_cloud.store import Doc

_VERSION = {"Windows": "20348.2700.240905", "Linux": "24.04.202409120"}


async def versions(call: Call) -> Response:
    return JSONResponse([_short(call)])


async def show(call: Call) -> Response:
    properties = {
        "osDiskImage": {"operatingSystem": _system(call)},
        "dataDiskImages": [],
        "hyperVGeneration": "V2",
        "features": [],
        "architecture": "x64",
    }
    return JSONResponse({**_short(call), "properties": properties})


def _system(call: Call) -> str:
    return "Windows" if "windows" in call.param("publisher").lower() else "Linux"


def _short(call: Call) -> Doc:
    version, place = _VERSION[_system(call)], call.request.url.path.rpartition("/versions")[0]
    return {"id": f"{place}/versions/{version}", "name": version, "location": call.param("location")}
