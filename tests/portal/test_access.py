"""Every address of the portal, asked for by nobody, by its owner and by somebody else.

Those of a class, each with every role: tests/classes/test_matrix.py.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from labportal.accounts.models import User
from labportal.classes.models import Knock, LabClass
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from labportal.support.models import Message, Receipt
from tests.classes.school import a_class, member
from tests.portal import examiner, url_list, walks
from tests.portal.browsing import Browser
from tests.portal.url_list import Address, name_of

OPEN = {
    "home",
    "accounts:sign_up",
    "accounts:sign_in",
    "accounts:sign_out",
    "accounts:guest",
    "classes:join",
    "classes:enter",
    "classes:invitation",
    "results:api_docs",
    "results:api:api-root",  # the page about it stands there
    "results:api:openapi-json",
    "results:no_such_address",
}
"""What it takes to come in, and what is told to everybody. Codes and invitations: tests/classes."""
BY_TOKEN = "results:api:"
"""Programs show a token there, and cookies mean nothing (tests/results)."""
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
    "classes:take_back",
    "support:raise",
    "support:lower",
    "support:dismiss",
    "support:accept",
}
BODIES = {"labs:repair": {"remedy": "mend-it"}, "labs:choose": {"name": "vault", "value": "kv-other"}}
"""What such a button sends along; the others send nothing."""
FOR_EVERYBODY_SIGNED_IN = {
    "labs:overview",
    "labs:lab",
    "labs:begin",
    "labs:task",
    "labs:ideas",
    "accounts:account",
    "accounts:acts",
    "accounts:delete",
    "accounts:download",
    "classes:list",
    "classes:new",
}
"""Addresses that show each person their own, or how to begin; there is no other's thing to name in them."""
ALL = [address for address in url_list.ALL if address not in url_list.OF_A_CLASS]
GUARDED = [one for one in ALL if one.name not in OPEN and not one.name.startswith(BY_TOKEN)]
OWNED = [address for address in GUARDED if address.name not in FOR_EVERYBODY_SIGNED_IN]
ROWS = {"attempt_id", "receipt_id", "knock_id"}


def path_of(address: Address, attempt: Attempt) -> str:
    """Of what is the attempt's student's own."""
    receipt = Receipt.objects.filter(user=attempt.session.user).first()
    return address.path(
        {
            "lab_id": attempt.session.lab_id,
            "task_id": attempt.task_id,
            "attempt_id": attempt.pk,
            "receipt_id": receipt.pk if receipt else 0,
            "knock_id": Knock.objects.filter(user=attempt.session.user).values_list("pk", flat=True).first() or 0,
        }
    )


def ask(address: Address, browser: Browser, attempt: Attempt) -> int:
    path = path_of(address, attempt)
    if address.name in POST_ONLY:
        return browser.post(path, BODIES.get(address.name)).status_code
    return browser.get(path).status_code


@pytest.fixture
def attempt(session: LabSession, everything_offered: None) -> Attempt:
    """The portal has repaired something for it, and it offers all there is to offer; so does a message of a class."""
    examiner.touched(session, repaired=True)
    _in_a_class(session)
    Knock.objects.create(lab_class=a_class("Another group"), user=session.user, name="Ada")
    return examiner.found(session)


def _in_a_class(session: LabSession) -> None:
    lab_class = a_class()
    member(lab_class, session.user)
    what = {"text": "Have it mended.", "task_id": walks.TASK.id, "remedy": examiner.MENDS.id}
    message = Message.objects.create(
        lab_class=lab_class, by_name="teacher", to=Message.To.ALL, to_words="the whole class", **what
    )
    Receipt.objects.create(message=message, user=session.user)


def test_the_address_list_is_the_whole_portal() -> None:
    assert {address.name for address in ALL} >= OPEN | POST_ONLY | FOR_EVERYBODY_SIGNED_IN
    assert len(OWNED) >= 22
    assert any(address.name.startswith(BY_TOKEN) for address in ALL)


@pytest.mark.parametrize("address", GUARDED, ids=name_of)
def test_nobody_gets_in_without_signing_in(address: Address, attempt: Attempt, anonymous: Browser) -> None:
    path = path_of(address, attempt)
    answer = anonymous.post(path) if address.name in POST_ONLY else anonymous.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('accounts:sign_in')}?next={path}"


@pytest.mark.parametrize("address", GUARDED, ids=name_of)
def test_the_owner_gets_in(address: Address, attempt: Attempt, browser: Browser) -> None:
    assert ask(address, browser, attempt) in (200, 204, 302, 303)


@pytest.mark.parametrize("address", OWNED, ids=name_of)
def test_somebody_else_is_told_that_there_is_no_such_thing(address: Address, attempt: Attempt) -> None:
    stranger = Browser(walks.person("eve"))
    assert ask(address, stranger, attempt) == 404


@pytest.mark.parametrize(
    "address", [a for a in OWNED if {"attempt_id", "receipt_id", "knock_id"} & set(a.parameters)], ids=name_of
)
def test_not_even_with_a_walk_through_the_same_lab_in_the_same_class(address: Address, attempt: Attempt) -> None:
    eve = walks.person("eve")
    walks.ready_session(eve)
    member(LabClass.objects.get(name="Monday group"), eve)
    assert ask(address, Browser(eve), attempt) == 404


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


@pytest.mark.parametrize("address", [a for a in ALL if a.name in POST_ONLY], ids=name_of)
def test_what_changes_something_takes_no_get(address: Address, attempt: Attempt, browser: Browser) -> None:
    assert browser.get(path_of(address, attempt)).status_code == 405


@pytest.mark.parametrize("address", [a for a in ALL if a.name in POST_ONLY], ids=name_of)
def test_what_changes_something_wants_a_csrf_token(address: Address, attempt: Attempt, ada: User) -> None:
    answer = Browser(ada, enforce_csrf=True).post(path_of(address, attempt))
    assert answer.status_code == 403
    assert "open too long" in answer.content.decode()


@pytest.mark.parametrize("address", GUARDED, ids=name_of)
def test_no_cache_keeps_what_is_somebodys_own(address: Address, attempt: Attempt, browser: Browser) -> None:
    path = path_of(address, attempt)
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


@pytest.mark.parametrize("address", [a for a in ALL if a.name.startswith(BY_TOKEN)], ids=name_of)
def test_programs_come_in_by_a_token_and_not_by_a_cookie(address: Address, browser: Browser) -> None:
    path = address.path({"student_id": 1})
    if address.name in OPEN:
        assert browser.get(path).status_code == 200
    else:
        assert browser.get(path).status_code in (401, 404)
        assert browser.post(path).status_code in (401, 404, 405)
