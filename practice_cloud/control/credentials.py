"""A new client secret for a student's app, as an app registration's *New client secret* makes it; the old one goes."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud.cloud import Cloud
from practice_cloud.students import renew_credential


async def renew(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    student = renew_credential(cloud, request.path_params["subscription_id"])
    if student is None:
        raise HTTPException(404, "There is no practice student with that subscription id. Make one: POST /students")
    return JSONResponse({"client_id": student["client_id"], "client_secret": student["client_secret"]})


routes = [Route("/students/{subscription_id}/credential", renew, methods=["POST"])]
