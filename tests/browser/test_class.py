"""An instructor and three students at once, in browsers of their own, against the real processes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from launcher.child import Child
from tests import processes
from tests.browser.chromium import complaints
from tests.browser.student import LAB, check, expect_status, have_it_done, open_task
from tests.practice_process import Practice

FIRST, VAULT = LAB.tasks[0].id, LAB.tasks[1].id
PROMISED = 2_000
"""Milliseconds from the fact to the board; a test on a shared machine allows three times that."""
NewContext = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def follower(portal_env: dict[str, str]) -> Iterator[Child]:
    child = processes.start_follower(portal_env)
    yield child
    child.stop()


@pytest.fixture(autouse=True)
def quick(practice: Practice) -> Iterator[None]:
    with practice.conduct("timings", vault_create=0.5, vault_purge=0.5):
        yield


class People:
    """Everybody in the room; whatever a console complained of is in ``said``."""

    def __init__(self, new_context: NewContext) -> None:
        self._new_context = new_context
        self.said: list[list[str]] = []
        self.teacher = self.somebody()
        self.code = self._make_class()

    def somebody(self) -> Page:
        page = self._new_context().new_page()
        self.said.append(complaints(page))
        return page

    def _make_class(self) -> str:
        page = self.teacher
        page.goto("/accounts/sign-up/")
        page.locator("input[name=username]").fill("teacher")
        for field in page.locator("input[type=password]").all():
            field.fill("well-known-to-me-7")
        page.get_by_role("button", name="Sign up").click()
        page.get_by_role("link", name="Classes", exact=True).click()
        page.get_by_role("link", name="New class").click()
        page.locator("input[name=name]").fill("Monday group")
        page.get_by_role("button", name="Make the class").click()
        return page.locator(".invite-code").inner_text()

    def student(self, name: str) -> Page:
        """Joins with the code on the wall, as a guest, and stands in the lab."""
        page = self.somebody()
        page.goto("/join/")
        page.get_by_label("Code of the class").fill(self.code.lower())
        page.get_by_role("button", name="Go on").click()
        page.locator("input[name=name]").fill(name)
        page.get_by_role("button", name="Join as a guest").click()
        begin = page.get_by_role("button", name=re.compile("Begin|Start", re.I))
        progress = page.locator("#progress")
        expect(begin.or_(progress).first).to_be_visible(timeout=30_000)
        if not progress.is_visible():
            begin.first.click()
        expect(progress).to_be_visible(timeout=30_000)
        return page

    def open_board(self) -> None:
        self.teacher.get_by_role("link", name="Board", exact=True).click()
        expect(self.teacher.locator("[data-live-status]")).to_have_text("Live")


@pytest.fixture
def people(new_context: NewContext) -> Iterator[People]:
    made = People(new_context)
    yield made
    assert [lines for lines in made.said if lines] == []


def fail_at_the_vault(page: Page, times: int) -> None:
    check_first(page)
    open_task(page, VAULT)
    for number in range(times):
        if number:
            page.reload()
        check(page)
        expect(page.locator(".finding.not-yet").first).to_be_visible(timeout=30_000)


def test_an_instructor_and_three_students(people: People) -> None:
    board = people.teacher
    ada, ben, cleo = (people.student(name) for name in ("Ada", "Ben", "Cleo"))
    people.open_board()
    rows = {name: board.get_by_role("row").filter(has_text=name) for name in ("Ada", "Ben", "Cleo")}
    for one in rows.values():
        expect(one).to_have_count(1)

    # One does well with the portal's help; the board says so without being asked.
    check_first(ben)
    have_it_done(ben, VAULT)
    expect(rows["Ben"]).to_contain_text("Carried out", timeout=3 * PROMISED)

    # One fails at the same check again and again.
    fail_at_the_vault(ada, 3)
    expect(rows["Ada"]).to_contain_text("Same failure again", timeout=3 * PROMISED)
    expect(rows["Ada"]).to_contain_text("3rd time in a row at Task 1")

    # One asks for help and is told that somebody comes.
    open_task(cleo, FIRST)
    cleo.get_by_text("Ask for help").click()
    cleo.locator("#ask textarea").fill("Which machine is meant?")
    cleo.locator("#ask button[type=submit]").click()
    expect(cleo.locator("#hand-up")).to_contain_text("Your hand is up")
    expect(rows["Cleo"]).to_contain_text(re.compile("hand", re.I), timeout=3 * PROMISED)
    board.get_by_role("link", name=re.compile("^Help")).click()
    expect(board.locator("#queue")).to_contain_text("Which machine is meant?")
    board.get_by_role("button", name=re.compile("I go there")).click()
    expect(cleo.locator("#hand-up")).to_contain_text("is coming to help", timeout=3 * PROMISED)

    # The one who is stuck is written to, accepts what the portal offers, and gets on.
    board.get_by_role("link", name="Causes", exact=True).click()
    board.get_by_role("link", name="Write to them").click()
    board.locator("main textarea").fill("You look for a vault that nobody has made yet.")
    board.get_by_role("button", name="Send to 1 student").click()
    expect(ada.locator("#support")).to_contain_text("nobody has made yet", timeout=3 * PROMISED)
    ada.get_by_role("button", name=re.compile("Put away")).click()
    expect(ada.locator("#support")).not_to_contain_text("nobody has made yet")

    # Everybody is checked with one button, which is not a try of the students' own.
    board.get_by_role("link", name="Check everyone", exact=True).click()
    board.get_by_role("button", name="Check everyone now").click()
    expect(board.locator("main")).to_contain_text(re.compile(r"All\s*3"), timeout=60_000)
    people.open_board()
    expect(rows["Ada"]).to_contain_text("3rd time in a row at Task 1")


def check_first(page: Page) -> None:
    open_task(page, FIRST)
    check(page)
    expect_status(page, "Done")


def test_a_student_of_a_class_sees_nothing_of_the_others(people: People) -> None:
    ada, ben = people.student("Ada"), people.student("Ben")
    for page in (ada, ben):
        page.get_by_role("link", name="Classes", exact=True).click()
        expect(page.locator("main")).to_contain_text("Monday group")
    class_page = ada.locator("main a", has_text="Monday group").first.get_attribute("href")
    assert class_page is not None
    number = re.search(r"/classes/(\d+)/", class_page)
    assert number is not None
    people.said.clear()  # what is refused is an error to the console
    for address in ("", "causes/", "wall/", "people/", "results/", "hands/"):
        answer = ada.goto(f"/classes/{number[1]}/{address}")
        assert answer is not None
        assert answer.status == 403, address
        expect(ada.locator("main")).not_to_contain_text("Ben")
