"""The student's page of every call to Azure, and the file of it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from labportal.labs.models import LabSession
from labportal.ledger.reading import CALLS_A_PAGE
from labportal.ledger.views import EXPORTS
from labportal.runs.models import Attempt
from tests.portal import walks
from tests.portal.browsing import Browser, text

AT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
VAULT = walks.SOURCE.path


def page(session: LabSession, **asked: Any) -> str:
    return reverse("ledger:calls", args=[session.lab_id], query=asked or None)


def rows(answer: Any) -> int:
    return int(answer.content.decode().count("<tr>")) - 1


def exported(browser: Browser, session: LabSession) -> list[list[str]]:
    answer = browser.get(reverse("ledger:csv", args=[session.lab_id]))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="azure-calls-')
    content = answer.getvalue()
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets take it for something else otherwise"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_an_empty_ledger_says_what_will_stand_there(browser: Browser, session: LabSession) -> None:
    assert "Nothing yet" in text(browser.get(page(session)))


def test_a_call_is_told_whole(browser: Browser, session: LabSession, attempt: Attempt) -> None:
    walks.asked(session, attempt, method="PUT", writes=True, status=201, at=AT)
    answer = browser.get(page(session))
    told = text(answer)
    for words in ("2 March 2026, 09:30:15 UTC", "Write", "PUT", "201", "in 48 ms", "request request-1", "Check"):
        assert words in told
    assert f"management.azure.com{VAULT}" in told.replace(" ", "")
    assert reverse("runs:attempt", args=[attempt.pk]) in answer.content.decode()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("timed_out", "no answer: timed out after 10000 ms"),
        ("unreachable", "no answer: could not be reached after 10000 ms"),
        ("broken_off", "no answer: the connection broke after 10000 ms"),
    ],
)
def test_no_answer_is_told_in_words(browser: Browser, session: LabSession, why: str, words: str) -> None:
    walks.asked(session, status=None, request_id="", no_answer=why, milliseconds=10_000)
    told = text(browser.get(page(session)))
    assert words in told
    assert "no attempt" in told
    assert "request request-1" not in told


def test_the_newest_come_first_and_in_pages_that_keep_what_is_asked_for(
    browser: Browser, session: LabSession, attempt: Attempt
) -> None:
    for number in range(CALLS_A_PAGE + 3):
        walks.asked(session, attempt, writes=True, request_id=f"number-{number}")
    walks.asked(session, attempt, request_id="a-read")
    first = browser.get(page(session, writes=1, attempt=attempt.pk))
    assert rows(first) == CALLS_A_PAGE
    told = first.content.decode()
    assert told.index(f"number-{CALLS_A_PAGE + 2}") < told.index(f"number-{CALLS_A_PAGE + 1}")
    assert f"?writes=1&amp;attempt={attempt.pk}&amp;page=2" in told
    second = browser.get(page(session, writes=1, attempt=attempt.pk, page=2))
    assert rows(second) == 3
    assert "a-read" not in told + second.content.decode()
    for impossible in ("99", "0", "x", "-1"):
        assert browser.get(page(session, page=impossible)).status_code == 200


def test_what_is_shown_can_be_narrowed_and_widened_again(browser: Browser, session: LabSession) -> None:
    one, other = walks.finished(session), walks.finished(session, walks.LAB.tasks[2])
    walks.asked(session, one, request_id="of-one")
    walks.asked(session, other, request_id="of-other", writes=True)
    walks.asked(session, request_id="of-none")
    asked: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {"of-one", "of-other", "of-none"}),
        ({"writes": 1}, {"of-other"}),
        ({"attempt": one.pk}, {"of-one"}),
        ({"attempt": one.pk, "writes": 1}, set()),
    ]
    for given, shown in asked:
        answer = browser.get(page(session, **given)).content.decode()
        assert {name for name in ("of-one", "of-other", "of-none") if name in answer} == shown
    assert "Nothing of the kind" in answer
    assert f"?attempt={one.pk}" in answer, "back to what it reads as well"
    assert 'href="?writes=1"' in answer, "back to all attempts"


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "1.5", "999999"])
def test_an_attempt_that_is_not_there_is_a_404(browser: Browser, session: LabSession, number: str) -> None:
    assert browser.get(page(session, attempt=number)).status_code == 404


def test_nobody_sees_anothers(session: LabSession, attempt: Attempt) -> None:
    walks.asked(session, attempt, request_id="of-ada")
    eve = walks.person("eve")
    stranger = Browser(eve)
    for address in (page(session), reverse("ledger:csv", args=[session.lab_id])):
        assert stranger.get(address).status_code == 404
    walks.ready_session(eve)
    assert "of-ada" not in stranger.get(page(session)).content.decode()
    assert stranger.get(page(session, attempt=attempt.pk)).status_code == 404
    assert len(exported(stranger, session)) == 1


def test_calls_of_an_earlier_walk_and_its_subscription_stay(browser: Browser, session: LabSession) -> None:
    walks.asked(session, walks.finished(session), request_id="of-the-first")
    session.ended_at = timezone.now()
    session.save()
    again = walks.ready_session(session.user)
    walks.asked(again, walks.finished(again), request_id="of-the-second")
    told = browser.get(page(again)).content.decode()
    assert told.index("of-the-second") < told.index("of-the-first")
    assert [line[7] for line in exported(browser, again)[1:]] == ["of-the-second", "of-the-first"]


def test_pages_lead_there(browser: Browser, session: LabSession, attempt: Attempt) -> None:
    history, own = reverse("labs:history", args=[session.lab_id]), reverse("runs:attempt", args=[attempt.pk])
    assert page(session) in browser.get(history).content.decode()
    assert "to Azure" not in text(browser.get(own)), "nothing was asked for it"
    walks.asked(session, attempt)
    assert "1 call to Azure" in text(browser.get(own))
    walks.asked(session, attempt)
    answer = browser.get(own)
    assert "2 calls to Azure" in text(answer)
    assert page(session, attempt=attempt.pk) in answer.content.decode()


def queries(browser: Browser, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert b"".join(browser.get(address)) != b""  # a file is made when it is read
    return len(asked)


def test_much_is_read_by_as_few_queries_as_little(browser: Browser, session: LabSession, attempt: Attempt) -> None:
    walks.asked(session, attempt)
    addresses = page(session), reverse("ledger:csv", args=[session.lab_id])
    few = [queries(browser, address) for address in addresses]
    for task in walks.LAB.tasks:
        walks.asked(session, walks.finished(session, task))
        walks.asked(session)
    assert [queries(browser, address) for address in addresses] == few


def test_the_file_is_right_cell_by_cell(browser: Browser, session: LabSession, attempt: Attempt) -> None:
    task = walks.TASK
    walks.asked(session, attempt, method="PUT", writes=True, status=201, at=AT, request_id="=cmd|' /C calc'!A0")
    walks.asked(
        session,
        path="/a,b?api-version=7.4",
        status=None,
        request_id="",
        no_answer="timed_out",
        milliseconds=10_007,
        at=AT + timedelta(seconds=1),
    )
    head, newest, oldest = exported(browser, session)
    assert head == [
        *("when (UTC)", "method", "host", "path", "read or write", "status", "no answer because it", "request id"),
        *("milliseconds", "attempt", "what the attempt is"),
    ]
    assert newest == [
        *("2026-03-02 09:30:16.123", "GET", "management.azure.com", "/a,b?api-version=7.4", "read", "", "timed out"),
        *("", "10007", "", ""),
    ]
    assert oldest == [
        *("2026-03-02 09:30:15.123", "PUT", "management.azure.com", VAULT, "write", "201", ""),
        *("'=cmd|' /C calc'!A0", "48", str(attempt.pk), f"Check: {task.number}. {task.title}"),
    ]


def test_the_file_is_of_everything_however_the_page_is_narrowed(browser: Browser, session: LabSession) -> None:
    for number in range(CALLS_A_PAGE + 10):
        walks.asked(session, request_id=f"number-{number}")
    assert len(exported(browser, session)) == 1 + CALLS_A_PAGE + 10


def test_a_script_that_asks_for_the_file_again_and_again_is_stopped(browser: Browser, session: LabSession) -> None:
    address = reverse("ledger:csv", args=[session.lab_id])
    for _ in range(EXPORTS.times):
        assert browser.get(address).status_code == 200
    answer = browser.get(address)
    assert answer.headers["Location"] == page(session)
    assert "very often" in text(browser.get(page(session)))
