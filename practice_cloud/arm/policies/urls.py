"""The paths of Azure Policy: definitions, assignments, and what they would refuse."""

from __future__ import annotations

from practice_cloud.arm.policies import assignments, definitions, restrictions
from practice_cloud.arm.wire import Handler, Operation
from practice_cloud.ids import AUTHORIZATION, POLICY_INSIGHTS

VERSIONS = ("2020-07-01", "2026-12-31")
_OWN_VERSIONS = ("2016-12-01", VERSIONS[1])
_CHECK = f"providers/{POLICY_INSIGHTS}/checkPolicyRestrictions"
_ACTION = f"{POLICY_INSIGHTS}/checkPolicyRestrictions/read"
_SUB = "/subscriptions/{sid}"
_SCOPES = (_SUB, f"{_SUB}/{{rest:path}}")


def _at_every_scope(method: str, verb: str, handler: Handler, *, named: bool = True) -> tuple[Operation, ...]:
    tail = f"providers/{AUTHORIZATION}/policyAssignments" + ("/{name}" if named else "")
    action = f"{AUTHORIZATION}/policyAssignments/{verb}"
    return tuple(Operation(method, f"{scope}/{tail}", action, handler, _OWN_VERSIONS) for scope in _SCOPES)


def _definition(method: str, place: str, verb: str, handler: Handler) -> Operation:
    action = f"{AUTHORIZATION}/policyDefinitions/{verb}" if verb else ""
    return Operation(method, place, action, handler, _OWN_VERSIONS)


_EVERYBODYS = f"/providers/{AUTHORIZATION}/policyDefinitions"
_OWN = f"{_SUB}{_EVERYBODYS}"

OPERATIONS: tuple[Operation, ...] = (
    *(
        Operation("POST", f"{scope}/{_CHECK}", _ACTION, restrictions.check, VERSIONS, provider=POLICY_INSIGHTS)
        for scope in _SCOPES
    ),
    *_at_every_scope("GET", "read", assignments.list_, named=False),
    *_at_every_scope("GET", "read", assignments.get),
    *_at_every_scope("PUT", "write", assignments.put),
    *_at_every_scope("DELETE", "delete", assignments.delete),
    _definition("GET", _OWN, "read", definitions.list_),
    _definition("GET", _OWN + "/{name}", "read", definitions.get),
    _definition("PUT", _OWN + "/{name}", "write", definitions.put),
    _definition("DELETE", _OWN + "/{name}", "delete", definitions.delete),
    _definition("GET", _EVERYBODYS, "", definitions.list_built_in),
    _definition("GET", _EVERYBODYS + "/{name}", "", definitions.get_built_in),
)
