"""Pages of a class that ask again when the stream tells them to: at once with it, every few seconds without."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import complaints
from tests.browser.student import LAB, assert_not_reloaded, mark

if TYPE_CHECKING:
    from labportal.classes.models import Membership

pytestmark = pytest.mark.usefixtures("follower")
TASK = LAB.tasks[0].id
PROMISED = 2_000
"""Milliseconds from the fact to the page."""


@pytest.fixture
def tina(portal: str) -> Membership:
    from tests.classes.school import Role, a_class, member

    return member(a_class(), "tina", Role.INSTRUCTOR)


@pytest.fixture
def page(tina: Membership, new_context: Callable[..., BrowserContext], portal: str) -> Page:
    """A page of hers."""
    client = Client()
    client.force_login(tina.user)
    context = new_context()
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])
    return context.new_page()


def opened(page: Page, tina: Membership, address: str) -> list[str]:
    """The addresses that the page asks for from then on, its own live part."""
    page.goto(f"/classes/{tina.lab_class_id}/{address}")
    expect(page.locator("[data-live-status]")).to_have_text("Live")
    with page.expect_response(lambda answer: address in answer.url):  # the feed has just begun, and says so
        pass
    mark(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if address in request.url else None)
    return asked


def raise_hand(tina: Membership, name: str) -> None:
    from labportal.support import hands
    from tests.classes.school import student

    assert hands.raise_hand(student(tina.lab_class, name)[1], TASK, "")


def test_a_raised_hand_shows_at_once_and_nothing_asks_in_between(page: Page, tina: Membership) -> None:
    said = complaints(page)
    asked = opened(page, tina, "hands/")
    page.wait_for_timeout(3_000)
    assert asked == []
    raise_hand(tina, "ada")
    expect(page.locator("li.hand")).to_contain_text("Ada", timeout=PROMISED)
    assert 1 <= len(asked) <= 2  # the student joined and raised a hand: one turn of the follower, or two
    assert_not_reloaded(page)
    assert said == []


def test_a_round_shows_as_it_goes_on(page: Page, tina: Membership) -> None:
    from labportal.rounds import services
    from tests.classes.school import student

    for name in ("ada", "ben"):
        student(tina.lab_class, name)
    opened(page, tina, "rounds/")
    the_round, _ = services.begin_now(tina.user, tina.lab_class, TASK)
    expect(page.locator("#rounds")).to_contain_text("Check of", timeout=PROMISED)
    page.goto(f"/classes/{tina.lab_class_id}/rounds/{the_round.pk}/")
    expect(page.locator("#round")).to_contain_text("took", timeout=30_000)  # the worker has had a look for both
    expect(page.locator("#round .round-choices")).to_contain_text("All 2")


def test_without_the_stream_the_page_looks_by_itself(page: Page, tina: Membership) -> None:
    page.route("**/events/**", lambda route: route.abort())
    page.goto(f"/classes/{tina.lab_class_id}/hands/")
    expect(page.locator("[data-live-status]")).to_contain_text("looking every few seconds")
    mark(page)
    raise_hand(tina, "ada")
    began = monotonic()
    expect(page.locator("li.hand")).to_contain_text("Ada", timeout=8_000)
    assert monotonic() - began < 8
    assert_not_reloaded(page)


def test_a_page_that_nobody_sees_leaves_the_stream_and_is_true_again_when_it_is_seen(
    page: Page, tina: Membership
) -> None:
    page.clock.install()
    opened(page, tina, "hands/")
    page.evaluate("""
        globalThis.seen = false;
        Object.defineProperty(document, "hidden", { get: () => !globalThis.seen });
        document.dispatchEvent(new Event("visibilitychange"));
    """)
    with page.expect_event("requestfailed", lambda request: "/events/" in request.url):
        page.clock.fast_forward("01:00")
    raise_hand(tina, "ada")
    page.wait_for_timeout(PROMISED)
    expect(page.locator("li.hand")).to_have_count(0)
    page.evaluate("globalThis.seen = true; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("li.hand")).to_contain_text("Ada", timeout=PROMISED)
    raise_hand(tina, "ben")
    expect(page.locator("li.hand")).to_have_count(2, timeout=PROMISED)


def test_how_long_ago_it_was_goes_on_being_true(page: Page, tina: Membership) -> None:
    page.clock.install()
    opened(page, tina, "hands/")
    raise_hand(tina, "ada")
    expect(page.locator("li.hand time").first).to_have_text("just now", timeout=PROMISED)
    page.clock.fast_forward("04:00")
    expect(page.locator("li.hand time").first).to_have_text("4 min ago")
