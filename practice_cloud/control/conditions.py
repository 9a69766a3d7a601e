"""What a student's Azure may suffer from without anybody having asked for it: a disabled subscription, a policy
that forbids new resources, a VM whose agent is silent."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import ids, machines, scenarios
from practice_cloud.cloud import Cloud
from practice_cloud.control.body import json_object
from practice_cloud.store import Doc

STATES = ("Enabled", "Warned", "Disabled")
AGENTS = ("Ready", "Not Ready")
NAMES = ("subscription_state", "policy_denial", "vm_agent")
_VM = "Microsoft.Compute/virtualMachines"


async def conditions(request: Request) -> Response:
    """PUT changes what it names. ``vm_agent`` is null where the student's VM is no more."""
    cloud: Cloud = request.app.state.cloud
    student = cloud.store.get("student", request.path_params["subscription_id"].lower())
    if student is None:
        raise HTTPException(404, "There is no practice student with that subscription id. Make one: POST /students")
    scenarios.run_due(cloud)
    if request.method == "PUT":
        asked = await json_object(request)
        _check(asked)
        with cloud.store.transaction():
            _change(cloud, student, asked)
    return JSONResponse(_shown(cloud, student))


def _check(asked: dict[str, Any]) -> None:
    unknown = ", ".join(sorted(set(asked) - set(NAMES)))
    if unknown:
        raise HTTPException(400, f"{unknown}: unknown; known are {', '.join(NAMES)}")
    for name, known in (("subscription_state", STATES), ("vm_agent", AGENTS)):
        if name in asked and asked[name] not in known:
            raise HTTPException(400, f"{name} must be one of {', '.join(known)}")
    denial = asked.get("policy_denial")
    if denial is not None and not (isinstance(denial, str) and denial):
        raise HTTPException(400, "policy_denial must be the name of the policy that forbids, or null for none")


def _change(cloud: Cloud, student: Doc, asked: dict[str, Any]) -> None:
    sid = student["subscription_id"]
    if "subscription_state" in asked:
        subscription = {**_subscription(cloud, sid), "state": asked["subscription_state"]}
        cloud.store.put("subscription", sid, subscription, owner=sid)
    if asked.get("policy_denial"):
        cloud.store.put("policyDenial", sid, {"policyAssignment": asked["policy_denial"]}, owner=sid)
    elif "policy_denial" in asked:
        cloud.store.delete("policyDenial", sid)
    if "vm_agent" in asked:
        vm = _vm(cloud, student)
        if vm is None:
            raise HTTPException(400, "vm_agent cannot be set: the student's VM is no more")
        machines.save(cloud, {**vm, "agent": asked["vm_agent"]})


def _shown(cloud: Cloud, student: Doc) -> Doc:
    denial = cloud.store.get("policyDenial", student["subscription_id"])
    return {
        "subscription_state": _subscription(cloud, student["subscription_id"])["state"],
        "policy_denial": denial["policyAssignment"] if denial else None,
        "vm_agent": (_vm(cloud, student) or {}).get("agent"),
    }


def _subscription(cloud: Cloud, sid: str) -> Doc:
    found = cloud.store.get("subscription", sid)
    assert found is not None  # noqa: S101 - a student is made together with it
    return found


def _vm(cloud: Cloud, student: Doc) -> Doc | None:
    place = (student["subscription_id"], student["resource_group"], _VM, student["vm"])
    return machines.find(cloud, ids.resource_id(*place))


routes = [Route("/students/{subscription_id}/conditions", conditions, methods=["GET", "PUT"])]
