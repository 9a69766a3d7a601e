"""Security groups in Graph: made, deleted, and who is in them.

Recorded from az (``ad group create``, ``ad group member add|list|check|remove``, ``get-member-groups``):
https://github.com/Azure/azure-cli, command_modules/role/tests/latest/recordings/test_group_scenario.yaml.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import groups
from practice_cloud.cloud import Cloud
from practice_cloud.errors import AzureError
from practice_cloud.graph.model import Directory, Item, group
from practice_cloud.graph.wire import ROOT, Handler, bad_request, body, caller, not_found, writer

_TEXTS = f"{ROOT}/$metadata#Collection(Edm.String)"
_OBJECTS = f"{ROOT}/$metadata#directoryObjects"
_KINDS = ("directoryObjects", "groups", "users", "servicePrincipals")


async def create(request: Request) -> Response:
    """201. Raises AzureError 400 for what is missing, 501 for a group that has mail."""
    directory, sent = writer(request), await body(request)
    for name, kind in (("displayName", str), ("mailNickname", str), ("mailEnabled", bool), ("securityEnabled", bool)):
        if not isinstance(sent.get(name), kind) or sent[name] == "":
            raise bad_request(f"Invalid value specified for property '{name}' of resource 'Group'.")
    if sent["mailEnabled"] or not sent["securityEnabled"] or sent.get("groupTypes"):
        raise AzureError(501, "NotImplementedByPracticeCloud", "The practice cloud has security groups only.")
    doc = groups.create(
        _cloud(request),
        directory.tenant,
        name=sent["displayName"],
        nickname=sent["mailNickname"],
        description=sent.get("description"),
    )
    return JSONResponse({"@odata.context": f"{ROOT}/$metadata#groups/$entity", **group(doc)}, 201)


async def delete(request: Request) -> Response:
    directory = writer(request)
    found = _group(directory, request)
    groups.delete(_cloud(request), directory.tenant["subscriptionId"], found["id"])
    return Response(status_code=204)


async def members(request: Request) -> Response:
    _, directory = caller(request)
    found = _group(directory, request)
    inside = groups.members(_cloud(request), directory.tenant["subscriptionId"], found["id"])
    return _objects(directory, inside)


async def owners(request: Request) -> Response:
    """Nobody is noted as the owner of a group here."""
    _, directory = caller(request)
    _group(directory, request)
    return _objects(directory, [])


async def add(request: Request) -> Response:
    """204. Raises AzureError 404 for an object that is not there, 400 for one that is in the group already."""
    directory, sent = writer(request), await body(request)
    found = _group(directory, request)
    member = _object(directory, str(sent.get("@odata.id") or "").rpartition("/")[2])
    if not groups.add(_cloud(request), directory.tenant["subscriptionId"], found["id"], member["id"]):
        raise bad_request(
            "One or more added object references already exist for the following modified properties: 'members'."
        )
    return Response(status_code=204)


async def remove(request: Request) -> Response:
    directory = writer(request)
    found, member = _group(directory, request), request.path_params["member"].lower()
    if not groups.remove(_cloud(request), found["id"], member):
        raise not_found(member)
    return Response(status_code=204)


async def get_member_groups(request: Request) -> Response:
    """The ids of all groups that an object is in, through others too."""
    _, directory = caller(request)
    return JSONResponse({"@odata.context": _TEXTS, "value": _all_of(directory, request)})


async def check_member_groups(request: Request) -> Response:
    """Those of ``groupIds`` that an object is in."""
    _, directory = caller(request)
    asked = (await body(request)).get("groupIds")
    if not isinstance(asked, list):
        raise bad_request("Send an object with groupIds.")
    wanted = {str(one).lower() for one in asked}
    return JSONResponse(
        {"@odata.context": _TEXTS, "value": [one for one in _all_of(directory, request) if one in wanted]}
    )


def _member_of(*, through: bool) -> Handler:
    async def shown(request: Request) -> Response:
        _, directory = caller(request)
        one = _object(directory, request.path_params["id"])
        return _objects(directory, groups.of(_cloud(request), one["id"], through=through))

    return shown


def _all_of(directory: Directory, request: Request) -> list[str]:
    return groups.of(_cloud(request), _object(directory, request.path_params["id"])["id"])


def _objects(directory: Directory, wanted: list[str]) -> Response:
    by_id = {one["id"]: one for one in directory.objects()}
    return JSONResponse({"@odata.context": _OBJECTS, "value": [by_id[one] for one in wanted if one in by_id]})


def _group(directory: Directory, request: Request) -> Item:
    return _among(directory.groups, request.path_params["id"])


def _object(directory: Directory, object_id: str) -> Item:
    return _among(directory.objects, object_id)


def _among(items: Callable[[], list[Item]], object_id: str) -> Item:
    for one in items():
        if one["id"] == object_id.lower():
            return one
    raise not_found(object_id)


def _cloud(request: Request) -> Cloud:
    found: Cloud = request.app.state.cloud
    return found


def _routes() -> list[Route]:
    place = "/v1.0/groups/{id}"
    found = [
        Route("/v1.0/groups", create, methods=["POST"]),
        Route(place, delete, methods=["DELETE"]),
        Route(f"{place}/members", members),
        Route(f"{place}/owners", owners),
        Route(f"{place}/members/$ref", add, methods=["POST"]),
        Route(place + "/members/{member}/$ref", remove, methods=["DELETE"]),
    ]
    for kind in _KINDS:
        one = f"/v1.0/{kind}/{{id}}"
        found += [
            Route(f"{one}/getMemberGroups", get_member_groups, methods=["POST"]),
            Route(f"{one}/checkMemberGroups", check_member_groups, methods=["POST"]),
            Route(f"{one}/memberOf", _member_of(through=False)),
            Route(f"{one}/transitiveMemberOf", _member_of(through=True)),
        ]
    return found


routes = _routes()
