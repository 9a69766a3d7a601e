"""Room that turns out to be missing only when a machine is to be put somewhere: it was begun, and its operation fails.

A new machine is there all the same, Failed and off, until it is deleted or started again. The words are those of
https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/allocation-failure; that it is deallocated is
assumed.
"""

from __future__ import annotations

from practice_cloud import capacity, operations
from practice_cloud.arm.vms.sizes import find
from practice_cloud.arm.wire import Call
from practice_cloud.store import Doc

_FAILURE = {
    "code": "AllocationFailed",
    "message": "Allocation failed. We do not have sufficient capacity for the requested VM size in this region. Read"
    " more about improving likelihood of allocation success at https://aka.ms/allocation-guidance",
}


def failure(call: Call, vm: Doc) -> Doc | None:
    """What an operation ends in that is to give the machine a place; None where there is one, and where the student's
    operations come to nothing anyhow."""
    size = find(vm["vmSize"])
    crowded = capacity.of(call.cloud, call.sid)["crowded"]
    if size is None or not capacity.named(crowded, vm["location"], size.family):
        return None
    return None if operations.fate(call.cloud, call.sid) else dict(_FAILURE)


def fail(call: Call, operation: Doc, failed: Doc) -> Doc:
    """The operation, over at once."""
    ended = {**operation, "status": "Failed", "error": failed, "endTime": call.now, "dueAt": call.now}
    operations.save(call.cloud, ended)
    return ended
