"""Hints are shown one at a time, and how many were shown before a task was done is kept."""

from __future__ import annotations

import pytest
from django.utils import timezone

from labportal.accounts.models import User
from labportal.labs.models import LabSession
from labportal.runs.models import TaskResult
from steps.kit.verdict import Verdict
from tests.portal import examiner, walks
from tests.portal.addresses import hint, lab_page, panel_of, task_page
from tests.portal.browsing import Browser, text

pytestmark = pytest.mark.usefixtures("everything_offered")


def seen(session: LabSession) -> int:
    return TaskResult.objects.get(session=session, task_id=walks.TASK.id).hints_seen


def test_no_hint_is_shown_before_it_is_asked_for(browser: Browser, session: LabSession) -> None:
    page = text(browser.get(task_page(session)))
    assert "Show a hint for the whole task 0 of 3 shown" in page
    assert "First look around" not in page


def test_each_click_shows_one_more_in_their_order_and_the_last_is_the_last(
    browser: Browser, session: LabSession
) -> None:
    for words, left in (("First look around.", 2), ("Then make kv-ada.", 1), ("It is nearly done.", 0)):
        browser.post(hint(session))
        page = text(browser.get(task_page(session)))
        assert words in page
        assert ("One more hint" in page) == bool(left)
    browser.post(hint(session))
    assert seen(session) == 3


def test_a_click_without_javascript_leads_back_and_with_it_brings_the_panel(
    browser: Browser, session: LabSession
) -> None:
    answer = browser.post(hint(session))
    assert (answer.status_code, answer.headers["Location"]) == (303, panel_of(task_page(session)))
    page = browser.htmx_post(hint(session))
    assert page.status_code == 200
    assert "Then make kv-ada." in text(page)


def test_a_reason_has_hints_of_its_own_and_all_are_counted_together(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    browser.post(hint(session), {"about": "broken"})
    browser.post(hint(session), {"about": "broken"})
    browser.post(hint(session))
    answer = browser.get(task_page(session))
    assert "Look at kv-ada." in text(answer)
    assert "Type <code>az keyvault show</code>." in answer.content.decode()
    assert seen(session) == 3


def test_a_hint_that_there_is_not_is_refused_in_words(browser: Browser, session: LabSession) -> None:
    for about in ("fine", "no-such-reason"):
        answer = browser.post(hint(session), {"about": about})
        assert answer.status_code == 409
        assert "That is not offered now" in text(answer)
    assert browser.post(hint(session, walks.LAB.tasks[0].id)).status_code == 409, "that task has none"
    assert not TaskResult.objects.exists()


def test_what_is_shown_after_the_task_was_done_does_not_count(browser: Browser, session: LabSession) -> None:
    browser.post(hint(session))
    TaskResult.objects.all().delete()
    walks.completed(session)
    browser.post(hint(session))
    assert "Then make kv-ada." in text(browser.get(task_page(session)))
    assert seen(session) == 0


def test_the_same_hints_in_another_browser_count_once(browser: Browser, session: LabSession, ada: User) -> None:
    browser.post(hint(session))
    browser.post(hint(session))
    elsewhere = Browser(ada)
    assert "0 of 3 shown" in text(elsewhere.get(task_page(session)))
    elsewhere.post(hint(session))
    assert seen(session) == 2


def test_hints_of_one_task_are_not_those_of_another(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    other = walks.LAB.tasks[2]
    examiner.finding(walks.attempt(session, other, verdict=Verdict.NOT_YET), "broken")
    browser.post(hint(session), {"about": "broken"})
    assert "Look at kv-ada." in text(browser.get(task_page(session)))
    assert "Look at kv-ada." not in text(browser.get(task_page(session, other.id)))


def test_hints_are_said_with_how_the_task_was_done(browser: Browser, session: LabSession) -> None:
    browser.post(hint(session))
    browser.post(hint(session))
    assert f"0 of {len(walks.LAB.tasks)} done" in text(browser.get(lab_page(session))), "a hint completes nothing"
    TaskResult.objects.update(
        completed_at=timezone.now(), provenance=TaskResult.Provenance.STUDENT, portal_changed=False
    )
    for page in (lab_page(session), task_page(session)):
        assert "Done by you, with 2 hints" in text(browser.get(page))
