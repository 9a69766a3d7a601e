"""One student's page: where they stand, what they tried with what it showed, what they asked and were told."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from labportal.classes.models import LabClass
from labportal.runs.models import Attempt, TaskResult
from labportal.support import hands
from steps.kit.verdict import Verdict
from tests.classes.school import Role, a_class, follow, member, student
from tests.portal import walks
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB, TASK
from tests.support.scene import Scene, queries

FIRST = LAB.tasks[0]


def page_of(school: Scene) -> str:
    return school.of_class("students:student", school.ada.pk)


def shown(school: Scene, browser: Browser | None = None) -> str:
    return text((browser or school.teacher).get(page_of(school)))


def test_who_has_not_begun(school: Scene) -> None:
    late = member(school.lab_class, "late", name="Late Lou")
    page = text(school.teacher.get(school.of_class("students:student", late.pk)))
    assert "Late Lou has not begun the lab." in page
    assert "See it as they see it" not in page


def test_where_they_stand(school: Scene) -> None:
    walks.completed(school.session, FIRST)
    TaskResult.objects.filter(task_id=FIRST.id).update(hints_seen=2)
    walks.finished(school.session, verdict=Verdict.NOT_YET).evidence.filter(position=0).update(
        reason="vault_in_rbac_mode"
    )
    follow()
    page = shown(school)
    assert f"1 of {len(LAB.tasks)} tasks done" in page
    assert f"{FIRST.number}. {FIRST.title} Done With hints 1 try, the first one right · 2 hints seen" in page
    assert "The vault goes by roles, so that access policies do not count. 1 try" in page
    assert "No try of their own" in page


def test_what_an_instructor_s_check_found_done_is_told_as_such(school: Scene) -> None:
    walks.completed(school.session, FIRST)
    Attempt.objects.update(on_behalf=True)
    follow()
    said = f"{FIRST.title} Done Alone No try of their own · found by an instructor's check"
    assert said in shown(school)


def test_what_only_an_instructor_s_check_found_missing_is_no_failure_of_theirs(school: Scene) -> None:
    look = walks.finished(school.session, verdict=Verdict.NOT_YET)
    Attempt.objects.update(on_behalf=True)
    look.evidence.filter(position=0).update(reason="vault_in_rbac_mode")
    follow()
    assert f"{TASK.title} Not tried The vault goes by roles" in shown(school)
    walks.finished(school.session, verdict=Verdict.NOT_YET)
    follow()
    assert f"{TASK.title} Not yet" in shown(school)


def test_the_latest_attempt_with_what_it_showed_and_all_others(school: Scene) -> None:
    first = walks.finished(school.session)
    latest = walks.finished(school.session, verdict=Verdict.NOT_YET)
    page = school.teacher.get(page_of(school))
    assert "There is no vault kv-ada." in text(page)
    assert "request-4711" in text(page)
    for one in (first, latest):
        assert school.of_class("students:attempt", school.ada.pk, one.pk) in page.content.decode()


def test_after_a_look_at_all_tasks_it_shows_the_one_where_the_student_is_held(school: Scene) -> None:
    walks.completed(school.session, FIRST)
    held = walks.finished(school.session, verdict=Verdict.NOT_YET)
    last = walks.finished(school.session, LAB.tasks[-1], verdict=Verdict.NOT_YET)
    follow()

    def latest(query: str = "") -> str:
        page = school.teacher.get(page_of(school) + query).content.decode()
        return page[page.index('id="latest-title"') : page.index('id="attempts-title"')]

    def address(one: Attempt) -> str:
        return school.of_class("students:attempt", school.ada.pk, one.pk)

    assert address(held) in latest()
    assert address(last) not in latest()
    assert address(last) in latest(f"?task={LAB.tasks[-1].id}")
    assert address(last) in latest("?task=nonsense")
    assert f'href="?task={TASK.id}#latest-title"' in school.teacher.get(page_of(school)).content.decode()


def test_in_an_archived_class_nothing_is_offered_that_would_be_refused(school: Scene) -> None:
    walks.completed(school.session, FIRST)
    offered = ("Check now", "Open again", "Write to", "Keep this note")
    assert all(words in shown(school) for words in offered)
    LabClass.objects.update(archived_at=timezone.now())
    assert not any(words in shown(school) for words in offered)
    assert "Write to everybody" not in text(school.teacher.get(school.of_class("support:hands")))
    assert "data-leads" not in school.teacher.get(school.of_class("board:causes")).content.decode()


def test_an_attempt_s_page_shows_evidence_and_timeline(school: Scene) -> None:
    one = walks.finished(school.session, verdict=Verdict.NOT_YET)
    page = text(school.observer.get(school.of_class("students:attempt", school.ada.pk, one.pk)))
    assert "There is no vault kv-ada." in page
    assert "You asked for a check." in page
    assert "That is all." in page
    assert "Ada" in page


def test_what_was_asked_and_told(school: Scene) -> None:
    hands.raise_hand(school.session, TASK.id, "Which one?")
    school.teacher.post(f"{school.of_class('support:compose')}?member={school.ada.pk}", {"text": "The second."})
    page = shown(school)
    assert "Hand up for" in page
    assert "“Which one?”" in page
    assert "The second." in page
    assert "not shown yet" in page
    school.student.get(school.of_lab("support:region"))
    assert "shown to them" in shown(school)


def test_an_observer_is_offered_nothing_to_press(school: Scene) -> None:
    walks.completed(school.session)
    page = school.observer.get(page_of(school)).content.decode()
    assert page.count("<form") == 1, "signing out"
    assert "Open again" not in page
    assert "Write to" not in page


@pytest.mark.parametrize("name", ["students:student", "students:as_lab", "students:as_history"])
def test_a_student_of_another_class_is_not_there(school: Scene, name: str) -> None:
    eve, _ = student(a_class("Tuesday group"), "eve")
    assert school.teacher.get(school.of_class(name, eve.pk)).status_code == 404
    assert school.teacher.get(school.of_class(name, 999_999)).status_code == 404
    tea = Browser(member(a_class("Wednesday group"), "tea", Role.INSTRUCTOR).user)
    assert tea.get(school.of_class(name, school.ada.pk)).status_code == 404
    assert school.student.get(school.of_class(name, school.ada.pk)).status_code == 403


@pytest.mark.parametrize("name", ["students:attempt", "students:as_attempt"])
def test_nor_is_another_student_s_attempt(school: Scene, name: str) -> None:
    bea, walk = student(school.lab_class, "bea")
    theirs = walks.finished(walk)
    follow()
    assert school.teacher.get(school.of_class(name, bea.pk, theirs.pk)).status_code == 200
    assert school.teacher.get(school.of_class(name, school.ada.pk, theirs.pk)).status_code == 404


def test_nor_what_they_did_in_another_lab(school: Scene) -> None:
    school.session.lab_id = "another-lab"
    school.session.ended_at = school.session.started_at
    school.session.save()
    walk = walks.ready_session(school.session.user)
    follow()
    old = walks.attempt(school.session)
    walks.finished(walk)
    assert school.teacher.get(school.of_class("students:attempt", school.ada.pk, old.pk)).status_code == 404


def test_who_teaches_is_no_student(school: Scene) -> None:
    olga = school.lab_class.memberships.get(role=Role.OBSERVER)
    assert school.teacher.get(school.of_class("students:student", olga.pk)).status_code == 404


@pytest.mark.thorough
def test_thirty_attempts_cost_what_three_do(school: Scene) -> None:
    def with_attempts(number: int) -> int:
        for _ in range(number):
            walks.finished(school.session, verdict=Verdict.NOT_YET)
            hands.raise_hand(school.session, TASK.id, "x")
            hands.lower(school.session.hands.latest("pk"), None)
            school.teacher.post(school.of_class("students:note", school.ada.pk), {"text": "note"})
        follow()
        return queries(school.teacher, page_of(school))

    three = with_attempts(3)
    assert with_attempts(27) == three


class TestNotes:
    def write(self, school: Scene, words: str = "Works fast, reads little.", browser: Browser | None = None) -> int:
        address = school.of_class("students:note", school.ada.pk)
        return (browser or school.teacher).post(address, {"text": words}).status_code

    def test_they_are_for_those_who_teach_the_class(self, school: Scene) -> None:
        assert self.write(school) == 303
        assert "Works fast, reads little. Ann," in shown(school)
        assert "Works fast" in shown(school, school.observer)

    def test_no_page_of_the_student_shows_them(self, school: Scene) -> None:
        self.write(school)
        for name in ("labs:lab", "labs:history"):
            assert "Works fast" not in text(school.student.get(reverse(name, args=[LAB.id])))

    def test_another_class_of_the_student_does_not_see_them(self, school: Scene) -> None:
        self.write(school)
        tuesday = a_class("Tuesday group")
        tea = Browser(member(tuesday, "tea", Role.INSTRUCTOR).user)
        there = member(tuesday, school.session.user)
        assert "Works fast" not in text(tea.get(reverse("students:student", args=[tuesday.pk, there.pk])))

    def test_an_observer_writes_none(self, school: Scene) -> None:
        assert self.write(school, browser=school.observer) == 403
        assert "Works fast" not in shown(school)

    def test_an_empty_one_is_none(self, school: Scene) -> None:
        assert self.write(school, "  ") == 422

    def test_only_who_wrote_it_takes_it_back(self, school: Scene) -> None:
        self.write(school)
        note = school.lab_class.notes.get()
        drop = school.of_class("students:drop_note", school.ada.pk, note.pk)
        ben = Browser(member(school.lab_class, "ben", Role.INSTRUCTOR).user)
        assert "Take it back" not in text(ben.get(page_of(school)))
        assert ben.post(drop).status_code == 404
        assert school.observer.post(drop).status_code == 403
        assert school.teacher.post(drop).status_code == 303
        assert not school.lab_class.notes.exists()
