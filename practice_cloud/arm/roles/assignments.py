"""Role assignments: give, show, list, take away. Their document is described in ``evaluate``."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.responses import JSONResponse, Response

from practice_cloud import groups, ids
from practice_cloud.arm.paging import page
from practice_cloud.arm.roles import scope as scopes
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.operations import iso
from practice_cloud.rbac import conditions, custom
from practice_cloud.rbac.builtin import definition_id
from practice_cloud.store import Doc

_MOST = 4000  # docs: role assignments in one subscription
_VERSION = "2.0"  # of conditions; the only one, and what Azure takes where none is named
_TYPES = {"ManagedIdentity": "ServicePrincipal"}


async def put(call: Call) -> Response:
    """201. Raises AzureError 400 for an unknown role, principal or condition, 404 for a scope that is not there, 409
    where the same is given already."""
    name, scope = call.param("assignment").lower(), scopes.there(call)
    if not ids.is_guid(name):
        raise AzureError(
            400,
            "InvalidRoleAssignmentId",
            f"The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.",
        )
    sent = (await call.body()).get("properties")
    if not isinstance(sent, dict):
        raise invalid_content("'properties' is missing")
    role, principal = _role(call, sent), _principal(call, sent)
    _condition(sent)
    existing = _find(call, scope, name)
    _unique(call, scope, name, role, principal["id"])
    doc = _new(call, scope, name, role=role, principal=principal, sent=sent)
    doc["properties"]["createdOn"] = existing["properties"].get("createdOn") if existing else iso(call.now)
    call.cloud.store.put("roleAssignment", _key(scope, name), doc, owner=call.sid)
    return JSONResponse(_shown(doc), 201)


def _new(call: Call, scope: str, name: str, *, role: str, principal: Doc, sent: Doc) -> Doc:
    properties = {
        "roleDefinitionId": definition_id(role, call.sid),
        "principalId": principal["id"],
        "principalType": _TYPES.get(principal["type"], principal["type"]),
        "scope": scope,
        "description": sent.get("description"),
        "condition": sent.get("condition") or None,
        "conditionVersion": _VERSION if sent.get("condition") else None,
        "updatedOn": iso(call.now),
        "createdBy": call.claims.oid,
        "updatedBy": call.claims.oid,
    }
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}",
        "name": name,
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": properties,
        "effectiveAt": call.now + call.cloud.timings_of(call.sid).rbac_propagation,
    }


def _role(call: Call, sent: Doc) -> str:
    asked = str(sent.get("roleDefinitionId") or "")
    role = asked.rsplit("/", 1)[-1].lower()
    if custom.find(call.cloud, call.sid, role) is None:
        raise AzureError(
            400, "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{asked}' does not exist."
        )
    return role


def _condition(sent: Doc) -> None:
    """Raises AzureError 400 for one that cannot be read, 501 for one about what is not evaluated here."""
    condition, version = str(sent.get("condition") or ""), sent.get("conditionVersion") or _VERSION
    if conditions.NOT_EVALUATED.search(condition):
        raise AzureError(
            501, "NotImplementedByPracticeCloud", "The practice cloud evaluates no @Request and no @Environment."
        )
    try:
        conditions.holds(condition, "")
    except ValueError as error:
        raise _invalid_condition(condition) from error
    if version != _VERSION:
        raise _invalid_condition(f"version {version}")


def _invalid_condition(what: str) -> AzureError:
    return AzureError(400, "InvalidRoleAssignmentCondition", f"The role assignment condition is not valid: {what}")


def _principal(call: Call, sent: Doc) -> Doc:
    """The principal, which must be in the subscription's tenant. Of a service principal Azure takes the caller's word:
    a fresh one may not have reached all copies of the directory yet.

    Source: https://github.com/hashicorp/terraform-provider-azurerm/pull/4168, where the service's team is quoted.
    """
    asked, given = str(sent.get("principalId") or ""), sent.get("principalType")
    doc = call.cloud.store.get("principal", asked.lower())
    if doc is None and given == "ServicePrincipal" and ids.is_guid(asked):
        return {"id": asked.lower(), "type": given}
    if doc is None or doc["tenantId"] != call.subscription["tenantId"]:
        raise AzureError(
            400,
            "PrincipalNotFound",
            f"Principal {asked.replace('-', '')} does not exist in the directory {call.subscription['tenantId']}. Check"
            " that you have the correct principal ID. If you are creating this principal and then immediately assigning"
            " a role, this error might be related to a replication delay. In this case, set the role assignment"
            " principalType property to a value, such as ServicePrincipal, User, or Group.",
        )
    real = _TYPES.get(doc["type"], doc["type"])
    if given and given != real:
        raise AzureError(
            400,
            "UnmatchedPrincipalType",
            f"The PrincipalId '{asked}' has type '{real}', which is different from specified PrinciaplType '{given}'.",
        )
    return doc


def _unique(call: Call, scope: str, name: str, role: str, principal: str) -> None:
    held = _kept(call)
    if len(held) >= _MOST:
        raise AzureError(
            400, "RoleAssignmentLimitExceeded", f"A subscription can have at most {_MOST} role assignments."
        )
    for doc in held:
        properties = doc["properties"]
        same_scope = properties["scope"].lower() == scope.lower()
        same_role = properties["roleDefinitionId"].lower().endswith(role) and properties["principalId"] == principal
        if same_scope and same_role and doc["name"] != name:
            raise AzureError(
                409,
                "RoleAssignmentExists",
                "The role assignment already exists. The ID of the existing role assignment is"
                f" {doc['name'].replace('-', '')}.",
            )
        if same_scope and doc["name"] == name and not same_role:
            raise AzureError(
                400,
                "RoleAssignmentUpdateNotPermitted",
                "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
            )


async def get(call: Call) -> Response:
    name = call.param("assignment").lower()
    doc = _find(call, scopes.of(call), name)
    if doc is None:
        raise AzureError(404, "RoleAssignmentNotFound", f"The role assignment '{name}' is not found.")
    return JSONResponse(_shown(doc))


async def delete(call: Call) -> Response:
    """200 with what was taken away, 204 where there was nothing. It counts until the change has arrived everywhere."""
    scope, name = scopes.of(call), call.param("assignment").lower()
    doc = _find(call, scope, name)
    if doc is None:
        return Response(status_code=204)
    delay = call.cloud.timings_of(call.sid).rbac_propagation
    if delay:
        gone = {**doc, "revokedAt": call.now + delay}
        call.cloud.store.put("roleAssignment", _key(scope, name), gone, owner=call.sid)
    else:
        call.cloud.store.delete("roleAssignment", _key(scope, name))
    return JSONResponse(_shown(doc))


async def list_(call: Call) -> Response:
    """Those at the scope, above it and below it, as the filter narrows them."""
    scope = scopes.there(call)
    passes = _filter(call, scope)
    near = [doc for doc in _kept(call) if _related(doc["properties"]["scope"], scope) and passes(doc)]
    return page(call, [_shown(doc) for doc in near])


def _related(one: str, other: str) -> bool:
    return ids.covers(one, other) or ids.covers(other, one)


def _filter(call: Call, scope: str) -> Callable[[Doc], bool]:
    """``atScope()`` keeps those at or above; ``principalId eq``, ``assignedTo()`` those of one principal, the second
    also what their groups have.

    Source: https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
    """
    tests: list[Callable[[Doc], bool]] = []
    text = (call.request.query_params.get("$filter") or "").strip()
    for part in re.split(r"\s+and\s+", text, flags=re.IGNORECASE):
        principal = re.fullmatch(r"(?:principalId\s+eq\s+'([^']*)'|assignedTo\('([^']*)'\))", part, re.IGNORECASE)
        if principal:
            own, assigned = (principal.group(1) or "").lower(), (principal.group(2) or "").lower()
            wanted = {own} if own else {assigned, *groups.of(call.cloud, assigned)}
            tests.append(lambda doc, wanted=wanted: doc["properties"]["principalId"].lower() in wanted)  # type: ignore[misc]
        elif part.lower() == "atscope()":
            tests.append(lambda doc: ids.covers(doc["properties"]["scope"], scope))
        elif part.lower() == "asignedtocaller()":
            tests.append(lambda doc: doc["properties"]["principalId"] in call.claims.who)
        elif part:
            raise AzureError(400, "InvalidFilter", f"The filter '{part}' is not supported for role assignments.")
    return lambda doc: all(passes(doc) for passes in tests)


def _kept(call: Call) -> list[Doc]:
    return [doc for doc in call.cloud.store.list("roleAssignment", owner=call.sid) if "revokedAt" not in doc]


def _find(call: Call, scope: str, name: str) -> Doc | None:
    doc = call.cloud.store.get("roleAssignment", _key(scope, name))
    return None if doc is None or "revokedAt" in doc else doc


def _key(scope: str, name: str) -> str:
    return f"{scope.lower()}/{name}"


def _shown(doc: Doc) -> Doc:
    return {key: doc[key] for key in ("id", "name", "type", "properties")}
