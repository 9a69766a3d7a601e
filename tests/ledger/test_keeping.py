"""What was heard becomes rows: all of it, once, however a sitting ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from labportal.accounts.deletion import delete_person
from labportal.accounts.kept import kept_about
from labportal.gateway.sent import NoAnswer, Sent
from labportal.labs.models import LabSession
from labportal.ledger import keeping
from labportal.ledger.calls import Calls
from labportal.ledger.models import AzureCall
from labportal.runs import engine, services
from labportal.runs.claims import LostClaim
from labportal.runs.models import Attempt
from labportal.writes import writing
from steps.kit.course import Mode
from steps.kit.task import ActionDone
from tests.runs.conftest import session, task, wire  # noqa: F401  the engine without Redis, and a lab that does what is said
from tests.runs.scripted import SOURCE, ScriptedTask

pytestmark = pytest.mark.usefixtures("wire")
AT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


def call(path: str = "/one", **more: Any) -> Sent:
    told: dict[str, Any] = {"status": 200, "request_id": "r-1", "writes": False, "milliseconds": 12, "no_answer": None}
    return Sent(at=AT, method="GET", host="management.azure.com", path=path, **(told | more))


def paths() -> list[str]:
    return list(AzureCall.objects.order_by("id").values_list("path", flat=True))


@pytest.fixture
def attempt(session: LabSession) -> Attempt:  # noqa: F811
    return Attempt.objects.create(session=session, task_id="t1", mode="validate", state="running", fence=1)


@pytest.fixture
def hear(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the engine gives the gateway to tell, sitting after sitting."""
    given: list[Any] = []

    def azure_of(*_args: object, heard: Any, **_kwargs: object) -> None:
        given.append(heard)

    monkeypatch.setattr(engine, "azure_of", azure_of)
    return given


def test_no_column_is_forgotten_and_the_words_are_the_gateways() -> None:
    assert {"id", *keeping.COLUMNS} == {field.column for field in AzureCall._meta.concrete_fields}
    assert set(AzureCall.NoAnswer.values) == {one.value for one in NoAnswer}


def test_a_call_is_stored_as_it_was_told(attempt: Attempt) -> None:
    keeping.keep(attempt.session.connection_id, attempt.pk, [call(), call("/two", status=None, request_id="")])
    keeping.keep(attempt.session.connection_id, None, [call("/three", writes=True, no_answer=NoAnswer.TIMED_OUT)])
    first, second, third = AzureCall.objects.order_by("id")
    assert (first.at, first.method, first.host, first.path) == (AT, "GET", "management.azure.com", "/one")
    assert (first.status, first.request_id, first.writes, first.milliseconds) == (200, "r-1", False, 12)
    assert (second.status, second.no_answer, second.attempt) == (None, "", attempt)
    assert (third.writes, third.no_answer, third.attempt) == (True, "timed_out", None)


@pytest.mark.parametrize(("told", "kept"), [("r" * 300, "r" * 128), ("r\x00\n", ""), ("r-1", "r-1")])
def test_an_answers_name_for_itself_is_kept_if_it_can_be_read(attempt: Attempt, told: str, kept: str) -> None:
    keeping.keep(attempt.session.connection_id, attempt.pk, [call(request_id=told)])
    assert AzureCall.objects.get().request_id == kept


def test_what_a_transaction_did_not_store_comes_with_the_next(attempt: Attempt) -> None:
    calls = Calls(attempt)
    calls.hear(call())

    def fail() -> None:
        with writing():
            calls.store()
            raise LostClaim

    with pytest.raises(LostClaim):
        fail()
    assert paths() == []
    calls.hear(call("/two"))
    for _ in range(2):
        with writing():
            calls.store()
    assert paths() == ["/one", "/two"]


def test_what_is_heard_while_it_is_stored_is_neither_lost_nor_stored_twice(attempt: Attempt) -> None:
    calls = Calls(attempt)
    calls.hear(call())
    with writing():
        calls.store()
        calls.hear(call("/meanwhile"))
        transaction.on_commit(lambda: calls.hear(call("/later")))
    calls.close()
    assert paths() == ["/one", "/meanwhile", "/later"]


def test_a_look_that_nobody_waits_for_any_more_is_stored_all_the_same(attempt: Attempt) -> None:
    calls = Calls(attempt)
    calls.close()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(calls.hear, [call("/late"), call("/late")]))
    assert paths() == ["/late"] * 2


def test_whose_account_is_gone_has_taken_the_ledger_along(attempt: Attempt) -> None:
    calls = Calls(attempt)
    calls.hear(call())
    with writing():
        calls.store()
    kept = kept_about(attempt.session.user)["calls to Azure"]
    assert [(one["path"], one["attempt"]) for one in kept] == [("/one", attempt.pk)]
    Attempt.objects.update(state="finished")
    assert delete_person(attempt.session.user)
    assert paths() == []
    calls.hear(call("/after"))
    calls.close()
    assert paths() == []


def test_calls_stay_where_their_attempt_goes(attempt: Attempt) -> None:
    keeping.keep(attempt.session.connection_id, attempt.pk, [call()])
    attempt.delete()
    assert AzureCall.objects.get().attempt is None


def begin(session: LabSession) -> Attempt:  # noqa: F811
    return services.start(session, "task", Mode.CARRY_OUT, {}).attempt


def test_a_sitting_stores_them_with_what_it_stores(session: LabSession, task: ScriptedTask, hear: list[Any]) -> None:  # noqa: F811
    seen: list[list[str]] = []

    def first(_ctx: object, _token: str | None) -> ActionDone:
        hear[-1](call("/first"))
        return ActionDone("made", did=True, sources=(SOURCE,))

    def second(_ctx: object, _token: str | None) -> ActionDone:
        seen.append(paths())
        hear[-1](call("/second"))
        return ActionDone("made", did=True, sources=(SOURCE,))

    task.steps = [first, second]
    attempt = begin(session)
    engine.run(attempt.pk)
    assert seen == [["/first"]]
    assert paths() == ["/first", "/second"]
    assert set(AzureCall.objects.values_list("attempt", "connection")) == {(attempt.pk, session.connection_id)}


def test_a_claim_that_is_lost_leaves_what_was_asked(session: LabSession, task: ScriptedTask, hear: list[Any]) -> None:  # noqa: F811
    def step(_ctx: object, _token: str | None) -> ActionDone:
        hear[-1](call("/asked"))
        Attempt.objects.update(fence=99)
        return ActionDone("made", did=True, sources=(SOURCE,))

    task.steps = [step]
    attempt = begin(session)
    engine.run(attempt.pk)
    assert not attempt.events.filter(kind="done").exists(), "the claim was lost"
    assert paths() == ["/asked"]


def test_a_fault_of_ours_leaves_what_was_asked(session: LabSession, task: ScriptedTask, hear: list[Any]) -> None:  # noqa: F811
    def step(_ctx: object, _token: str | None) -> ActionDone:
        hear[-1](call("/asked"))
        raise RuntimeError("a fault of ours")

    task.steps = [step]
    engine.run(begin(session).pk)
    assert paths() == ["/asked"]


def test_a_cancelled_attempt_leaves_what_was_asked(session: LabSession, task: ScriptedTask, hear: list[Any]) -> None:  # noqa: F811
    def step(_ctx: object, _token: str | None) -> ActionDone:
        hear[-1](call("/asked"))
        Attempt.objects.update(cancel_requested=True)
        return ActionDone("made", did=True, sources=(SOURCE,))

    task.steps = [step, step]
    attempt = begin(session)
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    assert attempt.state == "cancelled"
    assert paths() == ["/asked"]
