"""What a class does not allow is not offered to its students, and refused to a click that comes all the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from labportal.accounts.access import find_session
from labportal.accounts.models import User
from labportal.classes.allowed import EVERYTHING, Allowed, Help, allowed_in
from labportal.classes.models import LabClass
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt, TaskResult
from labportal.standings.models import Standing
from steps.kit.course import Mode
from steps.kit.task import POLICIES, ROLES
from steps.kit.verdict import Choice, Verdict
from tests.classes.school import Role, a_class, member
from tests.portal import addresses, examiner, walks
from tests.portal.browsing import Browser, text
from tests.portal.conftest import everything_offered  # noqa: F401  a fixture by its name
from tests.portal.walks import LAB

pytestmark = pytest.mark.usefixtures("everything_offered")
NOTHING: dict[str, Any] = {f"allows_{help}": False for help in Help}
SAID = "Your class Monday group leaves this to you: the portal"
NO_ROLES = "For your class, Monday group, this lab is done by access policies: roles cannot be chosen."


@pytest.fixture
def strict(ada: User) -> LabClass:
    """Ada's class allows nothing."""
    strict = a_class(**NOTHING)
    member(strict, ada)
    return strict


def begun() -> list[str]:
    return list(Attempt.objects.exclude(state=Attempt.State.FINISHED).values_list("mode", flat=True))


def page_of(browser: Browser, session: LabSession) -> str:
    return text(browser.get(addresses.task_page(session)))


def allowed_for(user: User, lab_id: str) -> Allowed:
    return allowed_in(LabSession(user=user, lab_id=lab_id))


# The rule


def test_who_is_in_no_class_may_everything(ada: User) -> None:
    assert allowed_for(ada, LAB.id) == EVERYTHING
    assert EVERYTHING.carry_out
    assert EVERYTHING.hints
    assert EVERYTHING.repair
    assert EVERYTHING.roles
    assert (EVERYTHING.left_to_you(*Help), EVERYTHING.no_roles) == ((), "")


@pytest.mark.parametrize("refused", list(Help))
def test_one_thing_is_refused_and_the_others_are_not(ada: User, refused: Help) -> None:
    refusing: dict[str, Any] = {f"allows_{refused}": False}
    member(a_class(**refusing), ada)
    allowed = allowed_for(ada, LAB.id)
    assert {help for help in Help if not getattr(allowed, help)} == {refused}


def test_the_strictest_class_wins_and_each_that_refuses_is_named(ada: User) -> None:
    member(a_class("Anything goes"), ada)
    member(a_class("No hints", allows_hints=False), ada)
    member(a_class("By hand", allows_hints=False, allows_carry_out=False, allows_roles=False), ada)
    allowed = allowed_for(ada, LAB.id)
    assert allowed.left_to_you(Help.HINTS, Help.REPAIR, Help.CARRY_OUT) == (
        "Your class By hand leaves this to you: the portal gives no hints and carries nothing out.",
        "Your class No hints leaves this to you: the portal gives no hints.",
    )
    assert allowed.no_roles == "For your class, By hand, this lab is done by access policies: roles cannot be chosen."


def test_a_class_has_no_say_where_it_is_not_the_students(ada: User, strict: LabClass) -> None:
    eve = walks.person("eve")
    member(a_class("Tuesday", **NOTHING), eve, Role.OBSERVER)
    member(a_class("Other lab", **NOTHING, archived_at=timezone.now()), eve)
    assert allowed_for(eve, LAB.id) == EVERYTHING
    assert allowed_for(ada, "another-lab") == EVERYTHING
    assert allowed_for(ada, LAB.id).refusals[0].helps == frozenset(Help)


def test_who_is_in_no_class_costs_no_query(ada: User, session: LabSession) -> None:
    walk = find_session(ada, LAB.id)
    assert walk is not None
    with CaptureQueriesContext(connection) as none:
        assert allowed_in(walk) == EVERYTHING
    assert len(none) == 0
    assert allowed_in(session) == EVERYTHING, "also where nobody has asked"


def test_any_number_of_classes_costs_one_query(ada: User, session: LabSession, strict: LabClass) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert Browser(ada).get(addresses.task_page(session)).status_code == 200
        return len(asked)

    one = queries()
    for number in range(5):
        member(a_class(f"Group {number}", **NOTHING), ada)
    assert queries() == one


# The pages


def test_a_task_page_says_once_what_is_left_to_the_student(
    browser: Browser, session: LabSession, strict: LabClass
) -> None:
    examiner.found(session)
    page = page_of(browser, session)
    assert page.count(f"{SAID} gives no hints, mends nothing and carries nothing out.") == 1
    for words in (
        "Carry it out",
        "Have the portal do it",
        "Mend it",
        "Show a hint",
        "Check or carry out",
        "have it carried out",
    ):
        assert words not in page, words
    assert "Check again" in page
    assert "Use kv-other" in page


def test_without_a_class_the_same_page_offers_it_all(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    page = page_of(browser, session)
    for words in ("Carry it out", "Mend it", "Show a hint", "Check or carry out", "have it carried out"):
        assert words in page, words
    assert "leaves this to you" not in page


def test_hints_that_were_seen_stay_when_no_more_are_given(browser: Browser, session: LabSession, ada: User) -> None:
    browser.post(addresses.hint(session), {"about": ""})
    member(a_class(allows_hints=False), ada)
    page = page_of(browser, session)
    assert "First look around." in page
    assert "One more hint" not in page


def test_a_class_is_named_as_text(browser: Browser, session: LabSession, ada: User) -> None:
    member(a_class("<b>Monday</b>", allows_hints=False), ada)
    assert "&lt;b&gt;Monday&lt;/b&gt; leaves this to you" in browser.get(addresses.task_page(session)).content.decode()


# The clicks


@pytest.mark.parametrize(
    ("address", "data"),
    [(addresses.carry_out, {}), (addresses.repair, {"remedy": "mend-it"}), (addresses.hint, {"about": ""})],
)
def test_what_is_refused_is_refused_to_a_click_too(
    browser: Browser, session: LabSession, strict: LabClass, address: object, data: dict[str, str]
) -> None:
    examiner.found(session)
    assert callable(address)
    answer = browser.post(address(session), data)
    assert answer.status_code == 409
    assert SAID in text(answer)
    assert "Nothing was done." in text(answer)
    assert begun() == []
    assert not TaskResult.objects.filter(hints_seen__gt=0).exists()


def test_checking_undoing_and_cleaning_up_are_never_refused(
    browser: Browser, session: LabSession, strict: LabClass
) -> None:
    examiner.touched(session)
    clean_up = reverse("labs:carry_out", args=[LAB.id, examiner.CLEAN_UP.id])
    for address in (addresses.undo(session), clean_up, addresses.check(session, LAB.tasks[2].id)):
        assert browser.post(address).status_code == 303, address
    assert sorted(begun()) == [Mode.CARRY_OUT, Mode.UNDO, Mode.VALIDATE]


def test_the_challenge_is_the_students_own_doing(browser: Browser, session: LabSession, strict: LabClass) -> None:
    assert LAB.challenge is not None
    for task in LAB.tasks:
        walks.completed(session, task)
    answers = {f"ask-{ask.id}": ask.options[0].id for ask in LAB.challenge.asks}
    assert browser.post(addresses.carry_out(session, LAB.challenge.id), answers).status_code == 303
    assert begun() == [Mode.CARRY_OUT]


# Roles


def offers_roles(session: LabSession) -> None:
    attempt = walks.attempt(session, verdict=Verdict.NOT_YET)
    roles = Choice("permission_model", ROLES, "Do this lab by roles")
    examiner.finding(attempt, "broken", choices=(examiner.CHOICE, roles))


def test_the_choice_of_roles_is_replaced_by_why(browser: Browser, session: LabSession, strict: LabClass) -> None:
    offers_roles(session)
    page = page_of(browser, session)
    assert page.count(NO_ROLES) == 1
    assert "Do this lab by roles" not in page
    assert "Use kv-other" in page
    attempt = reverse("runs:attempt", args=[Attempt.objects.get().pk])
    assert "Do this lab by roles" not in text(browser.get(attempt))


def test_nobody_chooses_roles_who_may_not(browser: Browser, session: LabSession, strict: LabClass) -> None:
    offers_roles(session)
    answer = browser.post(addresses.choose(session), {"name": "permission_model", "value": ROLES})
    assert (answer.status_code, NO_ROLES in text(answer)) == (409, True)
    names = {"vault_name": "kv-ada", "secret_name": "s", "vm_name": "vm-lab", "permission_model": ROLES}
    assert browser.post(reverse("labs:names", args=[LAB.id]), names).status_code == 422
    session.refresh_from_db()
    assert session.permission_model == POLICIES
    assert NO_ROLES in text(browser.get(reverse("labs:names", args=[LAB.id])))


def test_roles_are_open_to_who_is_in_no_such_class(browser: Browser, session: LabSession) -> None:
    assert browser.post(addresses.choose(session), {"name": "permission_model", "value": ROLES}).status_code == 303
    session.refresh_from_db()
    assert session.permission_model == ROLES


def test_who_had_chosen_roles_before_goes_back_before_the_next_check(
    browser: Browser, session: LabSession, strict: LabClass
) -> None:
    LabSession.objects.update(permission_model=ROLES)
    for address in (addresses.check(session), reverse("labs:check_all", args=[LAB.id])):
        browser.post(address)
        assert begun() == []
    assert f"{NO_ROLES} Choose access policies under Your names" in page_of(browser, session)
    browser.post(addresses.choose(session), {"name": "permission_model", "value": POLICIES})
    assert begun() == [Mode.VALIDATE], "and choosing them checks at once"


# What no attempt tells of is told to the class


def test_a_hint_and_a_new_walk_have_the_standing_made_anew(browser: Browser, session: LabSession, ada: User) -> None:
    member(a_class(), ada)
    for address, data in (
        (addresses.hint(session), {"about": ""}),
        (reverse("labs:start_anew", args=[LAB.id]), {"walk": str(session.pk)}),
    ):
        Standing.objects.update(touched=False)
        browser.post(address, data)
        assert Standing.objects.get().touched, address
    assert LabSession.objects.filter(ended_at=None).count() == 1
