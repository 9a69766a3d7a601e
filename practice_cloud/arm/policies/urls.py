"""The paths of Azure Policy: what it would refuse, and what is assigned."""

from __future__ import annotations

from practice_cloud.arm.policies import assignments, restrictions
from practice_cloud.arm.wire import Operation
from practice_cloud.ids import AUTHORIZATION, POLICY_INSIGHTS

VERSIONS = ("2020-07-01", "2026-12-31")
_CHECK = f"providers/{POLICY_INSIGHTS}/checkPolicyRestrictions"
_ACTION = f"{POLICY_INSIGHTS}/checkPolicyRestrictions/read"

_SUB = "/subscriptions/{sid}"
_GROUP = f"{_SUB}/resourceGroups/{{rg}}"
_ASSIGNMENTS = f"providers/{AUTHORIZATION}/policyAssignments"
_READ = f"{AUTHORIZATION}/policyAssignments/read"
_ASSIGNED_SINCE = ("2016-12-01", VERSIONS[1])

OPERATIONS: tuple[Operation, ...] = (
    *(
        Operation("POST", f"{scope}/{_CHECK}", _ACTION, restrictions.check, VERSIONS, provider=POLICY_INSIGHTS)
        for scope in (_SUB, _GROUP)
    ),
    *(
        Operation("GET", f"{scope}/{_ASSIGNMENTS}", _READ, assignments.list_, _ASSIGNED_SINCE)
        for scope in (_SUB, _GROUP)
    ),
    Operation("GET", f"{_SUB}/{_ASSIGNMENTS}/{{name}}", _READ, assignments.get, _ASSIGNED_SINCE),
)
