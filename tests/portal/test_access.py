"""Every address of the portal, asked for by nobody, by its owner and by somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from labportal.accounts.models import User
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from tests.portal import examiner, walks
from tests.portal.browsing import Browser

OPEN = {"home", "accounts:sign_up", "accounts:sign_in", "accounts:sign_out", "accounts:guest"}
POST_ONLY = {
    "labs:begin",
    "labs:check",
    "labs:check_all",
    "labs:carry_out",
    "labs:repair",
    "labs:undo",
    "labs:hint",
    "labs:choose",
    "labs:sign_in_again",
    "runs:cancel",
    "runs:check_now",
    "accounts:guest",
}
BODIES = {"labs:repair": {"remedy": "mend-it"}, "labs:choose": {"name": "vault", "value": "kv-other"}}
"""What such a button sends along; the others send nothing."""
FOR_EVERYBODY_SIGNED_IN = {"labs:overview", "labs:lab", "labs:begin", "labs:task", "labs:ideas"}
"""Addresses that show each person their own, or how to begin; there is no other's thing to name in them."""


@dataclass(frozen=True)
class Address:
    name: str
    parameters: tuple[str, ...]

    def path(self, attempt: Attempt) -> str:
        values = {"lab_id": attempt.session.lab_id, "task_id": attempt.task_id, "attempt_id": attempt.pk}
        return reverse(self.name, kwargs={name: values[name] for name in self.parameters})

    def ask(self, browser: Browser, attempt: Attempt) -> int:
        path = self.path(attempt)
        if self.name in POST_ONLY:
            return browser.post(path, BODIES.get(self.name)).status_code
        return browser.get(path).status_code


def _addresses(resolver: URLResolver, namespace: str = "") -> Iterator[Address]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield Address(f"{namespace}{entry.name}", tuple(entry.pattern.converters))
        elif entry.namespace != "admin":  # Django's own, with its own tests and its own sign-in
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _addresses(entry, inner)


ALL = sorted(_addresses(get_resolver()), key=lambda address: address.name)
GUARDED = [address for address in ALL if address.name not in OPEN]
OWNED = [address for address in GUARDED if address.name not in FOR_EVERYBODY_SIGNED_IN]


def names(address: Address) -> str:
    return address.name


@pytest.fixture
def attempt(session: LabSession, everything_offered: None) -> Attempt:
    """The portal has repaired something for it, and it offers all there is to offer."""
    examiner.touched(session, repaired=True)
    return examiner.found(session)


def test_the_address_list_is_the_whole_portal() -> None:
    assert {address.name for address in ALL} >= OPEN | POST_ONLY | FOR_EVERYBODY_SIGNED_IN
    assert len(OWNED) >= 17


@pytest.mark.parametrize("address", GUARDED, ids=names)
def test_nobody_gets_in_without_signing_in(address: Address, attempt: Attempt, anonymous: Browser) -> None:
    path = address.path(attempt)
    answer = anonymous.post(path) if address.name in POST_ONLY else anonymous.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('accounts:sign_in')}?next={path}"


@pytest.mark.parametrize("address", GUARDED, ids=names)
def test_the_owner_gets_in(address: Address, attempt: Attempt, browser: Browser) -> None:
    assert address.ask(browser, attempt) in (200, 204, 302, 303)


@pytest.mark.parametrize("address", OWNED, ids=names)
def test_somebody_else_is_told_that_there_is_no_such_thing(address: Address, attempt: Attempt) -> None:
    stranger = Browser(walks.person("eve"))
    assert address.ask(stranger, attempt) == 404


@pytest.mark.parametrize("address", [a for a in OWNED if "attempt_id" in a.parameters], ids=names)
def test_not_even_with_a_walk_through_the_same_lab(address: Address, attempt: Attempt) -> None:
    eve = walks.person("eve")
    walks.ready_session(eve)
    assert address.ask(Browser(eve), attempt) == 404


def test_a_task_link_from_somebody_else_leads_to_where_the_lab_begins(attempt: Attempt) -> None:
    task = reverse("labs:task", args=[attempt.session.lab_id, attempt.task_id])
    answer = Browser(walks.person("eve")).get(task)
    assert answer.headers["Location"] == reverse("labs:lab", args=[attempt.session.lab_id])


def test_somebody_elses_lab_page_shows_nothing_of_mine(attempt: Attempt) -> None:
    eve = walks.person("eve")
    walks.ready_session(eve)
    page = Browser(eve).get(reverse("labs:lab", args=[attempt.session.lab_id])).content.decode()
    assert attempt.session.vault_name not in page
    assert "kv-eve" in page


@pytest.mark.parametrize("address", [a for a in ALL if a.name in POST_ONLY], ids=names)
def test_what_changes_something_takes_no_get(address: Address, attempt: Attempt, browser: Browser) -> None:
    assert browser.get(address.path(attempt)).status_code == 405


@pytest.mark.parametrize("address", [a for a in ALL if a.name in POST_ONLY], ids=names)
def test_what_changes_something_wants_a_csrf_token(address: Address, attempt: Attempt, ada: User) -> None:
    answer = Browser(ada, enforce_csrf=True).post(address.path(attempt))
    assert answer.status_code == 403
    assert "open too long" in answer.content.decode()


@pytest.mark.parametrize("address", GUARDED, ids=names)
def test_no_cache_keeps_what_is_somebodys_own(address: Address, attempt: Attempt, browser: Browser) -> None:
    path = address.path(attempt)
    answer = browser.post(path) if address.name in POST_ONLY else browser.get(path)
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_piece_of_a_page_sends_the_whole_page_to_sign_in(attempt: Attempt, anonymous: Browser) -> None:
    task = reverse("labs:task", args=[attempt.session.lab_id, attempt.task_id])
    answer = anonymous.htmx_get(f"{task}panel/", **{"HX-Current-URL": f"http://testserver{task}?x=1"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith(reverse("accounts:sign_in"))
    assert task.replace("/", "%2F") in answer.headers["HX-Redirect"]


def test_a_foreign_page_cannot_choose_where_sign_in_leads(attempt: Attempt, anonymous: Browser) -> None:
    panel = reverse("labs:panel", args=[attempt.session.lab_id, attempt.task_id])
    answer = anonymous.htmx_get(panel, **{"HX-Current-URL": "https://evil.example/steal/"})
    assert "evil" not in answer.headers["HX-Redirect"]
    assert "steal" not in answer.headers["HX-Redirect"]


@pytest.mark.parametrize("name", ["labs:lab", "labs:names", "labs:history"])
def test_a_lab_that_is_not_there_is_a_404(name: str, browser: Browser) -> None:
    assert browser.get(reverse(name, args=["no-such-lab"])).status_code == 404


def test_a_task_that_is_not_there_is_a_404(session: LabSession, browser: Browser) -> None:
    assert browser.get(reverse("labs:task", args=[session.lab_id, "no-such-task"])).status_code == 404
