"""A credential that Azure has stopped accepting: everything can be read, and one click brings a new one."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from tests.portal import walks
from tests.portal.addresses import carry_out, check, lab_page, panel_of, task_page
from tests.portal.browsing import Browser, text
from tests.portal.examiner import CLEAN_UP

SAID = "Azure does not accept your credential any more."


@pytest.fixture
def refused(session: LabSession) -> LabSession:
    session.connection.state = Connection.State.BROKEN
    session.connection.problem = "Azure no longer accepts the credential of this connection."
    session.connection.save()
    return session


def again(session: LabSession) -> str:
    return reverse("labs:sign_in_again", args=[session.lab_id])


def history(session: LabSession) -> str:
    return reverse("labs:history", args=[session.lab_id])


@pytest.mark.parametrize("page", [lab_page, task_page])
def test_the_pages_stay_and_ask_to_sign_in_again(browser: Browser, refused: LabSession, page: object) -> None:
    answer = browser.get(page(refused))  # type: ignore[operator]
    assert SAID in text(answer)
    assert f'action="{again(refused)}"' in answer.content.decode()
    assert "kv-ada" in text(answer)


def test_what_is_live_asks_too(browser: Browser, refused: LabSession) -> None:
    assert SAID in text(browser.htmx_get(reverse("labs:panel", args=[refused.lab_id, walks.TASK.id])))
    assert SAID in text(browser.htmx_get(reverse("labs:progress", args=[refused.lab_id])))


@pytest.mark.parametrize(("state", "waits"), [(Attempt.State.WAITING, True), (Attempt.State.RUNNING, False)])
def test_what_waits_for_it_does_not_say_that_it_waits_for_azure(
    browser: Browser, refused: LabSession, state: Attempt.State, waits: bool
) -> None:
    walks.attempt(refused, state=state)
    page = text(browser.get(task_page(refused)))
    assert ("Waiting for sign-in" in page) is waits
    assert "Waiting for Azure" not in page.partition("Check or carry out")[2]


def test_what_waits_for_it_says_so_everywhere_and_is_not_hurried(browser: Browser, refused: LabSession) -> None:
    attempt = walks.attempt(refused, state=Attempt.State.WAITING, due_at=timezone.now())
    for address in (lab_page(refused), task_page(refused), history(refused), f"/attempts/{attempt.pk}/"):
        page = text(browser.get(address))
        assert "Waiting for sign-in" in page, address
        assert "Waiting for Azure" not in page, address
        assert SAID in page, address
    for address in (task_page(refused), f"/attempts/{attempt.pk}/"):
        page = text(browser.get(address))
        assert "It goes on by itself as soon as you have signed in again." in page
        assert "The portal looks again at" not in page
        assert "Check now" not in page


def test_what_waits_for_azure_says_when_it_is_looked_at_again(browser: Browser, session: LabSession) -> None:
    attempt = walks.attempt(session, state=Attempt.State.WAITING, due_at=timezone.now())
    for address in (task_page(session), f"/attempts/{attempt.pk}/"):
        page = text(browser.get(address))
        assert "Waiting for Azure" in page
        assert "The portal looks again at" in page


def test_a_click_fetches_a_new_credential_and_leads_back(browser: Browser, refused: LabSession) -> None:
    answer = browser.post(again(refused), {"task": walks.TASK.id})
    assert (answer.status_code, answer.headers["Location"]) == (303, panel_of(task_page(refused)))
    assert Connection.objects.get().state == Connection.State.PREPARING
    page = text(browser.get(task_page(refused)))
    assert "You are being signed in again" in page
    assert "The page goes on by itself." in page


def test_who_was_cleaning_up_is_led_back_to_where_the_receipt_will_be(browser: Browser, refused: LabSession) -> None:
    page = reverse("labs:clean_up", args=[refused.lab_id])
    assert f'name="task" value="{CLEAN_UP.id}"' in browser.get(page).content.decode()
    assert browser.post(again(refused), {"task": CLEAN_UP.id}).headers["Location"].startswith(page)


def test_without_a_task_it_leads_to_the_overview(browser: Browser, refused: LabSession) -> None:
    assert browser.post(again(refused)).headers["Location"] == lab_page(refused)
    assert browser.post(again(refused), {"task": "no-such-task"}).status_code == 404


def test_a_credential_that_is_good_is_left_alone(browser: Browser, session: LabSession) -> None:
    assert SAID not in text(browser.get(lab_page(session)))
    browser.post(again(session))
    assert Connection.objects.get().state == Connection.State.READY


@pytest.mark.parametrize("click", [check, carry_out])
def test_nothing_begins_with_a_credential_that_is_refused(browser: Browser, refused: LabSession, click: object) -> None:
    answer = browser.post(click(refused), follow=True)  # type: ignore[operator]
    assert "Sign in again first." in text(answer)
    assert not Attempt.objects.exists()


def test_of_a_real_subscription_it_only_says_so(browser: Browser, refused: LabSession) -> None:
    refused.connection.cloud = Connection.Cloud.AZURE
    refused.connection.save()
    answer = browser.get(lab_page(refused))
    assert SAID in text(answer)
    assert f'action="{again(refused)}"' not in answer.content.decode()
