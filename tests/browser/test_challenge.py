"""The challenge in a real browser: foreseen wrongly, seen, foreseen rightly; and cancelled with the access away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from steps.key_vault_managed_identity.challenge.prediction import OPTIONS
from tests.browser.student import (
    LAB,
    assert_not_reloaded,
    check,
    expect_status,
    go,
    have_it_done,
    mark,
    open_live,
    open_task,
    start_as_guest,
)
from tests.practice_process import Practice

LABELS = {option.id: option.label for option in OPTIONS}


@pytest.fixture(autouse=True)
def quick(practice: Practice) -> Iterator[None]:
    with practice.conduct("timings", vault_create=0.2, run_command=0.2):
        yield


def all_done(page: Page) -> None:
    start_as_guest(page)
    for task in LAB.tasks[1:]:
        have_it_done(page, task.id)


def finding(page: Page, title: str) -> str:
    return page.locator(".finding", has_text=title).inner_text()


def test_a_wrong_answer_is_explained_by_the_403_and_the_right_one_is_mastery(page: Page) -> None:
    all_done(page)
    go(page)
    page.get_by_role("link", name="To the challenge").click()
    expect(page.locator("[data-live-status]")).to_have_text("Live")
    mark(page)
    page.get_by_label(LABELS["reads"]).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect_status(page, "Not yet", 90)
    assert "403 Forbidden (AccessDenied)" in finding(page, "What happened")
    assert "The token was good, and is still." in finding(page, "What you foresaw")
    assert "Passed" in finding(page, "What was taken is back")
    assert_not_reloaded(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "Azure's words are long ones"

    page.get_by_label(LABELS["refused"]).check()
    page.get_by_role("button", name="Take the challenge again").click()
    expect_status(page, "Mastered", 90)
    assert_not_reloaded(page)
    go(page)
    expect(page.locator("#challenge-card")).to_contain_text("Mastered on")
    open_task(page, LAB.tasks[3].id)
    check(page)
    expect_status(page, "Done", 60)


def test_cancelled_with_the_access_away_it_is_put_back(page: Page, practice: Practice) -> None:
    all_done(page)
    open_live(page, "challenge/")
    with practice.conduct("timings", run_command=30):
        page.get_by_label(LABELS["refused"]).check()
        page.get_by_role("button", name="Take the challenge").click()
        expect(page.locator("#panel")).to_contain_text("is running the script", timeout=30_000)
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#panel")).to_contain_text("What was taken away is put back.", timeout=30_000)
    expect_status(page, "Cancelled")
    open_task(page, LAB.tasks[3].id)
    check(page)
    expect(page.locator("#check-button")).to_have_text("Check again", timeout=60_000)
    expect(page.locator(".finding.not-yet")).to_have_count(0)


def test_without_javascript_it_is_the_same(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    start_as_guest(page)
    for task in LAB.tasks[1:]:
        go(page, f"tasks/{task.id}/")
        page.get_by_text("Have the portal do it").click()
        page.get_by_role("button", name="Carry it out").click()
        expect_status(page, "Done", 60)
    go(page, "challenge/")
    page.get_by_label(LABELS["refused"]).check()
    page.get_by_role("button", name="Take the challenge").click()
    expect_status(page, "Mastered", 90)


@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_the_screen(new_context: Callable[..., BrowserContext], width: int) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    start_as_guest(page)
    have_it_done(page, LAB.tasks[1].id)
    for address in ("challenge/", ""):
        go(page, address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
