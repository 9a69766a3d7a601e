"""When a page looks at an attempt that it is told of: bursts once, the end at once, and again after an older look."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from tests.browser.student import LAB, open_task, start_as_guest

A_MOMENT = 600
"""Milliseconds: longer than what comes before the end is held for."""


@pytest.fixture
def task_page(page: Page) -> Page:
    """At a task nothing happens at, so that it is told of nothing but what a test tells it."""
    start_as_guest(page)
    open_task(page, LAB.tasks[0].id)
    page.wait_for_timeout(A_MOMENT)
    return page


def told(page: Page, *states: str) -> None:
    """As by the stream."""
    page.evaluate(
        """(states) => states.forEach((state) => document.querySelector("#live [data-stream]").dispatchEvent(
            new CustomEvent("attempt", { bubbles: true, detail: { data: JSON.stringify({ state }) } })))""",
        list(states),
    )


def looks_of(page: Page) -> list[str]:
    """The addresses that the panel is asked for at from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/panel/" in request.url else None)
    return asked


def test_each_burst_is_looked_at_once(task_page: Page) -> None:
    asked = looks_of(task_page)
    for number in (1, 2):
        told(task_page, "queued", "running", "running")
        task_page.wait_for_timeout(A_MOMENT)
        assert len(asked) == number


def test_the_end_is_looked_at_at_once_and_what_came_before_it_no_more(task_page: Page) -> None:
    asked = looks_of(task_page)
    told(task_page, "running")
    with task_page.expect_request("**/panel/**", timeout=A_MOMENT):
        told(task_page, "running", "finished")
    task_page.wait_for_timeout(A_MOMENT)
    assert len(asked) == 1


def test_an_end_that_comes_while_a_look_is_under_way_is_looked_at_after_it(task_page: Page) -> None:
    held: list[Route] = []
    task_page.route("**/panel/**", lambda route: held.append(route))  # noqa: PLW0108  Playwright takes no builtin
    told(task_page, "running")
    task_page.wait_for_timeout(A_MOMENT)
    told(task_page, "finished")
    task_page.wait_for_timeout(A_MOMENT)
    assert len(held) == 1
    with task_page.expect_request("**/panel/**"):
        held[0].continue_()
    task_page.unroute_all(behavior="ignoreErrors")
