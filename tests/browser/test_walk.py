"""A student in a real browser, with the real processes behind it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.chromium import complaints
from tests.browser.student import LAB, assert_not_reloaded, check, expect_status, mark, open_task, start_as_guest
from tests.practice_process import Practice

PREFLIGHT, VAULT = LAB.tasks[0], LAB.tasks[1]
LAST = LAB.tasks[-1]
NewContext = Callable[..., BrowserContext]


def update(page: Page) -> None:
    """Has the panel fetched and swapped once more, as a nudge does."""
    page.evaluate(
        """new Promise((done) => {
            document.getElementById("panel").addEventListener("htmx:after:swap", done, {once: true});
            htmx.trigger("#panel", "refresh");
        })"""
    )


@pytest.mark.on_both_databases
def test_a_guest_has_the_whole_lab_carried_out_and_watches_it_live(page: Page) -> None:
    start_as_guest(page)
    for task in LAB.tasks:
        open_task(page, task.id)
        mark(page)
        if task.can_carry_out:
            page.get_by_text("Have the portal do it").click()
            page.get_by_role("button", name="Carry it out").click()
        else:
            check(page)
        expect_status(page, "Done", 60)
        assert_not_reloaded(page)
    page.goto(f"/labs/{LAB.id}/")
    expect(page.locator("#progress")).to_contain_text(f"{len(LAB.tasks)} of {len(LAB.tasks)} done")
    portal_did = sum(task.can_carry_out for task in LAB.tasks)
    expect(page.get_by_text(re.compile("^Carried out by the portal$"))).to_have_count(portal_did)


def test_starting_over_gives_a_fresh_machine_and_the_tasks_to_do_again(page: Page) -> None:
    start_as_guest(page)
    machine = page.locator("dl.facts").inner_text()
    open_task(page, PREFLIGHT.id)
    check(page)
    expect_status(page, "Done")
    page.goto(f"/labs/{LAB.id}/")
    page.get_by_role("link", name="Start over").click()
    page.get_by_role("button", name="Start over").click()
    expect(page.locator("#progress")).to_contain_text(f"0 of {len(LAB.tasks)} done", timeout=30_000)
    assert page.locator("dl.facts").inner_text() != machine


def test_an_untouched_task_is_not_yet_and_says_what_to_do_next(page: Page) -> None:
    start_as_guest(page)
    open_task(page, VAULT.id)
    check(page)
    expect_status(page, "Not yet")
    expect(page.locator(".next-step").first).to_contain_text("Create kv-lab-")
    expect(page.locator("#steps [aria-current] .hidden-words")).to_have_text(": Not yet")


def test_a_reload_and_a_second_tab_show_the_same(page: Page) -> None:
    start_as_guest(page)
    open_task(page, VAULT.id)
    second = page.context.new_page()
    open_task(second, VAULT.id)
    mark(second)
    check(page)
    expect_status(page, "Not yet")
    expect_status(second, "Not yet")
    assert_not_reloaded(second)
    page.reload()
    expect_status(page, "Not yet")
    expect(page.locator(".finding")).to_have_count(len(VAULT.checks))


def test_the_overview_follows_live(page: Page) -> None:
    start_as_guest(page)
    expect(page.locator("[data-live-status]")).to_have_text("Live")
    mark(page)
    other = page.context.new_page()
    open_task(other, PREFLIGHT.id)
    check(other)
    expect(page.locator("#progress")).to_contain_text(f"1 of {len(LAB.tasks)} done", timeout=30_000)
    assert_not_reloaded(page)


def test_without_javascript_a_check_runs_to_its_result(new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 640}).new_page()
    page.goto("/")
    page.get_by_role("button", name="Start as a guest").click()
    expect(page.locator("#progress")).to_be_visible(timeout=30_000)
    page.goto(f"/labs/{LAB.id}/tasks/{VAULT.id}/")
    expect(page.locator("section.way")).to_have_count(3)
    expect(page.locator("#panel-status")).not_to_be_in_viewport()
    check(page)
    expect(page.locator("#panel-status")).to_be_in_viewport()
    expect_status(page, "Not yet")
    expect(page.locator("#panel-status")).to_be_in_viewport()
    assert f"/tasks/{VAULT.id}/?look" in page.url, "a reload posts nothing again"


def test_without_a_stream_the_page_polls(new_context: NewContext) -> None:
    page = new_context().new_page()
    page.route("**/events/**", lambda route: route.abort())
    start_as_guest(page)
    page.goto(f"/labs/{LAB.id}/tasks/{VAULT.id}/")
    mark(page)
    check(page)
    expect(page.locator("[data-live-status]")).to_contain_text("Reconnecting")
    expect_status(page, "Not yet")
    assert_not_reloaded(page)


def test_a_stream_that_comes_back_is_used_again(new_context: NewContext) -> None:
    page = new_context().new_page()
    page.route("**/events/**", lambda route: route.fulfill(status=502, body="Bad gateway"), times=2)
    start_as_guest(page)
    page.goto(f"/labs/{LAB.id}/tasks/{VAULT.id}/")
    expect(page.locator("[data-live-status]")).to_have_text("Live", timeout=20_000)


def test_a_key_that_has_run_out_is_renewed(new_context: NewContext) -> None:
    page = new_context().new_page()
    start_as_guest(page)
    asked: list[str] = []

    def refuse_the_first(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.continue_(url=re.sub("token=[^&]+", "token=old", route.request.url))
        else:
            route.continue_()

    page.route("**/events/**", refuse_the_first)
    page.goto(f"/labs/{LAB.id}/tasks/{VAULT.id}/")
    expect(page.locator("[data-live-status]")).to_have_text("Live", timeout=20_000)
    assert len(asked) == 2


def test_what_is_open_and_where_the_focus_is_survive_an_update(page: Page) -> None:
    start_as_guest(page)
    open_task(page, VAULT.id)
    check(page)
    expect_status(page, "Not yet")
    opened = page.locator(".finding > .sources").first
    expect(opened).not_to_have_attribute("open", "")
    opened.locator("summary").click()
    page.get_by_text("Have the portal do it").click()
    button = page.get_by_role("button", name="Carry it out")
    button.focus()
    update(page)
    expect(opened).to_have_attribute("open", "")
    expect(button).to_be_visible()
    expect(button).to_be_focused()


def test_the_focus_stays_on_the_button_that_was_pressed(page: Page) -> None:
    start_as_guest(page)
    open_task(page, VAULT.id)
    page.locator("#check-button").focus()
    page.keyboard.press("Enter")
    expect_status(page, "Not yet")
    expect(page.locator("#check-button")).to_be_focused()
    expect(page.locator("#check-button")).to_have_text("Check again")


def test_the_focus_stays_in_the_panel_when_what_was_pressed_goes_away(page: Page) -> None:
    start_as_guest(page)
    open_task(page, VAULT.id)
    page.get_by_text("Have the portal do it").click()
    page.get_by_role("button", name="Carry it out").focus()
    page.keyboard.press("Enter")
    expect_status(page, "Done", 60)
    expect(page.locator("#panel")).to_be_focused()


def test_a_link_to_ones_own_tools_shows_the_commands_and_they_can_be_copied(new_context: NewContext) -> None:
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    start_as_guest(page)
    open_task(page, VAULT.id)
    page.get_by_role("link", name="use your own tools").click()
    expect(page.get_by_text("Then sign in with the Azure CLI")).to_be_visible()
    page.locator("#connection").get_by_role("button", name="Copy").first.click()
    expect(page.locator("#connection .copy").first).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("eval ")


def test_a_half_typed_answer_survives_an_update_and_is_gone_after_the_click(page: Page) -> None:
    start_as_guest(page)
    open_task(page, LAST.id)
    field = page.locator("#panel textarea")
    field.fill("half an ans")
    update(page)
    expect(field).to_have_value("half an ans")
    field.fill("canary https://kv-x.vault.azure.net/secrets/lab-secret/0123456789abcdef0123456789abcdef")
    check(page)
    expect(page.locator("#check-button")).to_have_text("Check again", timeout=60_000)
    expect(field).to_have_value("")


def test_waiting_work_shows_when_it_is_looked_at_and_can_be_cancelled(page: Page, practice: Practice) -> None:
    start_as_guest(page)
    open_task(page, VAULT.id)
    with practice.fault(host="management.azure.com", path="vaults", status=503):
        check(page)
        expect(page.get_by_text("looks again at")).to_be_visible(timeout=30_000)
        page.get_by_role("button", name="Cancel").click()
        expect_status(page, "To do")
    expect(page.locator(".attempt-head")).to_contain_text("Cancelled")


def test_an_attempts_own_page_follows_it_to_its_end(page: Page, practice: Practice) -> None:
    start_as_guest(page)
    open_task(page, VAULT.id)
    with practice.fault(host="management.azure.com", path="vaults", status=503):
        check(page)
        expect(page.get_by_text("looks again at")).to_be_visible(timeout=30_000)
        own = page.context.new_page()
        own.goto(page.locator(".attempt-head a").get_attribute("href") or "")
        expect(own.locator("#attempt-card")).to_contain_text("Waiting for Azure")
        mark(own)
        page.get_by_role("button", name="Cancel").click()
        expect(own.locator("#attempt-card > [role=status]")).to_contain_text("Cancelled")
        assert_not_reloaded(own)


def test_a_click_that_fails_is_told(new_context: NewContext) -> None:
    page = new_context().new_page()
    start_as_guest(page)
    open_task(page, VAULT.id)
    page.route("**/check/", lambda route: route.abort(), times=1)
    check(page)
    trouble = page.get_by_role("alert")
    expect(trouble).to_contain_text("may not have reached the portal")
    page.context.clear_cookies(name="csrftoken")
    check(page)
    expect(trouble).to_contain_text("too old for that click")


def test_who_has_signed_out_elsewhere_is_sent_to_sign_in_and_back(new_context: NewContext) -> None:
    page = new_context().new_page()
    start_as_guest(page)
    open_task(page, VAULT.id)
    page.context.clear_cookies(name="sessionid")
    check(page)
    expect(page).to_have_url(re.compile(rf"/accounts/sign-in/\?next=.*{VAULT.id}"))


def test_the_chosen_way_is_remembered_on_other_tasks(page: Page) -> None:
    start_as_guest(page)
    open_task(page, VAULT.id)
    page.get_by_role("tab", name="Azure CLI").click()
    expect(page.locator("#way-az")).to_be_visible()
    expect(page.locator("#way-portal")).to_be_hidden()
    open_task(page, LAB.tasks[2].id)
    expect(page.locator("#way-az")).to_be_visible()
    expect(page.locator("#way-portal")).to_be_hidden()


def test_the_ways_can_be_walked_with_the_arrow_keys(page: Page) -> None:
    start_as_guest(page)
    open_task(page, VAULT.id)
    page.get_by_role("tab", name="Azure portal").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Azure CLI")).to_be_focused()
    expect(page.locator("#way-az")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="PowerShell")).to_be_focused()


def test_code_can_be_copied(new_context: NewContext) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    said = complaints(page)
    start_as_guest(page)
    open_task(page, VAULT.id)
    page.get_by_role("tab", name="Azure CLI").click()
    page.locator("#way-az").get_by_role("button", name="Copy").first.click()
    expect(page.locator("#way-az .copy").first).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("az ")
    assert said == []


@pytest.mark.parametrize("width", [320, 1280])
def test_a_long_command_is_seen_whole_and_breaks_between_words(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    start_as_guest(page)
    open_task(page, VAULT.id)
    page.get_by_role("tab", name="Azure CLI").click()
    block = page.locator("#way-az pre", has_text="--resource-group").first
    assert block.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert block.evaluate("one => one.innerText.trim()") == block.evaluate("one => one.textContent.trim()")
    option = block.locator(".word", has_text="--resource-group")
    assert option.evaluate(
        "one => one.getBoundingClientRect().height < 1.6 * parseFloat(getComputedStyle(one).fontSize)"
    )


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_page_is_wider_than_the_screen(new_context: NewContext, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    start_as_guest(page)
    pages = ("", "names/", "start-anew/", "history/", "ideas/", "clean-up/")
    for address in (*pages, f"tasks/{VAULT.id}/", f"tasks/{LAST.id}/"):
        page.goto(f"/labs/{LAB.id}/{address}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
