"""The metadata service's errors: OAuth-shaped, all text."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from practice_cloud import machines
from practice_cloud.cloud import Cloud
from practice_cloud.store import Doc


class ImdsError(Exception):
    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(f"{status} {error}")
        self.status = status
        self.error = error
        self.description = description


async def answer(_: Request, error: Exception) -> Response:
    assert isinstance(error, ImdsError)  # noqa: S101 - the handler is registered for this class only
    return JSONResponse({"error": error.error, "error_description": error.description}, error.status)


OTHER_METHODS = ["POST", "PUT", "PATCH", "DELETE"]


async def not_that_way(request: Request) -> Response:
    """405 to any method but GET. The status is documented, the words are assumed
    (https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#errors-and-debugging)."""
    machine(request)
    return JSONResponse({"error": "Method not allowed"}, 405, {"Allow": "GET"})


async def no_such_thing(request: Request) -> Response:
    """404 to a path that is mistyped: documented as the answer for an element that is not there; the words are
    assumed."""
    machine(request)
    return JSONResponse({"error": "Not found"}, 404)


def machine(request: Request) -> Doc:
    """The VM whose metadata service this is. Raises ImdsError for a request that does not say ``Metadata: true``,
    or comes forwarded: the real service refuses both, against requests smuggled in through a web server.

    404 where no machine runs: on a real one nobody could ask.
    """
    cloud: Cloud = request.app.state.cloud
    found = cloud.store.get("imds", request.path_params["imds_key"])
    vm = machines.find(cloud, found["vm"]) if found else None
    if vm is None:
        raise ImdsError(404, "not_found", "There is no practice VM at this address.")
    if vm["powerState"] != "running":
        raise ImdsError(404, "not_found", f"The practice VM {vm['name']} is not running.")
    if request.headers.get("metadata", "").strip().lower() != "true":
        raise ImdsError(400, "invalid_request", "Required metadata header not specified")
    if "x-forwarded-for" in request.headers:
        raise ImdsError(400, "invalid_request", "Forwarded requests are not answered")
    return vm


def need_version(request: Request) -> None:
    """Any version that looks like one will do."""
    version = request.query_params.get("api-version", "")
    if len(version) != len("2018-02-01") or not version.replace("-", "").isdecimal():
        raise ImdsError(400, "invalid_request", "Required query variable 'api-version' is missing or malformed")
