"""Cleaning up has a page of its own, and leaves a receipt."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from labportal.accounts.models import User
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from steps.kit.verdict import Verdict
from tests.portal import examiner, walks
from tests.portal.addresses import carry_out, check, clean_up, lab_page, panel_of, task_page
from tests.portal.browsing import Browser, text

State = Attempt.State
TASK_ID = examiner.CLEAN_UP.id
offered = pytest.mark.usefixtures("everything_offered")


@offered
def test_what_it_does_stands_before_the_button(browser: Browser, session: LabSession) -> None:
    page = text(browser.get(clean_up(session)))
    places = [
        page.index(words)
        for words in ("What was made around kv-ada goes.", "Delete what was made for kv-ada, exactly so.", "Only look")
    ]
    assert places == sorted(places)
    assert "Nothing is left of the lab" in page


def test_what_would_take_back_a_repair_is_announced_only_where_there_was_one(
    browser: Browser, session: LabSession
) -> None:
    words = "Stop the VM again"
    assert words not in text(browser.get(clean_up(session)))
    walks.attempt(session, verdict=Verdict.PASSED, mode=Mode.REPAIR, remedy="start-vm", progress={"did": True})
    assert words in text(browser.get(clean_up(session)))
    assert "Turn the VM's identity off again" not in text(browser.get(clean_up(session)))


@offered
@pytest.mark.parametrize(("click", "mode"), [(carry_out, Mode.CARRY_OUT), (check, Mode.VALIDATE)])
def test_the_buttons_lead_back_to_its_own_page(
    browser: Browser, session: LabSession, click: object, mode: Mode
) -> None:
    answer = browser.post(click(session, TASK_ID))  # type: ignore[operator]
    assert (answer.status_code, answer.headers["Location"]) == (303, panel_of(clean_up(session)))
    assert Attempt.objects.get().mode == mode


@offered
def test_it_is_followed_live_and_without_javascript(browser: Browser, session: LabSession) -> None:
    browser.post(carry_out(session, TASK_ID))
    page = browser.get(clean_up(session)).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert '<section id="panel"' in page
    assert 'hx-trigger="session from:body, refresh"' in page  # static/js/live.js sees to the attempts
    Attempt.objects.update(state=State.RUNNING)
    panel = text(browser.htmx_get(reverse("labs:panel", args=[session.lab_id, TASK_ID])))
    assert "Cleaning up" in panel
    assert "Cancel" in panel


@offered
def test_cancelling_it_leads_back_to_its_own_page(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, examiner.CLEAN_UP, state=State.WAITING, mode=Mode.CARRY_OUT)
    answer = browser.post(reverse("runs:cancel", args=[attempt.pk]))
    assert answer.headers["Location"] == panel_of(clean_up(session))


@offered
@pytest.mark.parametrize("state", [State.CANCELLED, State.LOST])
def test_what_was_cut_short_is_no_receipt(browser: Browser, session: LabSession, state: Attempt.State) -> None:
    walks.attempt(session, examiner.CLEAN_UP, state=state, mode=Mode.CARRY_OUT)
    assert "The receipt" not in text(browser.get(lab_page(session)))
    answer = browser.get(clean_up(session))
    assert "Not finished" in text(answer)
    assert "Receipt" not in text(answer)
    assert 'id="clean-up-button" class="button primary"' in answer.content.decode()
    assert "Clean up once more" not in text(answer)


@offered
def test_the_receipt_stands_before_what_could_be_done_once_more(browser: Browser, session: LabSession) -> None:
    walks.finished(session, examiner.CLEAN_UP)
    page = text(browser.get(clean_up(session)))
    assert page.index("What the portal does") < page.index("What the portal saw")
    examiner.cleaned(session)
    page = text(browser.get(clean_up(session)))
    assert page.index("Receipt Nothing left") < page.index("What the portal does") < page.index("Clean up once more")


@offered
def test_the_receipt_says_where_what_was_done_and_what_was_found(browser: Browser, session: LabSession) -> None:
    attempt = examiner.cleaned(session)
    for address in (clean_up(session), f"/attempts/{attempt.pk}/"):
        answer = browser.get(address)
        page = text(answer)
        for words in (
            "Nothing left",
            "sub-ada",
            "rg-lab",
            "kv-ada was deleted and purged.",
            "Cleaning up",
            "It is there.",
        ):
            assert words in page, (address, words)
        assert f"When {attempt.created_at.day} {attempt.created_at:%B %Y}" in page
        assert re.search(r'<details class="timeline"[^>]* open>', answer.content.decode())


@offered
def test_looking_for_what_is_left_is_no_receipt(browser: Browser, session: LabSession) -> None:
    walks.finished(session, examiner.CLEAN_UP, Verdict.NOT_YET)
    page = text(browser.get(clean_up(session)))
    assert "What the portal saw" in page
    assert "Receipt" not in page.replace("its receipt", "")


@offered
def test_the_history_keeps_it_and_names_every_mode(browser: Browser, session: LabSession) -> None:
    examiner.cleaned(session)
    walks.finished(session, examiner.CLEAN_UP)
    for mode in Mode:
        walks.attempt(session, verdict=Verdict.PASSED, mode=mode, remedy="mend-it" if mode is Mode.REPAIR else "")
    answer = browser.get(reverse("labs:history", args=[session.lab_id]))
    what = re.findall(r'data-label="What"><span>([^<]+)<', answer.content.decode())
    modes = ["Undo", "Repair: Mend the vault", "Carrying out", "Check"]
    assert what == [*modes, "Look for what is left", "Cleaning up"]
    assert f'href="{clean_up(session)}">Clean up</a>' in answer.content.decode()


@offered
def test_it_is_no_task_to_be_done(browser: Browser, session: LabSession) -> None:
    for task in walks.LAB.tasks:
        walks.completed(session, task)
    page = browser.get(lab_page(session))
    assert f"Well done: all {len(walks.LAB.tasks)} tasks are done" in text(page)
    assert f"{len(walks.LAB.tasks)} of {len(walks.LAB.tasks)} done" in text(page)
    assert f'href="{task_page(session, TASK_ID)}"' not in page.content.decode()
    assert browser.get(task_page(session, TASK_ID)).headers["Location"] == clean_up(session)
    browser.post(reverse("labs:check_all", args=[session.lab_id]))
    assert not Attempt.objects.filter(task_id=TASK_ID).exists()


@offered
def test_the_overview_leads_to_it_and_to_the_last_receipt(browser: Browser, session: LabSession) -> None:
    link = f'href="{clean_up(session)}"'
    assert browser.get(lab_page(session)).content.decode().count(link) == 1
    receipt = examiner.cleaned(session)
    for task in walks.LAB.tasks:
        walks.completed(session, task)
    page = browser.get(lab_page(session))
    assert page.content.decode().count(link) == 2, "also where the lab is said to be done"
    assert "The last time: Nothing left" in text(page)
    assert f'href="/attempts/{receipt.pk}/"' in page.content.decode()


@offered
def test_more_history_takes_no_more_queries(
    browser: Browser, session: LabSession, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    examiner.cleaned(session)
    with django_assert_num_queries(8):
        browser.get(clean_up(session))
    for _ in range(5):
        examiner.cleaned(session)
    with django_assert_num_queries(8):
        browser.get(clean_up(session))


@offered
def test_it_waits_for_the_subscription(browser: Browser, ada: User) -> None:
    assert "is being prepared" in text(browser.get(clean_up(walks.preparing_session(ada))))


def test_a_lab_that_leaves_nothing_behind_has_no_such_page(
    browser: Browser, session: LabSession, without_clean_up: None
) -> None:
    assert browser.get(clean_up(session)).status_code == 404
    assert clean_up(session) not in browser.get(lab_page(session)).content.decode()


@pytest.fixture
def without_clean_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from steps.registry import LABS

    monkeypatch.setitem(LABS, walks.LAB.id, replace(walks.LAB, clean_up=None))
