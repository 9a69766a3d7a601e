"""The board of a class in a browser: what changes is seen where it stands, and nothing jumps before it is asked to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from labportal.classes.models import LabClass, Membership
from labportal.nudges import publish_to_class
from labportal.standings.models import Standing
from tests.board.staged import STOPPED, placed
from tests.browser.chromium import complaints
from tests.browser.student import assert_not_reloaded, mark
from tests.classes.school import Role, a_class, member


@pytest.fixture
def monday(portal: str) -> LabClass:
    return a_class()


@pytest.fixture
def board(monday: LabClass, new_context: Callable[..., BrowserContext], portal: str) -> Page:
    """An instructor's, with three students on it."""
    for name in ("ada", "ben", "cho"):
        placed(monday, name, last_at=timezone.now())
    client = Client()
    client.force_login(member(monday, "tina", Role.INSTRUCTOR).user)
    context = new_context()
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])
    return context.new_page()


def opened(page: Page, lab_class: LabClass, rest: str = "") -> Page:
    page.goto(f"/classes/{lab_class.pk}/{rest}")
    expect(page.locator("[data-live-status]")).to_have_text("Live")
    mark(page)
    return page


def happens(lab_class: LabClass, name: str, **fields: object) -> Membership:
    """As the follower would write and tell it."""
    one = Membership.objects.get(lab_class=lab_class, name=name)
    Standing.objects.filter(memberships=one).update(last_at=timezone.now(), **fields)
    publish_to_class(lab_class.pk, {"members": [one.pk]})
    return one


def names(page: Page) -> list[str]:
    return page.locator("table.board tbody th").all_inner_texts()


def test_a_row_changes_where_it_stands_and_moves_when_asked(board: Page, monday: LabClass) -> None:
    said = complaints(board)
    opened(board, monday)
    assert names(board) == ["Ada", "Ben", "Cho"]
    cho = happens(monday, "Cho", **STOPPED | {"failures": 3})
    expect(board.locator(f"#m{cho.pk}")).to_contain_text("The 3rd time in a row at Task 3", timeout=5_000)
    expect(board.locator(".strip")).to_contain_text("1needs help")
    assert names(board) == ["Ada", "Ben", "Cho"]
    board.get_by_role("link", name="Sort again").click()
    expect(board.locator("table.board tbody th").first).to_have_text("Cho")
    expect(board.locator("[data-moved]")).to_be_hidden()
    ben = happens(monday, "Ben", hand_at=timezone.now())
    expect(board.locator(f"#m{ben.pk}")).to_contain_text("Raised a hand", timeout=5_000)
    assert_not_reloaded(board)
    assert said == []


def test_what_has_not_changed_is_left_alone_when_the_page_looks_again(board: Page, monday: LabClass) -> None:
    board.goto(f"/classes/{monday.pk}/")
    board.evaluate("document.querySelectorAll('tbody tr').forEach((row) => (row.asBefore = true))")
    with board.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        pass  # the feed has just begun, and does not know what the page may have missed
    cho = happens(monday, "Cho", **STOPPED | {"failures": 3})
    expect(board.locator(f"#m{cho.pk}")).to_contain_text("The 3rd time in a row", timeout=5_000)
    rows = board.locator("tbody tr").evaluate_all("rows => rows.map((row) => [row.id, row.asBefore === true])")
    assert {row_id for row_id, as_before in rows if not as_before} == {f"m{cho.pk}"}


def test_who_is_on_a_name_stays_there_when_the_row_is_drawn_anew(board: Page, monday: LabClass) -> None:
    opened(board, monday, "?sort=name")
    board.get_by_role("link", name="Ben", exact=True).focus()
    ben = happens(monday, "Ben", **STOPPED | {"failures": 3})
    expect(board.locator(f"#m{ben.pk}")).to_contain_text("The 3rd time", timeout=5_000)
    expect(board.get_by_role("link", name="Ben", exact=True)).to_be_focused()
    expect(board.locator("[data-moved]")).to_be_hidden()


def test_what_was_missed_while_away_is_made_up_for(board: Page, monday: LabClass) -> None:
    opened(board, monday)
    board.context.set_offline(True)
    ada = happens(monday, "Ada", hand_at=timezone.now())
    board.context.set_offline(False)
    expect(board.locator(f"#m{ada.pk}")).to_contain_text("Raised a hand", timeout=20_000)
    assert_not_reloaded(board)


def test_a_choice_of_students_stands_in_the_address(board: Page, monday: LabClass) -> None:
    happens(monday, "Cho", hand_at=timezone.now())
    opened(board, monday)
    board.get_by_label("State").select_option("Needs help")
    expect(board.locator("table.board tbody th")).to_have_text(["Cho"])
    assert board.url.endswith(f"/classes/{monday.pk}/?need=stuck")


def test_the_wall_and_the_causes_follow(board: Page, monday: LabClass) -> None:
    opened(board, monday, "causes/")
    happens(monday, "Ada", **STOPPED)
    expect(board.locator(".causes")).to_contain_text("Ada", timeout=5_000)
    opened(board, monday, "wall/")
    happens(monday, "Ben", **STOPPED)
    expect(board.locator(".wall-causes")).to_contain_text("2 of 3 at Task 3", timeout=5_000)
    assert "Ada" not in board.locator("body").inner_text()


def test_a_few_keys_lead_to_the_students_and_from_one_to_the_next(board: Page, monday: LabClass) -> None:
    for number in range(30):
        placed(monday, f"s{number:02}", last_at=timezone.now())
    happens(monday, "Cho", **STOPPED | {"failures": 3})
    opened(board, monday)
    for key in ("Tab", "Tab"):
        board.keyboard.press(key)
    expect(board.get_by_role("link", name="Skip to the students")).to_be_focused()
    expect(board.get_by_role("link", name="Skip to the students")).to_be_in_viewport()
    for key in ("Enter", "Tab"):
        board.keyboard.press(key)
    expect(board.get_by_role("link", name="Cho", exact=True)).to_be_focused()
    for key, name in (("ArrowDown", "Ada"), ("End", "S29"), ("ArrowDown", "S29"), ("ArrowUp", "S28"), ("Home", "Cho")):
        board.keyboard.press(key)
        expect(board.get_by_role("link", name=name, exact=True)).to_be_focused()
        expect(board.get_by_role("link", name=name, exact=True)).to_be_in_viewport()
    board.keyboard.press("Enter")
    expect(board.locator("h1")).to_have_text("Cho")


def test_it_is_all_there_without_javascript(
    monday: LabClass, board: Page, new_context: Callable[..., BrowserContext]
) -> None:
    happens(monday, "Cho", **STOPPED | {"failures": 3})
    plain = new_context(java_script_enabled=False)
    plain.add_cookies(board.context.cookies())  # type: ignore[arg-type]  # what Playwright itself has given
    page = plain.new_page()
    page.goto(f"/classes/{monday.pk}/")
    assert names(page) == ["Cho", "Ada", "Ben"]
    page.get_by_role("link", name="1 needs help").click()
    assert names(page) == ["Cho"]
