"""The paths of Microsoft.PolicyInsights."""

from __future__ import annotations

from practice_cloud.arm.policies import restrictions
from practice_cloud.arm.wire import Operation
from practice_cloud.ids import POLICY_INSIGHTS

VERSIONS = ("2020-07-01", "2026-12-31")
_CHECK = f"providers/{POLICY_INSIGHTS}/checkPolicyRestrictions"
_ACTION = f"{POLICY_INSIGHTS}/checkPolicyRestrictions/read"

OPERATIONS: tuple[Operation, ...] = tuple(
    Operation("POST", f"{scope}/{_CHECK}", _ACTION, restrictions.check, VERSIONS, provider=POLICY_INSIGHTS)
    for scope in ("/subscriptions/{sid}", "/subscriptions/{sid}/resourceGroups/{rg}")
)
