"""A student asks for help and an instructor comes: each page shows what the other has done, without being reloaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import complaints
from tests.browser.student import LAB, assert_not_reloaded, mark, open_task, start_as_guest

if TYPE_CHECKING:
    from labportal.classes.models import LabClass

pytestmark = pytest.mark.usefixtures("follower")
TASK = LAB.tasks[0]


@pytest.fixture
def lab_class(portal: str) -> LabClass:
    from tests.classes.school import a_class

    return a_class()


@pytest.fixture
def student(page: Page, lab_class: LabClass) -> Page:
    """A guest who has joined the class, at the first task."""
    from labportal.accounts.models import User
    from tests.classes.school import member

    start_as_guest(page)
    member(lab_class, User.objects.get(is_guest=True), name="Gus")
    open_task(page, TASK.id)
    return page


@pytest.fixture
def teacher(new_context: Callable[..., BrowserContext], lab_class: LabClass) -> Iterator[Page]:
    """Ann, before the raised hands of the class; the console must stay quiet."""
    from tests.classes.school import Role, member

    ann = member(lab_class, "ann", Role.INSTRUCTOR, name="Ann")
    page = new_context().new_page()
    said = complaints(page)
    page.goto("/accounts/sign-in/")
    page.get_by_label("Name").fill(ann.user.username)
    page.get_by_label("Password").fill("ann-knows-this-1")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"/classes/{lab_class.pk}/hands/")
    yield page
    assert said == []


def test_a_hand_is_raised_taken_and_answered(student: Page, teacher: Page) -> None:
    mark(student)
    student.get_by_text("Ask for help").click()
    student.get_by_label("What is it about?").fill("Where do I begin?")
    student.get_by_role("button", name="Raise your hand").click()
    expect(student.locator("#hand-up")).to_contain_text("You are next in Monday group.")
    mark(teacher)
    expect(teacher.locator("li.hand")).to_contain_text("“Where do I begin?”")
    teacher.get_by_role("button", name="I go there").click()
    expect(student.locator("#hand-up")).to_contain_text("Ann is coming to help.", timeout=2_000)
    teacher.get_by_role("button", name="Done").click()
    expect(teacher.locator("#queue")).to_contain_text("Nobody waits for help.")
    expect(student.get_by_text("Ask for help")).to_be_visible(timeout=2_000)
    assert_not_reloaded(student)
    assert_not_reloaded(teacher)


def test_what_is_being_typed_outlives_a_message_that_comes_meanwhile(student: Page, teacher: Page) -> None:
    mark(student)
    student.get_by_text("Ask for help").click()
    asked = student.get_by_label("What is it about?")
    asked.fill("I was about to")
    teacher.get_by_role("link", name="Write to everybody").click()
    teacher.get_by_label("Message").fill("Five more minutes.")
    teacher.get_by_role("button", name="Send to 1 student").click()
    expect(student.locator(".told")).to_contain_text("Five more minutes.", timeout=2_000)
    expect(asked).to_have_value("I was about to")
    expect(asked).to_be_focused()
    student.get_by_role("button", name="Put away").click()
    expect(student.locator(".told")).to_have_count(0)
    expect(asked).to_have_value("I was about to")
    assert_not_reloaded(student)


def test_without_javascript_it_is_all_there(
    new_context: Callable[..., BrowserContext], lab_class: LabClass, teacher: Page
) -> None:
    from labportal.accounts.models import User
    from tests.classes.school import member

    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_role("button", name="Start as a guest").click()
    member(lab_class, User.objects.get(is_guest=True), name="Gus")
    for _ in range(30):  # until the practice subscription is ready
        page.goto(f"/labs/{LAB.id}/tasks/{TASK.id}/")
        if page.locator("#ask").count():
            break
        page.wait_for_timeout(500)
    page.get_by_text("Ask for help").click()
    page.get_by_role("button", name="Raise your hand").click()
    expect(page.locator("#hand-up")).to_contain_text("You are next in Monday group.")
    page.get_by_role("button", name="Lower it").click()
    expect(page.get_by_text("Ask for help")).to_be_visible()
