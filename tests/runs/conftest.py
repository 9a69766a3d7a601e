"""A session to attempt things in, without the other processes. Models are imported in the fixtures:
this file is read before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.runs.scripted import ScriptedTask, Wire

if TYPE_CHECKING:
    from labportal.labs.models import LabSession
    from steps.kit.lab import Lab


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Records what would go to Redis. The real Redis is in the tests marked ``wire``."""
    from labportal.runs import engine

    wire = Wire()

    def enqueue(name: str, first: int, *others: int) -> bool:
        if wire.away:
            return False
        wire.enqueued.append((name, first, *others))
        return True

    for place in ("runs.services.enqueue", "runs.sweeper.enqueue_now", "connections.practice.enqueue"):
        monkeypatch.setattr(f"labportal.{place}", enqueue)
    monkeypatch.setattr("labportal.runs.sweeper.queue_length", lambda: wire.queue_length)
    monkeypatch.setattr("labportal.runs.outbox.publish", lambda _session, message: wire.nudges.append(message))
    monkeypatch.setattr(engine, "azure_of", lambda *_args, **_kwargs: None)
    return wire


@pytest.fixture
def session(transactional_db: None, wire: Wire, task: ScriptedTask) -> LabSession:
    """Of the lab that ``task`` is in: a click names the task, and so asks for it."""
    from labportal.accounts.models import User
    from labportal.connections.models import Connection
    from labportal.labs.models import LabSession

    user = User.objects.create_user("ada")
    connection = Connection.objects.create(user=user, cloud="practice", state="ready", subscription_id="sub-1")
    names = {"vault_name": "kv-ada", "secret_name": "s1"}
    return LabSession.objects.create(user=user, lab_id="test-lab", connection=connection, **names)


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> ScriptedTask:
    from labportal.runs import courses

    scripted = ScriptedTask()

    class Labs(dict[str, "Lab"]):
        def __getitem__(self, lab_id: str) -> Lab:
            return scripted.lab()

    monkeypatch.setattr(courses, "LABS", Labs())
    return scripted
