"""What is offered beside a finding, undoing and cleaning up, in a real browser against the real processes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

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

VAULT = LAB.tasks[1]
NewContext = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def quick(practice: Practice) -> Iterator[None]:
    with practice.conduct("timings", vault_create=0.5, vault_purge=0.5):
        yield


def with_the_other_model(page: Page) -> Locator:
    """A vault with access policies, looked at by somebody who says that it goes by roles. What was found about it."""
    start_as_guest(page)
    have_it_done(page, VAULT.id)
    say_it_goes_by_roles(page)
    return found_the_other_model(page)


def say_it_goes_by_roles(page: Page) -> None:
    go(page, "names/")
    page.get_by_label("Azure roles").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("dl.facts")).to_contain_text("Azure roles")


def found_the_other_model(page: Page) -> Locator:
    open_task(page, VAULT.id)
    check(page)
    finding = page.locator(".finding.not-yet").first
    expect(finding).to_contain_text("Why it matters", timeout=30_000)
    return finding


def test_what_was_meant_is_one_click_and_mending_two_with_the_change_shown_between(page: Page) -> None:
    finding = with_the_other_model(page)
    finding.locator(".choices button").first.click()
    expect(page.get_by_text("Saved. The guides and the checks now use it.")).to_be_visible()
    expect(page.locator(".finding.not-yet")).to_have_count(0, timeout=30_000)

    say_it_goes_by_roles(page)
    finding = found_the_other_model(page)
    mark(page)
    finding.get_by_text("Mend it for me").first.click()
    expect(finding.locator(".change").first).to_be_visible()
    finding.get_by_role("button", name="Mend it").first.click()
    expect(page.locator(".attempt-head")).to_contain_text("Repair: Switch the vault to roles")
    expect(page.locator(".finding.not-yet")).to_have_count(0, timeout=60_000)
    expect(page.locator("#check-button")).to_have_text("Check again", timeout=60_000)
    assert_not_reloaded(page)


def test_hints_come_one_at_a_time_and_the_keyboard_stays_where_it_was(page: Page) -> None:
    finding = with_the_other_model(page)
    hints = finding.locator(".hints")
    expect(hints.locator("li")).to_have_count(0)
    button = hints.get_by_role("button")
    button.focus()
    for number in (1, 2):
        page.keyboard.press("Enter")
        expect(hints.locator("li")).to_have_count(number)
        expect(hints.get_by_role("button", name="One more hint")).to_be_focused()
    page.keyboard.press("Enter")
    expect(hints.locator("li")).to_have_count(3)
    expect(hints).to_be_focused()


def test_a_button_of_a_page_that_has_grown_old_says_so(new_context: NewContext) -> None:
    page = new_context().new_page()
    with_the_other_model(page)
    old = page.context.new_page()
    old.route(re.compile("/events/|/panel/"), lambda route: route.abort())
    go(old, f"tasks/{VAULT.id}/")
    page.locator(".choices button").first.click()
    expect(page.locator(".finding.not-yet")).to_have_count(0, timeout=30_000)
    old.get_by_text("Mend it for me").first.click()
    old.get_by_role("button", name="Mend it").first.click()
    expect(old.get_by_role("alert")).to_contain_text("That is not offered now")


def test_what_the_portal_did_is_undone_and_the_task_to_do_again(page: Page) -> None:
    start_as_guest(page)
    have_it_done(page, VAULT.id)
    mark(page)
    page.get_by_text("Undo what the portal did").click()
    page.get_by_role("button", name="Undo it").click()
    expect_status(page, "To do", 60)
    expect(page.locator(".attempt-head")).to_contain_text("Undone")
    assert_not_reloaded(page)
    check(page)
    expect_status(page, "Not yet")


def test_cleaning_up_is_followed_live_ends_with_a_receipt_and_does_no_harm_twice(page: Page) -> None:
    start_as_guest(page)
    have_it_done(page, VAULT.id)
    open_live(page, "clean-up/")
    mark(page)
    for press in ("Clean up", "Clean up once more"):
        page.get_by_role("button", name=press, exact=True).click()
        expect(page.locator("#panel-status")).to_be_visible()
        expect(page.locator(".receipt h2")).to_contain_text("Nothing left", timeout=90_000)
    assert_not_reloaded(page)
    go(page, "history/")
    expect(page.locator("td[data-label=What]", has_text="Cleaning up")).to_have_count(2)
    go(page)
    expect(page.locator("#progress")).to_contain_text(f"1 of {len(LAB.tasks)} done")


def test_a_credential_that_is_refused_is_renewed_with_a_click_and_the_check_goes_on(
    page: Page, practice: Practice
) -> None:
    start_as_guest(page)
    subscription = page.locator("dt", has_text="Subscription").locator("+ dd").inner_text()
    practice.ask("POST", f"/students/{subscription}/credential")  # the portal's own counts no more
    open_task(page, LAB.tasks[0].id)
    check(page)
    page.locator("#panel").get_by_role("button", name="Sign in again").click(timeout=60_000)
    expect_status(page, "Done", 60)
    expect(page.get_by_text("Azure does not accept your credential")).to_have_count(0)


def test_without_javascript_all_of_it_works(new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    start_as_guest(page)
    go(page, f"tasks/{VAULT.id}/")
    check(page)
    expect_status(page, "Not yet")
    hints = page.locator(".finding .hints").first
    hints.get_by_role("button").click()
    expect(hints.locator("li")).to_have_count(1)
    page.get_by_text("Have the portal do it").click()
    page.get_by_role("button", name="Carry it out").click()
    expect_status(page, "Carried out by the portal", 60)
    page.get_by_text("Undo what the portal did").click()
    page.get_by_role("button", name="Undo it").click()
    expect_status(page, "To do", 60)
    go(page, "clean-up/")
    page.get_by_role("button", name="Clean up", exact=True).click()
    expect(page.locator(".receipt h2")).to_contain_text("Nothing left", timeout=90_000)


@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_offered_fits_the_screen(new_context: NewContext, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    with_the_other_model(page)
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    end = "document.querySelector('body > footer, footer').getBoundingClientRect().bottom + scrollY"
    assert page.evaluate(f"document.documentElement.scrollHeight <= Math.max(innerHeight, {end}) + 40"), "nothing below"
