"""The requests the cloud has received."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud.cloud import Cloud

FILTERS = ("host", "method", "path", "subscription_id")


async def requests(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    if request.method == "DELETE":
        cloud.requests.clear()
    asked = request.query_params
    unknown = set(asked) - {"since", *FILTERS}
    if unknown or not asked.get("since", "0").isdecimal():
        raise HTTPException(400, f"Filters are since (a seq) and {', '.join(FILTERS)}")
    filters = {name: asked[name] for name in FILTERS if name in asked}
    try:
        found = cloud.requests.select(since=int(asked.get("since", "0")), **filters)
    except re.error as error:
        raise HTTPException(400, f"host and path are regular expressions: {error}") from error
    return JSONResponse({"requests": found})


routes = [Route("/requests", requests, methods=["GET", "DELETE"])]
