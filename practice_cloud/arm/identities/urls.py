"""The paths of Microsoft.ManagedIdentity."""

from __future__ import annotations

from practice_cloud.arm.identities import system
from practice_cloud.arm.wire import Operation
from practice_cloud.ids import MANAGED_IDENTITY

VERSIONS = ("2015-08-31", "2026-12-31")

OPERATIONS: tuple[Operation, ...] = (
    # A machine has its own identity without the subscription's being registered for others.
    Operation(
        "GET",
        f"/subscriptions/{{sid}}/{{rest:path}}/providers/{MANAGED_IDENTITY}/identities/default",
        f"{MANAGED_IDENTITY}/identities/read",
        system.get,
        VERSIONS,
    ),
)
