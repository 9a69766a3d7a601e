"""Writing to one student, to those whom the same thing holds up, to all: how many, and what came of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from labportal.classes.models import LabClass
from labportal.standings.models import Standing
from labportal.support.models import LONGEST_MESSAGE, Message, Receipt
from tests.classes.school import Role, a_class, member, student
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB, TASK
from tests.support.scene import Scene, queries

REASON = "vault_in_rbac_mode"
CHECK = TASK.checks[0].id
CAUSE = {"task": TASK.id, "check": CHECK, "reason": REASON}


def held_up(school: Scene, *names: str) -> list[Any]:
    """Ada and these others are held up by the same thing."""
    members = [school.ada, *(student(school.lab_class, name)[0] for name in names)]
    Standing.objects.filter(memberships__in=members).update(
        task_id=TASK.id, check_id=CHECK, reason=REASON, verdict="not_yet"
    )
    return members


def compose(school: Scene, **query: str) -> str:
    return f"{school.of_class('support:compose')}?{urlencode(query)}"


def send(school: Scene, words: str = "Look at the mode.", remedy: str = "", **query: str) -> Any:
    return school.teacher.post(compose(school, **query), {"text": words, "remedy": remedy})


def to() -> set[str]:
    return set(Receipt.objects.values_list("user__username", flat=True))


def test_to_all(school: Scene, told: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    _, walk = student(school.lab_class, "bea")
    member(school.lab_class, "cyd")  # has not begun: it waits on their pages
    student(a_class("Tuesday group"), "eve")
    preview = text(school.teacher.get(compose(school)))
    assert "To everybody in Monday group That is 3 students : Ada, Bea, Cyd" in preview
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(school)
    assert (answer.status_code, answer.headers["Location"]) == (303, school.of_class("support:sent"))
    assert "Sent to 3 students." in text(school.teacher.get(school.of_class("support:sent")))
    assert to() == {"ada", "bea", "cyd"}
    ((sessions, message),) = told
    assert (sorted(sessions), message) == (sorted([school.session.pk, walk.pk]), {"support": "message", "within": 0.0})


def test_to_those_whom_a_cause_holds_up(school: Scene) -> None:
    held_up(school, "bea")
    student(school.lab_class, "cyd")
    preview = text(school.teacher.get(compose(school, **CAUSE)))
    assert f"those at Task {TASK.number} of whom this is so: The vault goes by roles" in preview
    assert "2 students : Ada, Bea" in preview
    send(school, **CAUSE)
    assert to() == {"ada", "bea"}
    assert Message.objects.get().task_id == TASK.id


def test_who_it_is_is_counted_again_when_it_is_sent(school: Scene) -> None:
    held_up(school, "bea")
    school.teacher.get(compose(school, **CAUSE))
    Standing.objects.filter(memberships=school.ada).update(reason="", check_id="", verdict="")
    send(school, **CAUSE)
    assert to() == {"bea"}


def test_when_nobody_is_left_nothing_is_sent_and_that_is_said(school: Scene) -> None:
    answer = send(school, **CAUSE)
    assert answer.status_code == 422
    assert "nothing was sent" in text(answer)
    assert not Message.objects.exists()


def test_to_one(school: Scene) -> None:
    student(school.lab_class, "bea")
    preview = text(school.teacher.get(compose(school, member=str(school.ada.pk))))
    assert "To Ada That is 1 student : Ada" in preview
    send(school, member=str(school.ada.pk))
    assert to() == {"ada"}


def test_the_portal_s_mending_can_be_offered_where_it_knows_one(school: Scene) -> None:
    held_up(school)
    for query in (CAUSE, {"member": str(school.ada.pk)}):
        assert "Offer to have it mended" in text(school.teacher.get(compose(school, **query)))
    assert "Offer to have it mended" not in text(school.teacher.get(compose(school)))
    send(school, remedy="use-access-policies", **CAUSE)
    assert Message.objects.get().remedy == "use-access-policies"


@pytest.mark.parametrize("remedy", ["purge-vault", "no-such-remedy"])
def test_nothing_else_is_offered(school: Scene, remedy: str) -> None:
    held_up(school)
    assert send(school, remedy=remedy, **CAUSE).status_code == 422
    assert not Message.objects.exists()


def test_nor_what_the_class_does_not_let_the_portal_do(school: Scene) -> None:
    school.lab_class.allows_repair = False
    school.lab_class.save()
    held_up(school)
    assert "Offer to have it mended" not in text(school.teacher.get(compose(school, **CAUSE)))
    send(school, remedy="use-access-policies", **CAUSE)
    assert Message.objects.get().remedy == ""


@pytest.mark.parametrize("words", ["", "   ", "x" * (LONGEST_MESSAGE + 1)])
def test_words_are_wanted_and_not_too_many(school: Scene, words: str) -> None:
    assert send(school, words).status_code == 422
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        {"task": "no-such-task", "check": CHECK, "reason": REASON},
        {"task": TASK.id, "check": "", "reason": ""},
        {"task": TASK.id},
        {"member": "999999"},
        {"member": "x"},
        {"member": "9" * 40},
    ],
)
def test_an_address_that_names_nobody_reaches_nobody(school: Scene, query: dict[str, str]) -> None:
    assert school.teacher.get(compose(school, **query)).status_code == 404
    assert send(school, **query).status_code == 404
    assert not Message.objects.exists()


def test_nobody_writes_to_another_class(school: Scene) -> None:
    eve, _ = student(a_class("Tuesday group"), "eve")
    assert send(school, member=str(eve.pk)).status_code == 404
    tea = Browser(member(a_class("Wednesday group"), "tea", Role.INSTRUCTOR).user)
    assert tea.post(compose(school), {"text": "Hello"}).status_code == 404
    assert not Message.objects.exists()


def test_an_observer_reads_and_does_not_write(school: Scene) -> None:
    send(school)
    assert school.observer.post(compose(school), {"text": "Hello"}).status_code == 403
    assert school.observer.get(compose(school)).status_code == 403
    page = text(school.observer.get(school.of_class("support:sent")))
    assert "Look at the mode." in page
    assert "Write to everybody" not in page
    assert school.student.get(school.of_class("support:sent")).status_code == 403


def test_in_an_archived_class_nothing_is_offered_that_cannot_be_sent(school: Scene) -> None:
    for query in ({}, {"member": str(school.ada.pk)}):
        assert "<textarea" in school.teacher.get(compose(school, **query)).content.decode()
    LabClass.objects.update(archived_at=timezone.now())
    for query in ({}, {"member": str(school.ada.pk)}):
        page = school.teacher.get(compose(school, **query))
        assert "This class is archived, so nothing new can be written" in text(page)
        assert "<textarea" not in page.content.decode()
    assert send(school).status_code == 403


def test_what_became_of_it(school: Scene) -> None:
    held_up(school, "bea", "cyd")
    send(school, remedy="use-access-policies", **CAUSE)
    school.student.get(school.of_lab("support:region"))
    receipt = Receipt.objects.get(user=school.session.user)
    school.student.post(school.of_lab("support:dismiss", receipt.pk))
    page = text(school.teacher.get(school.of_class("support:sent")))
    assert "3 students · shown to 1 · put away by 1 · accepted by 0" in page
    assert f"With the offer to mend: {LAB.remedies['use-access-policies'].action.title}" in page


def test_messages_of_another_class_are_not_shown(school: Scene) -> None:
    send(school)
    tuesday = a_class("Tuesday group")
    tea = Browser(member(tuesday, "tea", Role.INSTRUCTOR).user)
    from django.urls import reverse

    assert "Nothing has been written" in text(tea.get(reverse("support:sent", args=[tuesday.pk])))


@pytest.mark.thorough
def test_a_page_of_messages_costs_the_same_with_more_of_them_and_more_students(school: Scene) -> None:
    send(school)
    one = queries(school.teacher, school.of_class("support:sent"))
    for number in range(30):
        student(school.lab_class, f"s{number}")
    for _ in range(30):
        send(school)
    assert queries(school.teacher, school.of_class("support:sent")) == one
    assert "Page 1 of 2" in text(school.teacher.get(school.of_class("support:sent")))


@pytest.mark.thorough
def test_a_thousand_at_once(school: Scene, django_assert_max_num_queries: Any) -> None:
    from labportal.accounts.models import User
    from labportal.classes.models import Membership

    users = User.objects.bulk_create(User(username=f"s{number}") for number in range(1200))
    Membership.objects.bulk_create(Membership(lab_class=school.lab_class, user=one, name=one.username) for one in users)
    with django_assert_max_num_queries(20):
        send(school)
    assert Receipt.objects.count() == 1201
