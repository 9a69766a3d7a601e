"""What an instructor does for a student: it is done once, said exactly, and stands where the student can read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from labportal.classes.models import Act
from labportal.connections.models import Connection
from labportal.runs.models import ACTIVE, Attempt, AttemptEvent, TaskResult
from labportal.runs.statements import complete
from labportal.standings.models import Standing
from labportal.support.models import Message, Receipt
from steps.kit.verdict import Verdict
from tests.classes.school import Role, a_class, follow, member, student
from tests.portal import walks
from tests.portal.addresses import task_page
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB, TASK, State
from tests.support.scene import Scene

AS_BEFORE = {"counts": "first", "why": ""}
ANEW = {"counts": "anew", "why": ""}
BY_PORTAL = TaskResult.Provenance.PORTAL


@pytest.fixture(autouse=True)
def nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labportal.runs.services.enqueue", lambda *_: None)
    monkeypatch.setattr("labportal.runs.outbox.publish", lambda *_: None)


def check(school: Scene, task_id: str = TASK.id) -> str:
    return school.of_class("students:check", school.ada.pk, task_id)


def reset(school: Scene, task_id: str = TASK.id) -> str:
    return school.of_class("students:reset", school.ada.pk, task_id)


def result() -> TaskResult:
    return TaskResult.objects.get(task_id=TASK.id)


def found(school: Scene, *, on_behalf: bool) -> None:
    """A check that passes, as a worker ends it."""
    one = walks.attempt(school.session, state=State.FINISHED, verdict=Verdict.PASSED, on_behalf=on_behalf)
    complete(one.session_id, one.task_id, one.pk, on_behalf=on_behalf)


class TestACheck:
    def test_is_an_ordinary_one_that_says_who_asked(self, school: Scene) -> None:
        answer = school.teacher.post(check(school))
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            f"{school.of_class('students:student', school.ada.pk)}?task={TASK.id}",
        )
        one = Attempt.objects.get()
        assert (one.task_id, one.mode, one.on_behalf) == (TASK.id, "validate", True)
        assert AttemptEvent.objects.get().text == "Your instructor asked for a check."
        act = Act.objects.get()
        assert (act.person, act.text) == (school.session.user, f"checked Task {TASK.number} for you")

    def test_keeps_what_the_student_answered(self, school: Scene) -> None:
        asking = next(task for task in LAB.tasks if task.asks)
        kept = {asking.asks[0].id: "digest"}
        walks.attempt(school.session, asking, answers=kept)
        school.teacher.post(check(school, asking.id))
        assert Attempt.objects.latest("pk").answers == kept

    def test_joins_one_under_way(self, school: Scene) -> None:
        walks.attempt(school.session, state=State.RUNNING)
        school.teacher.post(check(school))
        assert Attempt.objects.filter(state__in=ACTIVE).count() == 1

    @pytest.mark.parametrize(
        ("state", "words"), [("preparing", "being prepared"), ("broken", "only they can sign in again")]
    )
    def test_is_refused_where_it_could_not_begin(self, school: Scene, state: str, words: str) -> None:
        Connection.objects.update(state=state)
        school.teacher.post(check(school))
        assert words in text(school.teacher.get(school.of_class("students:student", school.ada.pk)))
        assert not Attempt.objects.exists()
        assert not Act.objects.exists()


class TestOpeningAgain:
    def test_is_said_exactly_before(self, school: Scene) -> None:
        walks.completed(school.session)
        page = text(school.teacher.get(reset(school)))
        assert "Nothing in Azure is touched." in page
        assert "Only this task is opened." in page
        assert result().completed_at is not None

    def test_clears_the_result_and_nothing_else(self, school: Scene) -> None:
        walks.completed(school.session, by_portal=True)
        walks.completed(school.session, LAB.tasks[2])
        TaskResult.objects.filter(task_id=TASK.id).update(hints_seen=2)
        school.teacher.post(reset(school), AS_BEFORE)
        one = result()
        assert (one.completed_at, one.provenance) == (None, "")
        assert (one.hints_seen, one.portal_changed) == (2, True)
        assert TaskResult.objects.get(task_id=LAB.tasks[2].id).completed_at is not None
        assert Attempt.objects.count() == 2, "nothing was asked of Azure"

    def test_the_page_does_not_say_how_it_was_done_any_more(self, school: Scene) -> None:
        walks.completed(school.session, by_portal=True)
        follow()
        page = school.of_class("students:student", school.ada.pk)
        assert f"{TASK.title} Done Carried out by the portal 1 try" in text(school.teacher.get(page))
        school.teacher.post(reset(school), AS_BEFORE)
        assert f"{TASK.title} To do 1 try" in text(school.teacher.get(page)), "before the follower has come by"

    def test_done_again_it_is_told_as_before_who_did_it(self, school: Scene) -> None:
        walks.completed(school.session, by_portal=True)
        school.teacher.post(reset(school), AS_BEFORE)
        complete(school.session.pk, TASK.id, walks.finished(school.session).pk, on_behalf=False)
        assert result().provenance == BY_PORTAL

    def test_the_student_is_told_and_the_board_hears(self, school: Scene) -> None:
        walks.completed(school.session, LAB.tasks[0])
        walks.completed(school.session)
        follow()
        school.teacher.post(reset(school), AS_BEFORE | {"why": "You are to try roles."})
        page = text(school.student.get(task_page(school.session)))
        assert f"Task {TASK.number} is open again for you. Nothing in your subscription was changed" in page
        assert "You are to try roles." in page
        assert "your instructor has opened it again" in page
        assert Receipt.objects.get().user == school.session.user
        follow()
        standing = Standing.objects.get(memberships=school.ada)
        assert (standing.task_id, standing.done) == (TASK.id, 1)

    def test_stands_in_the_log(self, school: Scene) -> None:
        walks.completed(school.session)
        school.teacher.post(reset(school), AS_BEFORE)
        act = Act.objects.get()
        assert act.person == school.session.user
        assert act.text == f"opened Task {TASK.number} again for you; nothing in Azure was touched"

    def test_says_from_when_it_counts_and_has_to_be_told(self, school: Scene) -> None:
        walks.completed(school.session)
        TaskResult.objects.update(completed_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
        page = school.teacher.get(reset(school))
        assert "as before, from 2 March 2026, 09:00 (UTC)." in text(page)
        assert 'value="first" id="id_counts_0" required checked>' in page.content.decode()
        for wrong in ({"why": ""}, {"why": "", "counts": "never"}):
            answer = school.teacher.post(reset(school), wrong)
            assert (answer.status_code, b"field-error" in answer.content) == (422, True)
        assert result().completed_at is not None

    def test_a_round_moves_nothing_of_what_counts_as_before(self, school: Scene) -> None:
        walks.completed(school.session)
        first = datetime(2026, 3, 2, 9, tzinfo=UTC)
        TaskResult.objects.update(completed_at=first)
        school.teacher.post(reset(school), AS_BEFORE)
        found(school, on_behalf=True)
        assert (result().completed_at, result().counts_from) == (first, None)
        by = result().completed_by
        assert by is not None
        assert not by.on_behalf, "the student's own check had found it done"

    def test_what_is_to_be_done_anew_no_check_of_an_instructor_s_closes(self, school: Scene) -> None:
        walks.completed(school.session)
        TaskResult.objects.update(completed_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
        began = timezone.now()
        school.teacher.post(reset(school), ANEW)
        page = school.of_class("students:student", school.ada.pk)
        found(school, on_behalf=True)
        assert result().completed_at is None
        assert "Opened for them to do anew: only a check of their own closes it." in text(school.teacher.get(page))
        assert "only a check of your own closes it" in text(school.student.get(task_page(school.session)))
        assert ", to be done anew;" in Act.objects.get().text
        found(school, on_behalf=False)
        done_at = result().completed_at
        assert done_at is not None
        assert done_at >= began
        assert "Opened for them" not in text(school.teacher.get(page))

    def test_what_is_not_done_cannot_be(self, school: Scene) -> None:
        assert "there is nothing to open" in text(school.teacher.get(reset(school)))
        school.teacher.post(reset(school), AS_BEFORE)
        assert not Act.objects.exists()
        assert not Message.objects.exists()

    def test_nor_while_something_is_under_way(self, school: Scene) -> None:
        walks.completed(school.session)
        walks.attempt(school.session, state=State.WAITING)
        school.teacher.post(reset(school), AS_BEFORE)
        assert result().completed_at is not None
        assert not Act.objects.exists()


@pytest.mark.parametrize("act", [check, reset])
class TestWhoMay:
    def test_not_who_watches_or_learns(self, school: Scene, act: Any) -> None:
        walks.completed(school.session)
        for browser in (school.observer, school.student):
            assert browser.post(act(school)).status_code == 403
        assert not Act.objects.exists()
        assert result().completed_at is not None

    def test_not_for_another_class_s_student(self, school: Scene, act: Any) -> None:
        walks.completed(school.session)
        tuesday = a_class("Tuesday group")
        tea = Browser(member(tuesday, "tea", Role.INSTRUCTOR).user)
        eve, _ = student(tuesday, "eve")
        assert tea.post(act(school)).status_code == 404
        name = f"students:{act.__name__}"
        assert school.teacher.post(school.of_class(name, eve.pk, TASK.id)).status_code == 404
        assert not Act.objects.exists()

    def test_only_for_tasks_of_the_lab_and_who_has_begun(self, school: Scene, act: Any) -> None:
        assert LAB.challenge is not None
        for task_id in ("no-such-task", LAB.challenge.id):
            assert school.teacher.post(act(school, task_id)).status_code == 404
        late = member(school.lab_class, "late")
        name = f"students:{act.__name__}"
        assert school.teacher.post(school.of_class(name, late.pk, TASK.id)).status_code == 404

    def test_a_get_does_nothing(self, school: Scene, act: Any) -> None:
        walks.completed(school.session)
        assert school.teacher.get(act(school)).status_code in (200, 405)
        assert not Act.objects.exists()
