"""Making practice students, and forgetting everything."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud.control.body import json_object
from practice_cloud.students import student_for, with_addresses

LONGEST_KEY = 200


async def make_student(request: Request) -> Response:
    asked = await json_object(request)
    key = asked.pop("key", None)
    if asked:
        raise HTTPException(400, f"{', '.join(asked)}: unknown; only key may be given")
    if key is not None and not (isinstance(key, str) and 0 < len(key) <= LONGEST_KEY):
        raise HTTPException(400, f"key must be a text of 1 to {LONGEST_KEY} characters, or left out")
    return JSONResponse(student_for(request.app.state.cloud, key))


async def show_student(request: Request) -> Response:
    student = with_addresses(request.app.state.cloud, request.path_params["subscription_id"])
    if student is None:
        raise HTTPException(404, "There is no practice student with that subscription id. Make one: POST /students")
    return JSONResponse(student)


async def reset(request: Request) -> Response:
    request.app.state.cloud.reset()
    return JSONResponse({"status": "ok"})


routes = [
    Route("/students", make_student, methods=["POST"]),
    Route("/students/{subscription_id}", show_student, methods=["GET"]),
    Route("/reset", reset, methods=["POST"]),
]
