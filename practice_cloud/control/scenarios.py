"""The scenarios by name: which there are, putting a student's Azure into one, and lifting what it suffers from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import scenarios
from practice_cloud.control.body import json_object
from practice_cloud.store import Doc

NAMES = ("name", "vault", "secret", "parameters", "after_seconds")


async def catalogue(_: Request) -> Response:
    return JSONResponse({"scenarios": [_shown(scenario) for scenario in scenarios.CATALOGUE.values()]})


def _shown(scenario: scenarios.Scenario) -> Doc:
    told = {name: getattr(scenario, name) for name in ("id", "title", "task", "group", "does")}
    return {**told, "parameters": {name: asdict(kind) for name, kind in scenario.parameters.items()}}


async def of_student(request: Request) -> Response:
    """POST applies one, DELETE lifts. Raises HTTPException 404 for no such student, 400 for what cannot be."""
    cloud = request.app.state.cloud
    student = cloud.store.get("student", request.path_params["subscription_id"].lower())
    if student is None:
        raise HTTPException(404, "There is no practice student with that subscription id. Make one: POST /students")
    scenarios.run_due(cloud)
    if request.method == "DELETE":
        return JSONResponse(scenarios.lift(cloud, student))
    asked = await json_object(request)
    _check(asked)
    try:
        return JSONResponse(scenarios.apply(cloud, student, asked["name"], asked))
    except scenarios.Refused as refused:
        raise HTTPException(400, str(refused)) from refused


def _check(asked: dict[str, Any]) -> None:
    unknown = ", ".join(sorted(set(asked) - set(NAMES)))
    if unknown:
        raise HTTPException(400, f"{unknown}: unknown; known are {', '.join(NAMES)}")
    if not isinstance(asked.get("name"), str):
        raise HTTPException(400, "name must be the id of a scenario; GET /scenarios lists them")
    if not isinstance(asked.get("parameters") or {}, dict):
        raise HTTPException(400, 'parameters must be an object, such as {"seconds": 30}')


routes = [
    Route("/scenarios", catalogue, methods=["GET"]),
    Route("/students/{subscription_id}/scenarios", of_student, methods=["POST", "DELETE"]),
]
