"""What a student does in a browser, for the tests of several files."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from steps.registry import LABS

LAB = next(iter(LABS.values()))


def start_as_guest(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Start as a guest").click()
    expect(page.locator("#progress")).to_be_visible(timeout=30_000)


def go(page: Page, address: str = "") -> None:
    page.goto(f"/labs/{LAB.id}/{address}")


def open_live(page: Page, address: str) -> None:
    go(page, address)
    expect(page.locator("[data-live-status]")).to_have_text("Live")


def open_task(page: Page, task_id: str) -> None:
    open_live(page, f"tasks/{task_id}/")


def check(page: Page) -> None:
    page.locator("#check-button").click()


def expect_status(page: Page, words: str, seconds: float = 30) -> None:
    expect(page.locator("#panel-status")).to_contain_text(words, timeout=seconds * 1000)


def have_it_done(page: Page, task_id: str) -> None:
    open_task(page, task_id)
    page.get_by_text("Have the portal do it").click()
    page.get_by_role("button", name="Carry it out").click()
    expect_status(page, "Done", 60)


def mark(page: Page) -> None:
    page.evaluate("window.sameDocument = true")


def assert_not_reloaded(page: Page) -> None:
    assert page.evaluate("window.sameDocument") is True
