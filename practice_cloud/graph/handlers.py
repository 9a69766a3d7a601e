"""Graph's questions: who am I, who is that, which objects have these ids."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud.errors import AzureError
from practice_cloud.graph.model import Directory, Item
from practice_cloud.graph.odata import BadFilter, parse_filter
from practice_cloud.graph.wire import ROOT, Handler, bad_request, body, caller, not_found

MOST_IDS = 1000
_KNOWN_OPTIONS = {"$filter", "$select", "$top", "$count"}


def _collection(name: str, items: Callable[[Directory], list[Item]]) -> Handler:
    async def listed(request: Request) -> Response:
        _, directory = caller(request)
        found = _filtered(request, items(directory))
        context = {"@odata.context": f"{ROOT}/$metadata#{name}"}
        counted = {"@odata.count": len(found)} if request.query_params.get("$count") == "true" else {}
        top = request.query_params.get("$top", "")
        found = found[: int(top)] if top.isdecimal() else found
        return JSONResponse({**context, **counted, "value": [_selected(request, one) for one in found]})

    return listed


def _single(name: str, items: Callable[[Directory], list[Item]], keys: tuple[str, ...]) -> Handler:
    async def shown(request: Request) -> Response:
        _, directory = caller(request)
        wanted = request.path_params["id"].lower()
        for one in items(directory):
            if wanted in {str(one[key]).lower() for key in keys}:
                context = {"@odata.context": f"{ROOT}/$metadata#{name}/$entity"}
                return JSONResponse(context | _selected(request, one))
        raise not_found(request.path_params["id"])

    return shown


async def me(request: Request) -> Response:
    claims, directory = caller(request)
    if claims.idtyp != "user":
        raise AzureError(400, "BadRequest", "/me is only valid for a signed-in user, not for an application.")
    for user in directory.users():
        if user["id"] == claims.oid:
            return JSONResponse({"@odata.context": f"{ROOT}/$metadata#users/$entity", **_selected(request, user)})
    raise not_found(claims.oid)


async def get_by_ids(request: Request) -> Response:
    _, directory = caller(request)
    asked = await body(request)
    try:
        ids, types = [str(one).lower() for one in asked["ids"]], [str(t).lower() for t in asked.get("types") or []]
    except (KeyError, TypeError) as error:
        raise bad_request("Send an object with ids, and types if you like.") from error
    if len(ids) > MOST_IDS:
        raise bad_request(f"At most {MOST_IDS} ids may be asked for at once.")
    wanted_types = set(types) - {"directoryobject"}
    found = [
        one
        for one in directory.objects()
        if one["id"].lower() in ids
        and (not wanted_types or one["@odata.type"].rpartition(".")[2].lower() in wanted_types)
    ]
    return JSONResponse({"@odata.context": f"{ROOT}/$metadata#directoryObjects", "value": found})


def _filtered(request: Request, items: list[Item]) -> list[Item]:
    """Raises AzureError 501 for an option or a filter that is not known here."""
    unknown = {name for name in request.query_params if name.startswith("$")} - _KNOWN_OPTIONS
    if unknown:
        raise _unknown_query(f"the option {', '.join(sorted(unknown))}")
    text = request.query_params.get("$filter")
    if not text:
        return items
    try:
        test = parse_filter(text)
    except BadFilter as error:
        raise _unknown_query(f"this $filter: {error}") from error
    return [one for one in items if test(one)]


def _unknown_query(what: str) -> AzureError:
    return AzureError(501, "NotImplementedByPracticeCloud", f"The practice cloud does not implement {what}.")


def _selected(request: Request, item: Item) -> Item:
    names = [name for name in request.query_params.get("$select", "").split(",") if name]
    return {name: item.get(name) for name in names} if names else item


def _routes() -> list[Route]:
    found = [
        Route("/v1.0/me", me),
        Route("/v1.0/directoryObjects/getByIds", get_by_ids, methods=["POST"]),
        Route("/v1.0/directoryObjects/{id}", _single("directoryObjects", Directory.objects, ("id",))),
    ]
    collections: dict[str, tuple[Callable[[Directory], list[Item]], tuple[str, ...]]] = {
        "users": (Directory.users, ("id", "userPrincipalName")),
        "servicePrincipals": (Directory.service_principals, ("id",)),
        "applications": (Directory.applications, ("id",)),
        "groups": (Directory.groups, ("id",)),
        "organization": (Directory.organization, ("id",)),
    }
    for name, (items, keys) in collections.items():
        found.append(Route(f"/v1.0/{name}", _collection(name, items)))
        if name in ("servicePrincipals", "applications"):
            found.append(Route(f"/v1.0/{name}(appId='{{id}}')", _single(name, items, ("appId",))))
        found.append(Route(f"/v1.0/{name}/{{id}}", _single(name, items, keys)))
    return found


routes = _routes()
