"""One student, two tabs: what the other tab has done meanwhile is joined or said, and nothing happens twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from labportal.runs.models import Attempt
from steps.kit.course import Mode
from tests.browser.student import LAB, check, expect_status, go, have_it_done, open_task, start_as_guest
from tests.practice_process import Practice

pytestmark = pytest.mark.on_both_databases  # clicks at the same moment are where the two differ
VAULT = LAB.tasks[1]
NewContext = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def quick(practice: Practice) -> Iterator[None]:
    with practice.conduct("timings", vault_create=0.3, vault_purge=0.3):
        yield


def asleep(page: Page) -> Page:
    """A second tab at Task 1 that hears of nothing, as one that has been in the background."""
    old = page.context.new_page()
    old.route(re.compile("/events/|/panel/"), lambda route: route.abort())
    go(old, f"tasks/{VAULT.id}/")
    return old


def carry_out(page: Page) -> None:
    page.get_by_text("Have the portal do it").click()
    page.get_by_role("button", name="Carry it out").click()


def undo(page: Page) -> None:
    page.get_by_text("Undo what the portal did").click()
    page.get_by_role("button", name="Undo it").click()


def changes(practice: Practice, method: str) -> int:
    """Of this student's vault: nobody else is at work."""
    (session,) = set(Attempt.objects.values_list("session__connection__subscription_id", flat=True))
    asked = practice.requests(method=method, path=r"/vaults/[^/]+$", subscription_id=session)
    return len([one for one in asked if one["status"] < 300])


def test_the_same_button_in_two_tabs_is_one_attempt(new_context: NewContext, practice: Practice) -> None:
    page = new_context().new_page()
    start_as_guest(page)
    open_task(page, VAULT.id)
    old = asleep(page)
    with practice.conduct("timings", vault_create=600):  # until both have pressed
        carry_out(page)
        expect_status(page, "Waiting for Azure")
        carry_out(old)
        expect_status(old, "Waiting for Azure")
    (attempt,) = Attempt.objects.all()
    for tab in (page, old):
        expect(tab.locator(f"#attempt-{attempt.pk}")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect_status(page, "To do")
    assert changes(practice, "PUT") == 1


def test_a_check_in_one_tab_while_the_other_undoes_is_told_to_wait(new_context: NewContext, practice: Practice) -> None:
    page = new_context().new_page()
    start_as_guest(page)
    have_it_done(page, VAULT.id)
    old = asleep(page)
    with practice.fault(method="DELETE", path=r"/vaults/[^/]+$", status=503) as fault:  # it does not get on
        undo(page)
        expect_status(page, "Waiting for Azure")
        check(old)
        expect(old.locator("#said")).to_contain_text("The portal is undoing this task. When it has ended, press again.")
        assert Attempt.objects.filter(mode=Mode.UNDO.value).count() == 1
        assert not Attempt.objects.filter(mode=Mode.VALIDATE.value).exists()
        assert fault in [one["id"] for one in practice.ask("GET", "/faults")["faults"]]
    page.get_by_role("button", name="Check now").click()
    expect_status(page, "To do", 60)
    old.unroute_all()  # it wakes, and catches up
    expect(old.locator("#check-button")).to_have_text("Check my work", timeout=30_000)
    expect(old.locator("#said")).to_contain_text("press again")
    check(old)
    expect(old.locator("#said")).to_be_hidden()
    for tab in (old, page):
        expect_status(tab, "Not yet", 60)
    assert changes(practice, "DELETE") == 1


def test_a_plan_in_an_old_tab_is_not_gone_by_any_more(new_context: NewContext, practice: Practice) -> None:
    page = new_context().new_page()
    start_as_guest(page)
    have_it_done(page, VAULT.id)
    old = asleep(page)
    undo(page)
    expect_status(page, "To do", 60)
    carry_out(page)
    expect_status(page, "Done", 60)
    undo(page)
    expect_status(page, "To do", 60)

    undo(old)
    expect(old.get_by_role("alert")).to_contain_text("That is not offered now")
    assert Attempt.objects.filter(mode=Mode.UNDO.value).count() == 2
    assert changes(practice, "DELETE") == 2
