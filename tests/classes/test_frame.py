"""What every page of a class has in common: tabs by role, nothing inline, and templates that never query."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.template.backends.django import Template
from django.urls import reverse
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.models import Invitation, LabClass, Membership
from labportal.classes.tabs import PAGES
from tests.classes import school
from tests.portal.browsing import Browser, text

Role = Membership.Role
OURS = ("classes_", "standings_")
OF_A_CLASS = ("about", "settings", "copy", "archive", "invite", "people", "invite_one", "invitations", "roster")


@pytest.fixture
def group(ada: User) -> LabClass:
    """Ada's, with an observer, students and an invitation."""
    made = school.a_class("Monday group", due_at=timezone.now())
    school.member(made, ada, Role.INSTRUCTOR)
    school.member(made, "olga", Role.OBSERVER)
    school.student(made, "sam")
    Invitation.objects.create(lab_class=made, name="Grace", email="grace@example.org", token="a-token")
    return made


def of_class(name: str, group: LabClass) -> str:
    return reverse(f"classes:{name}", args=[group.pk])


def pages_of(group: LabClass) -> list[str]:
    sam = group.memberships.get(role=Role.STUDENT)
    return [
        "/classes/",
        "/classes/new/",
        "/join/",
        "/invitations/a-token/",
        *(of_class(name, group) for name in OF_A_CLASS),
        reverse("classes:member", args=[group.pk, sam.pk]),
        reverse("classes:remove", args=[group.pk, sam.pk]),
    ]


def tabs(page: str) -> list[str]:
    nav = re.search(r'<nav class="class-tabs".*?</nav>', page, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]+)</a>", nav[0]) if nav else []


def test_each_role_finds_its_pages_and_can_open_them(browser: Browser, group: LabClass) -> None:
    everything = [page.label for page in PAGES]
    olga = Browser(group.memberships.get(role=Role.OBSERVER).user)
    sam = Browser(group.memberships.get(role=Role.STUDENT).user)
    about = of_class("about", group)
    shown = [tabs(who.get(about).content.decode()) for who in (browser, olga, sam)]
    assert shown == [everything, [label for label in everything if label != "Settings"], []]
    for page in PAGES:
        address = reverse(page.name, args=[group.pk])
        assert browser.get(address).status_code == 200
        assert olga.get(address).status_code == (403 if page.label == "Settings" else 200)


@pytest.mark.parametrize(
    ("name", "current"),
    [("people", ("People", "page")), ("roster", ("People", "true")), ("copy", ("Settings", "true"))],
)
def test_the_tab_of_the_page_is_marked(browser: Browser, group: LabClass, name: str, current: tuple[str, str]) -> None:
    page = browser.get(of_class(name, group)).content.decode()
    assert re.findall(r'<a [^>]*aria-current="(\w+)"[^>]*>([^<]+)</a>', page) == [current[::-1]]


def test_the_frame_says_which_class_and_that_an_observer_only_looks(browser: Browser, group: LabClass) -> None:
    olga = Browser(group.memberships.get(role=Role.OBSERVER).user)
    assert "You are here to watch" in text(olga.get(of_class("people", group)))
    page = browser.get(of_class("people", group))
    assert "You are here to watch" not in text(page)
    assert "<title>People · Monday group · Lab portal</title>" in page.content.decode()


def test_no_page_needs_more_than_its_own_origin(browser: Browser, group: LabClass) -> None:
    report = browser.post(of_class("roster", group), {"text": "name,email\n,x@example.org\nAda,a@example.org"})
    for answer in (report, *(browser.get(address) for address in pages_of(group))):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]
        assert not re.search(r"\sstyle=|\son\w+=", page)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert not re.search(r'(?:src|<link[^>]*href)="https?:', page)


def test_no_page_asks_the_database_once_it_is_being_rendered(
    browser: Browser, group: LabClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    render, rendered = Template.render, []

    def refuse(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        assert not any(table in sql for table in OURS), sql
        return execute(sql, *args)

    def watched(self: Template, *args: Any, **kwargs: Any) -> Any:
        with connection.execute_wrapper(refuse):
            rendered.append(self)
            return render(self, *args, **kwargs)

    monkeypatch.setattr(Template, "render", watched)
    addresses = pages_of(group)
    for address in addresses:
        assert browser.get(address).status_code == 200, address
    assert len(rendered) >= len(addresses)
