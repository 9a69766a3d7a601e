"""Where a person belongs: guests in a student's tenant, and further subscriptions in it."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import guests, ids, subscriptions
from practice_cloud.cloud import Cloud
from practice_cloud.control.body import json_object
from practice_cloud.control.conditions import STATES
from practice_cloud.scenarios import rights
from practice_cloud.store import Doc
from practice_cloud.students import CONTRIBUTOR, OWNER

ROLES = {"Owner": OWNER, "Contributor": CONTRIBUTOR, "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7"}
LONGEST_NAME = 64


async def invite(request: Request) -> Response:
    """Who is invited has accepted; with a ``role`` they have just that one in the student's subscription."""
    cloud, student, sent = _cloud(request), _student(request), await json_object(request)
    role = sent.get("role")
    if set(sent) - {"role"} or (role is not None and role not in ROLES):
        raise HTTPException(400, f'Send {{"role"?: one of {", ".join(ROLES)}}}')
    sid, user = student["subscription_id"], _user(request)
    if user["tenantId"] == student["tenant_id"]:
        raise HTTPException(400, "That user comes from this very tenant: only others can be guests in it")
    account = guests.invite(cloud, _tenant(cloud, student), user)
    rights.take_roles(cloud, sid, account["id"])
    if role is not None:
        rights.give_role(cloud, sid, ROLES[role], account["id"], ids.subscription_id(sid))
    told = {"user": user["userPrincipalName"], "object_id": account["id"], "tenant_id": account["tenantId"]}
    return JSONResponse({**told, "role": role})


async def remove(request: Request) -> Response:
    cloud, student = _cloud(request), _student(request)
    gone = guests.remove(cloud, _tenant(cloud, student), _user(request))
    if gone is None:
        raise HTTPException(404, "That user is no guest in the student's tenant")
    rights.take_roles(cloud, student["subscription_id"], gone)
    return Response(status_code=204)


async def add_subscription(request: Request) -> Response:
    """201. The student in person is its Owner; the student's app has no role in it."""
    cloud, student, sent = _cloud(request), _student(request), await json_object(request)
    name, state = sent.get("name", "Second practice subscription"), sent.get("state", "Enabled")
    if set(sent) - {"name", "state"} or not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        raise HTTPException(400, f'Send {{"name"?: at most {LONGEST_NAME} characters, "state"?}}')
    if state not in STATES:
        raise HTTPException(400, f"state must be one of {', '.join(STATES)}")
    made = subscriptions.add(cloud, _tenant(cloud, student), name=name, state=state)
    user = cloud.store.get("signInName", student["user"].lower())
    assert user is not None  # noqa: S101 - a student is made together with it
    rights.give_role(cloud, made["id"], OWNER, user["id"], ids.subscription_id(made["id"]))
    told = {"subscription_id": made["id"], "tenant_id": made["tenantId"], "name": name, "state": state}
    return JSONResponse(told, 201)


def _student(request: Request) -> Doc:
    student = _cloud(request).store.get("student", request.path_params["subscription_id"].lower())
    if student is None:
        raise HTTPException(404, "There is no practice student with that subscription id. Make one: POST /students")
    return student


def _user(request: Request) -> Doc:
    cloud = _cloud(request)
    known = cloud.store.get("signInName", request.path_params["user"].lower())
    user = cloud.store.get("user", known["id"]) if known else None
    if user is None:
        raise HTTPException(404, "There is no user of that name. A student's is told by POST /students")
    return user


def _tenant(cloud: Cloud, student: Doc) -> Doc:
    tenant = cloud.store.get("tenant", student["tenant_id"])
    assert tenant is not None  # noqa: S101 - a student is made together with it
    return tenant


def _cloud(request: Request) -> Cloud:
    found: Cloud = request.app.state.cloud
    return found


_GUEST = "/students/{subscription_id}/guests/{user}"
routes = [
    Route(_GUEST, invite, methods=["PUT"]),
    Route(_GUEST, remove, methods=["DELETE"]),
    Route("/students/{subscription_id}/subscriptions", add_subscription, methods=["POST"]),
]
