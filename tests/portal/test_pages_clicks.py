"""What the buttons of a page do, and what becomes of what a student pastes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from tests.portal import walks
from tests.portal.addresses import carry_out, check, clean_up, lab_page, panel_of, task_page
from tests.portal.browsing import Browser, text

State = Attempt.State
LAB = walks.LAB
LAST = LAB.tasks[-1]


def test_a_check_begins_and_leads_back_to_the_task(browser: Browser, session: LabSession) -> None:
    answer = browser.post(check(session))
    assert (answer.status_code, answer.headers["Location"]) == (303, panel_of(task_page(session)))
    assert Attempt.objects.get().mode == Mode.VALIDATE


def test_carrying_out_begins_and_leads_back_to_the_task(browser: Browser, session: LabSession) -> None:
    answer = browser.post(carry_out(session))
    assert (answer.status_code, answer.headers["Location"]) == (303, panel_of(task_page(session)))
    assert Attempt.objects.get().mode == Mode.CARRY_OUT


def test_htmx_gets_the_panel_and_the_steps_back(browser: Browser, session: LabSession) -> None:
    answer = browser.htmx_post(check(session))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "In the queue" in page
    assert '<nav id="steps" hx-swap-oob="innerMorph">' in page


def test_twenty_clicks_are_one_attempt(browser: Browser, session: LabSession) -> None:
    for _ in range(20):
        browser.post(check(session))
    assert Attempt.objects.count() == 1


def test_carrying_out_during_a_check_is_not_passed_over_in_silence(browser: Browser, session: LabSession) -> None:
    browser.post(check(session))
    assert "A check is under way" in browser.htmx_post(carry_out(session)).content.decode()
    assert "A check is under way" not in browser.htmx_post(check(session)).content.decode()


def test_what_is_said_to_a_click_is_not_wiped_away_by_the_next_look(browser: Browser, session: LabSession) -> None:
    """It goes into a part of the page that only clicks renew, and an empty one clears it."""
    browser.post(check(session))
    said = '<div id="said" hx-swap-oob="innerHTML">'
    assert said in browser.htmx_post(carry_out(session)).content.decode()
    assert said in browser.htmx_post(check(session)).content.decode()
    look = browser.htmx_get(reverse("labs:panel", args=[session.lab_id, walks.TASK.id]))
    assert 'id="said"' not in look.content.decode()


def test_a_check_during_carrying_out_says_that_it_comes_by_itself(browser: Browser, session: LabSession) -> None:
    browser.post(carry_out(session))
    assert "checks by itself" in text(browser.post(check(session), follow=True))


@pytest.mark.parametrize("page", [task_page, clean_up])
def test_what_is_said_after_a_click_stands_where_it_is_answered(
    browser: Browser, session: LabSession, page: Callable[[LabSession], str]
) -> None:
    """The redirect leads to the panel: words at the top of the page would be out of sight there."""
    task_id = LAB.clean_up.id if page is clean_up and LAB.clean_up else walks.TASK.id
    browser.post(carry_out(session, task_id))
    html = browser.post(check(session, task_id), follow=True).content.decode()
    words = "The portal is carrying this out."
    assert html.count(words) == 1
    assert html.index("data-trouble") < html.index(words) < html.index('<section id="panel"')


def test_all_tasks_are_checked_with_one_click(browser: Browser, session: LabSession) -> None:
    answer = browser.post(reverse("labs:check_all", args=[session.lab_id]))
    assert (answer.status_code, answer.headers["Location"]) == (303, lab_page(session))
    begun = Attempt.objects.order_by("pk").values_list("task_id", "mode")
    assert list(begun) == [(task.id, Mode.VALIDATE) for task in walks.LAB.tasks]


def test_a_check_of_all_tasks_keeps_the_last_answer(browser: Browser, session: LabSession) -> None:
    walks.attempt(session, LAST, answers={"identifier": "kept"})
    browser.post(reverse("labs:check_all", args=[session.lab_id]))
    assert Attempt.objects.get(task_id=LAST.id, state=State.QUEUED).answers == {"identifier": "kept"}


def test_cancel_ends_what_waits(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.WAITING)
    answer = browser.post(reverse("runs:cancel", args=[attempt.pk]))
    attempt.refresh_from_db()
    assert answer.status_code == 303
    assert attempt.state == State.CANCELLED


def test_check_now_makes_a_waiting_attempt_due(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.WAITING, due_at=timezone.now() + timedelta(hours=1))
    browser.post(reverse("runs:check_now", args=[attempt.pk]))
    attempt.refresh_from_db()
    assert attempt.due_at is not None
    assert attempt.due_at < timezone.now() + timedelta(minutes=1)


# What a student pastes

PASTED = (
    "My-Canary-Value https://kv-ada.vault.azure.net/secrets/lab-secret/0123456789abcdef0123456789abcdef @{enabled=True}"
)


def answer_field() -> str:
    return f"ask-{LAST.asks[0].id}"


def test_only_what_ask_keep_leaves_is_stored_of_a_pasted_response(browser: Browser, session: LabSession) -> None:
    browser.post(check(session, LAST.id), {answer_field(): PASTED})
    kept = Attempt.objects.get().answers
    assert kept == {LAST.asks[0].id: LAST.asks[0].keep(PASTED)}
    assert "Canary" not in str(kept)


@pytest.mark.parametrize("typed", [PASTED, "Canary but nothing of use"])
@pytest.mark.parametrize("htmx", [True, False])
def test_what_was_pasted_is_never_sent_back(browser: Browser, session: LabSession, typed: str, htmx: bool) -> None:
    data = {answer_field(): typed}
    answer = browser.htmx_post(check(session, LAST.id), data) if htmx else browser.post(check(session, LAST.id), data)
    assert "Canary" not in answer.content.decode()
    assert "Canary" not in browser.get(task_page(session, LAST.id)).content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_a_paste_that_holds_nothing_of_use_is_told_and_starts_nothing(
    browser: Browser, session: LabSession, htmx: bool
) -> None:
    data = {answer_field(): "nothing of use"}
    where = check(session, LAST.id)
    answer = browser.htmx_post(where, data) if htmx else browser.post(where, data, follow=True)
    assert "holds nothing this check can use" in text(answer)
    assert not Attempt.objects.exists()


def test_an_empty_field_starts_the_check_which_says_what_is_missing(browser: Browser, session: LabSession) -> None:
    browser.post(check(session, LAST.id), {answer_field(): "  "})
    assert Attempt.objects.get().answers == {}


def test_a_second_check_needs_no_second_paste(browser: Browser, session: LabSession) -> None:
    browser.post(check(session, LAST.id), {answer_field(): PASTED})
    first = Attempt.objects.get()
    Attempt.objects.update(state=State.CANCELLED)
    assert "is kept" in text(browser.get(task_page(session, LAST.id)))
    browser.post(check(session, LAST.id), {answer_field(): ""})
    assert Attempt.objects.latest("id").answers == first.answers


def test_a_newer_paste_replaces_the_kept_one(browser: Browser, session: LabSession) -> None:
    browser.post(check(session, LAST.id), {answer_field(): PASTED})
    Attempt.objects.update(state=State.CANCELLED)
    newer = PASTED.replace("0123456789abcdef0123456789abcdef", "f" * 32)
    browser.post(check(session, LAST.id), {answer_field(): newer})
    assert Attempt.objects.latest("id").answers == {LAST.asks[0].id: LAST.asks[0].keep(newer)}
