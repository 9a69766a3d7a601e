"""The history of attempts, and one attempt's own page."""

from __future__ import annotations

from django.urls import reverse

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from steps.kit.verdict import Verdict
from tests.portal import walks
from tests.portal.browsing import Browser, text

State = Attempt.State


def history(session: LabSession, page: str = "") -> str:
    return reverse("labs:history", args=[session.lab_id]) + (f"?page={page}" if page else "")


def test_an_empty_history_says_what_will_stand_there(browser: Browser, session: LabSession) -> None:
    assert "Nothing yet" in text(browser.get(history(session)))


def test_every_attempt_is_listed_the_newest_first_with_its_result(browser: Browser, session: LabSession) -> None:
    first, second, third = walks.LAB.tasks[:3]
    walks.finished(session, first)
    walks.attempt(session, second, verdict=Verdict.NOT_YET, mode=Mode.CARRY_OUT)
    walks.attempt(session, third, state=State.CANCELLED)
    page = text(browser.get(history(session)))
    places = [page.index(task.title) for task in (third, second, first)]
    assert places == sorted(places)
    for words in ("Passed", "Not yet", "Cancelled", "Carrying out"):
        assert words in page


def test_a_long_history_comes_in_pages(browser: Browser, session: LabSession) -> None:
    for _ in range(30):
        walks.attempt(session, state=State.CANCELLED)
    assert browser.get(history(session)).content.decode().count("<tr>") == 1 + 25
    second = browser.get(history(session, "2"))
    assert second.content.decode().count("<tr>") == 1 + 5
    assert "Page 2 of 2" in text(second)


def test_an_impossible_page_number_gives_a_page_all_the_same(browser: Browser, session: LabSession) -> None:
    walks.finished(session)
    for page in ("99", "0", "x", "-1"):
        assert browser.get(history(session, page)).status_code == 200


def test_an_attempts_page_keeps_everything(browser: Browser, session: LabSession) -> None:
    attempt = walks.finished(session, verdict=Verdict.NOT_YET)
    page = text(browser.get(reverse("runs:attempt", args=[attempt.pk])))
    for words in ("You asked for a check.", "That is all.", "There is no vault kv-ada.", "request-4711"):
        assert words in page


def test_an_attempt_of_an_ended_walk_is_still_there_to_read(browser: Browser, session: LabSession) -> None:
    attempt = walks.finished(session)
    session.ended_at = attempt.finished_at
    session.save()
    answer = browser.get(reverse("runs:attempt", args=[attempt.pk]))
    assert answer.status_code == 200
    assert "To the task" not in text(answer)


def test_a_lost_attempt_is_called_the_portals_fault(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.LOST, verdict=Verdict.COULD_NOT_TELL)
    assert "Lost by the portal" in text(browser.get(reverse("runs:attempt", args=[attempt.pk])))
