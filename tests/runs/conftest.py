"""A session to attempt things in, a lab whose one task does what the test says, and what was put on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from labportal.accounts.models import User
from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from labportal.runs import engine
from steps.kit.task import Action, ActionDone, ActionPending, Check, Context, Guide, Lab, Task
from steps.kit.verdict import Finding, Source, Verdict

SOURCE = Source("GET", "/somewhere", 200, "request-1")
Step = Callable[[Context, str | None], ActionDone | ActionPending]


@dataclass
class Wire:
    enqueued: list[tuple[str, int]] = field(default_factory=list)
    nudges: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Records what would go to Redis. The real Redis is in the tests marked ``wire``."""
    wire = Wire()

    def enqueue(name: str, row_id: int) -> bool:
        wire.enqueued.append((name, row_id))
        return True

    for module in ("labportal.runs.services", "labportal.runs.sweeper", "labportal.connections.services"):
        monkeypatch.setattr(f"{module}.enqueue", enqueue)
    monkeypatch.setattr("labportal.runs.outbox.publish", lambda _session, message: wire.nudges.append(message))
    monkeypatch.setattr(engine, "azure_of", lambda *_args, **_kwargs: None)
    return wire


@pytest.fixture
def session(transactional_db: None, wire: Wire) -> LabSession:
    user = User.objects.create_user("ada")
    connection = Connection.objects.create(
        user=user, cloud=Connection.Cloud.PRACTICE, state=Connection.State.READY, subscription_id="sub-1"
    )
    return LabSession.objects.create(
        user=user, lab_id="test-lab", connection=connection, vault_name="kv-ada", secret_name="s1"
    )


class ScriptedTask:
    """``steps`` are the actions, ``finding`` what the only check says; both may be set by the test."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.finding: Callable[[Context], Finding] = lambda _ctx: Finding(Verdict.PASSED, "ok", "a", "a", "", (SOURCE,))

    def lab(self) -> Lab:
        actions = tuple(
            Action(f"step-{number}", f"Step {number}", lambda _names: "does it", do=step)
            for number, step in enumerate(self.steps)
        )
        check = Check("check", "The thing is there", (), lambda ctx, _facts: self.finding(ctx))
        task = Task("task", 1, "A task", "", lambda _names: Guide("", {}), checks=(check,), actions=actions)
        return Lab("test-lab", "A lab", "", (task,))


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> ScriptedTask:
    scripted = ScriptedTask()

    class Labs(dict[str, Lab]):
        def __getitem__(self, lab_id: str) -> Lab:
            return scripted.lab()

    monkeypatch.setattr(engine, "LABS", Labs())
    return scripted
