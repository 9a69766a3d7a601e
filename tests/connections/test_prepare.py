"""Two workers prepare one connection: the first to be ready decides, and nothing undoes it."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from labportal.accounts.models import User
from labportal.connections import services
from labportal.connections.models import Connection
from labportal.gateway.practice import PracticeControl, PracticeStudent
from labportal.labs.models import LabSession
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.verdict import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Connection:
    monkeypatch.setattr(services, "publish", lambda *_: None)
    user = User.objects.create_user("ada")
    made = Connection.objects.create(user=user, cloud=Connection.Cloud.PRACTICE)
    LabSession.objects.create(user=user, lab_id="lab", connection=made)
    return made


def student(name: str) -> PracticeStudent:
    return PracticeStudent("tenant", name, "client", "a secret", "group", "westeurope", "vm", "principal")


def test_trouble_of_a_second_worker_does_not_touch_what_is_ready(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(_control: PracticeControl, _key: str) -> PracticeStudent:
        monkeypatch.setattr(PracticeControl, "student", lambda *_: student("first"))
        services.prepare(connection.pk)
        source = Source("POST", "/students", None, "")
        raise AzureProblem(ProblemKind.TIMED_OUT, code="PracticeCloud", message="no answer", source=source)

    monkeypatch.setattr(PracticeControl, "student", too_late)
    services.prepare(connection.pk)

    connection.refresh_from_db()
    assert (connection.state, connection.problem, connection.next_try_at) == ("ready", "", None)


def test_the_first_answer_counts(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def second(_control: PracticeControl, _key: str) -> PracticeStudent:
        monkeypatch.setattr(PracticeControl, "student", lambda *_: student("first"))
        services.prepare(connection.pk)
        LabSession.objects.update(vault_name="kv-chosen-since", location="eastus")
        return student("second")

    monkeypatch.setattr(PracticeControl, "student", second)
    services.prepare(connection.pk)

    connection.refresh_from_db()
    assert (connection.state, connection.subscription_id) == ("ready", "first")
    assert LabSession.objects.values_list("vault_name", "location").get() == ("kv-chosen-since", "eastus")
