"""Every address of a class, asked for by everybody: what each is answered, and that who is refused changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from labportal.classes.models import LabClass
from tests.classes.matrix import RULES, Rule, Who
from tests.classes.world import MEMBERS, OUTSIDERS, SHARED, World, everything_kept
from tests.portal.browsing import Browser
from tests.portal.url_list import OF_A_CLASS, Address, name_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

IN = "in"
NOBODY = "nobody"
EVERYBODY = (NOBODY, *OUTSIDERS, *MEMBERS)
METHODS = ("get", "post")
DECLARED = [address for address in OF_A_CLASS if address.name in RULES]
CHANGING = [address for address in DECLARED if RULES[address.name].post is not None]
READABLE = [address for address in DECLARED if RULES[address.name].get is not None]
WITH_THINGS = [address for address in DECLARED if set(address.parameters) - SHARED]


def ask(browser: Browser, method: str, path: str, rule: Rule) -> Answer:
    return browser.get(path) if method == "get" else browser.post(path, dict(rule.body))


def told(answer: Answer) -> int | str:
    """``IN`` for who is let in, whatever they are told then; else the status."""
    if answer.status_code == 302 and answer.headers["Location"].startswith(reverse("accounts:sign_in")):
        return 302
    return IN if answer.status_code in (200, 204, 302, 303, 409, 422) else answer.status_code


def needed(rule: Rule, method: str) -> Who | None:
    return rule.get if method == "get" else rule.post


def expected(rule: Rule, method: str, visitor: str) -> int | str:
    who = needed(rule, method)
    if who is None:
        return 405
    if visitor == NOBODY:
        return 302
    if visitor in OUTSIDERS:
        return 404
    return IN if MEMBERS[visitor] >= who else 403


def test_every_address_of_a_class_is_declared_and_no_other() -> None:
    assert {address.name for address in OF_A_CLASS} == set(RULES)


@pytest.mark.every_row
@pytest.mark.parametrize("address", DECLARED, ids=name_of)
def test_the_nearest_are_told_what_is_declared(address: Address, world: World) -> None:
    """Who may just do it, who may just not, who leads another class, and nobody: where a mistake is made, it is told by
    them."""
    told_as_declared(address, world, [visitor for visitor in EVERYBODY if visitor in nearest(RULES[address.name])])


@pytest.mark.thorough
@pytest.mark.parametrize("address", DECLARED, ids=name_of)
def test_everybody_is_told_what_is_declared(address: Address, world: World) -> None:
    told_as_declared(address, world, EVERYBODY)


def nearest(rule: Rule) -> set[str]:
    ranks = {who for needed in (rule.get, rule.post) if needed is not None for who in (needed, needed - 1)}
    return {NOBODY, "instructor of another"} | {visitor for visitor, rank in MEMBERS.items() if rank in ranks}


def told_as_declared(address: Address, world: World, visitors: Sequence[str]) -> None:
    """And who is refused has changed nothing. Those who may change something come last."""
    rule, path = RULES[address.name], address.path(world.values)
    before = everything_kept()
    for visitor in visitors:
        browser = world.browser(visitor)
        for method in METHODS:
            answer = told(ask(browser, method, path, rule))
            assert answer == expected(rule, method, visitor), (visitor, method)
            after = everything_kept()
            assert answer == IN or after == before, (visitor, method)
            before = after


@pytest.mark.parametrize("address", WITH_THINGS, ids=name_of)
def test_things_of_another_class_are_not_there(address: Address, world: World) -> None:
    """Each parameter in turn is of another class, for who leads the class of the address; and the other way round,
    for who leads another class and puts its number before somebody else's things."""
    rule = RULES[address.name]
    forged = [("instructor", name, world.foreign[name]) for name in set(address.parameters) - SHARED]
    forged.append(("instructor of another", "class_id", world.foreign["class_id"]))
    before = everything_kept()
    for visitor, parameter, value in forged:
        for method in METHODS:
            path = address.path({**world.values, parameter: value})
            answer = told(ask(world.browser(visitor), method, path, rule))
            assert answer == (405 if needed(rule, method) is None else 404), (parameter, method)
            assert everything_kept() == before, (parameter, method)


@pytest.mark.parametrize("address", DECLARED, ids=name_of)
def test_an_archived_class_can_be_read_and_does_not_change(address: Address, world: World) -> None:
    LabClass.objects.filter(pk=world.lab_class.pk).update(archived_at=timezone.now())
    rule, path = RULES[address.name], address.path(world.values)
    for visitor in MEMBERS:
        browser = world.browser(visitor)
        for method in METHODS:
            before = everything_kept()
            answer = told(ask(browser, method, path, rule))
            wanted = expected(rule, method, visitor)
            if method == "post" and wanted == IN and not rule.also_archived:
                wanted = 403
            assert answer == wanted, (visitor, method)
            if answer == 403:
                assert everything_kept() == before, (visitor, method)
            LabClass.objects.filter(pk=world.lab_class.pk).update(archived_at=timezone.now())


@pytest.mark.parametrize("address", CHANGING, ids=name_of)
def test_what_changes_something_wants_a_csrf_token(address: Address, world: World) -> None:
    before = everything_kept()
    browser = world.browser("instructor", enforce_csrf=True)
    answer = browser.post(address.path(world.values), dict(RULES[address.name].body))
    assert answer.status_code == 403
    assert "open too long" in answer.content.decode()
    assert everything_kept() == before


@pytest.mark.parametrize("address", READABLE, ids=name_of)
def test_a_page_is_its_readers_alone_and_offers_nothing_that_would_be_refused(address: Address, world: World) -> None:
    """No cache keeps it, and its links and buttons lead only to where its reader may go."""
    here = address.path(world.values)
    for visitor in MEMBERS:
        if expected(RULES[address.name], "get", visitor) == IN:
            page = world.browser(visitor).get(here)
            assert "no-store" in page.headers["Cache-Control"]
            if page.headers["Content-Type"].startswith("text/html"):
                for method, target in offered(page.content.decode(), here):
                    name = _name_at(target, here)
                    assert name not in RULES or expected(RULES[name], method, visitor) == IN, (visitor, method, target)


@pytest.mark.thorough
@pytest.mark.parametrize("address", READABLE, ids=name_of)
def test_a_page_of_an_archived_class_offers_no_change_that_would_be_refused(address: Address, world: World) -> None:
    LabClass.objects.filter(pk=world.lab_class.pk).update(archived_at=timezone.now())
    here = address.path(world.values)
    for visitor in MEMBERS:
        if expected(RULES[address.name], "get", visitor) == IN:
            page = world.browser(visitor).get(here)
            if page.headers["Content-Type"].startswith("text/html"):
                for method, target in offered(page.content.decode(), here):
                    rule = RULES.get(_name_at(target, here))
                    assert method == "get" or rule is None or rule.also_archived, (visitor, target)


def offered(source: str, here: str) -> Iterator[tuple[str, str]]:
    """What a reader can press, and where it leads. What is drawn once for all who look is hidden by the style sheet
    from whom it would refuse: all but a page that says ``data-leads`` of its reader."""
    leads = re.search(r"<[^>]* data-leads\b", source)
    for link in re.findall(r"<a\b[^>]*>", source):
        target = re.search(r'href="([^"]*)"', link)
        if target and (leads or not re.search(r'class="[^"]*\bleads-only\b', link)):
            yield "get", target.group(1)
    for form in re.findall(r"<form\b[^>]*>", source):
        action = re.search(r'action="([^"]*)"', form)
        yield "post" if 'method="post"' in form else "get", action.group(1) if action else here


def _name_at(target: str, here: str) -> str:
    path = urlsplit(target).path or urlsplit(here).path
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
