"""Locks: what they refuse. A CanNotDelete lock keeps what it is on and all beneath from being deleted, a ReadOnly lock
from being changed as well; what holds a locked thing cannot be deleted either. A vault's secrets are read and written
past any lock: the data plane knows none.

``lock``/{scope}/{name}, lower: the lock as ARM answers it, with ``scope`` beside. The words of the refusal are
recorded; the rest is from https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud import ids
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

LEVELS = ("CanNotDelete", "ReadOnly")
_OWN = "microsoft.authorization/locks/"


def kept(cloud: Cloud, sid: str) -> list[Doc]:
    return cloud.store.list("lock", owner=sid)


def require_none(cloud: Cloud, sid: str, scope: str, *, method: str, action: str) -> None:
    """Raises AzureError 409 where a lock stands against ``method`` at ``scope``. Locks do not protect themselves."""
    if action.lower().startswith(_OWN):
        return
    deletes = method == "DELETE"
    against = [
        lock["scope"]
        for lock in kept(cloud, sid)
        if (deletes or lock["properties"]["level"] == "ReadOnly")
        and (ids.covers(lock["scope"], scope) or (deletes and ids.covers(scope, lock["scope"])))
    ]
    if against:
        raise AzureError(
            409,
            "ScopeLocked",
            f"The scope '{scope}' cannot perform {'delete' if deletes else 'write'} operation because following"
            f" scope(s) are locked: '{','.join(dict.fromkeys(against))}'. Please remove the lock and try again.",
        )
