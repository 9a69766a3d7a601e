"""What comes later: steps that a scenario has planned, taken when the cloud's clock has come that far.

``scenarioStep``/{id}: ``id, sid, at`` (seconds since 1970), ``step`` (its name), ``says``, and ``data`` for it. They
survive a restart. Nobody waits for them: whoever asks the cloud for anything finds those taken that are due.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from practice_cloud.principals import new_id
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

KIND = "scenarioStep"
Step = Callable[["Cloud", Doc], None]
_STEPS: dict[str, Step] = {}


def step(name: str) -> Callable[[Step], Step]:
    """Names the function that takes a step; ``data`` is what it is given."""

    def keep(take: Step) -> Step:
        _STEPS[name] = take
        return take

    return keep


def plan(cloud: Cloud, sid: str, name: str, *, seconds: float, says: str, data: dict[str, Any]) -> None:
    """The same step with the same data is planned once: the later plan counts."""
    assert name in _STEPS  # noqa: S101 - a step that nobody could take
    for doc in planned(cloud, sid):
        if (doc["step"], doc["data"]) == (name, data):
            cloud.store.delete(KIND, doc["id"])
    at = cloud.clock.now().timestamp() + seconds
    doc = {"id": new_id(), "sid": sid, "at": at, "step": name, "says": says, "data": data}
    cloud.store.put(KIND, doc["id"], doc, owner=sid)


def planned(cloud: Cloud, sid: str) -> list[Doc]:
    """What is still to come for a student, the next one first."""
    return sorted(cloud.store.list(KIND, owner=sid), key=lambda doc: float(doc["at"]))


def drop(cloud: Cloud, sid: str) -> list[Doc]:
    """Forget what is still to come; what that was."""
    gone = planned(cloud, sid)
    for doc in gone:
        cloud.store.delete(KIND, doc["id"])
    return gone


def run_due(cloud: Cloud) -> None:
    """Take the steps whose time has come, in their order, each once."""
    docs = cloud.store.list(KIND)
    if not docs:
        return
    now = cloud.clock.now().timestamp()
    for doc in sorted(docs, key=lambda doc: float(doc["at"])):
        if doc["at"] <= now:
            with cloud.store.transaction():
                cloud.store.delete(KIND, doc["id"])
                _STEPS[doc["step"]](cloud, doc)
