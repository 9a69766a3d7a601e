"""Undoing and cleaning up through the engine: what is open again, what stays, and what either is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from labportal.labs.models import LabSession
from labportal.runs import engine, services
from labportal.runs.deeds import left_of
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from labportal.runs.services import reopen
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode
from steps.kit.problems import after_giving_up, wording
from steps.kit.task import ActionDone, ActionPending, Context
from steps.kit.verdict import Finding, Verdict
from tests.runs.scripted import SOURCE, ScriptedTask, Step

pytestmark = pytest.mark.usefixtures("wire")


def run(session: LabSession, mode: Mode, task_id: str = "task", remedy: str = "") -> Attempt:
    attempt = services.start(session, task_id, mode, {}, remedy).attempt
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    return attempt


def open_tasks() -> set[str]:
    return {"task", "second", "third"} - set(
        TaskResult.objects.filter(completed_at__isnull=False).values_list("task_id", flat=True)
    )


def makes(**facts: str) -> Step:
    return lambda _ctx, _token: ActionDone("made it", True, (SOURCE,), facts)


def hears(heard: list[Context]) -> Step:
    def step(ctx: Context, token: str | None) -> ActionDone:
        heard.append(ctx)
        return ActionDone("heard", did=True)

    return step


def raises(problem: AzureProblem) -> Step:
    def step(_ctx: Context, _token: str | None) -> ActionDone:
        raise problem

    return step


def last_line(attempt: Attempt) -> AttemptEvent:
    return AttemptEvent.objects.filter(attempt=attempt).latest("id")


def not_yet(_ctx: Context) -> Finding:
    return Finding(Verdict.NOT_YET, "no", "a", "b", "do c", (SOURCE,))


def test_an_undone_task_and_those_that_rest_on_it_are_open_again_and_no_others(
    session: LabSession, task: ScriptedTask
) -> None:
    task.steps = [makes()]
    for name in ("task", "second", "third"):
        run(session, Mode.CARRY_OUT, name)
    attempt = run(session, Mode.UNDO)

    assert attempt.verdict == "passed"
    assert open_tasks() == {"task", "second"}
    assert AttemptEvent.objects.filter(attempt=attempt).last().text.startswith("Undone.")  # type: ignore[union-attr]


@pytest.mark.parametrize("anew", [True, False])
def test_what_is_undone_counts_from_when_it_is_done_again_and_is_still_the_students_to_close(
    session: LabSession, task: ScriptedTask, *, anew: bool
) -> None:
    task.steps = [makes()]
    run(session, Mode.CARRY_OUT)
    TaskResult.objects.update(completed_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    began = timezone.now()
    assert reopen(session, "task", anew=anew)
    run(session, Mode.UNDO)
    result = TaskResult.objects.get(task_id="task")
    assert (result.completed_at, result.counts_from, result.own_only) == (None, None, anew)
    run(session, Mode.VALIDATE)
    result.refresh_from_db()
    assert result.completed_at is not None
    assert result.completed_at >= began


def test_after_undoing_the_student_can_do_the_task_alone(session: LabSession, task: ScriptedTask) -> None:
    task.steps = [makes()]
    run(session, Mode.CARRY_OUT)
    run(session, Mode.UNDO)
    run(session, Mode.VALIDATE)
    assert TaskResult.objects.get(task_id="task").provenance == TaskResult.Provenance.STUDENT


@pytest.mark.parametrize(("remedy", "left"), [("switch", True), ("mend", False)])
def test_what_was_mended_and_stays_so_is_no_work_of_the_students(
    session: LabSession, task: ScriptedTask, remedy: str, *, left: bool
) -> None:
    task.steps = [makes()]
    run(session, Mode.REPAIR, remedy=remedy)
    run(session, Mode.UNDO)
    run(session, Mode.VALIDATE)
    how = TaskResult.Provenance.REPAIRED if left else TaskResult.Provenance.STUDENT
    assert TaskResult.objects.get(task_id="task").provenance == how


def test_a_repair_is_the_work_of_its_own_task_wherever_it_was_offered(session: LabSession, task: ScriptedTask) -> None:
    run(session, Mode.REPAIR, "third", remedy="mend")
    run(session, Mode.VALIDATE)
    done = dict(TaskResult.objects.values_list("task_id", "provenance"))
    assert done == {"task": TaskResult.Provenance.REPAIRED, "third": TaskResult.Provenance.REPAIRED}
    assert "mend" in left_of(session).mended
    run(session, Mode.UNDO, "third")
    assert "mend" in left_of(session).mended, "the third task rests on it, and does not take it back"
    run(session, Mode.UNDO)
    assert left_of(session).mended == frozenset()


def test_a_repair_that_does_not_finish_the_task_says_that_it_mended(session: LabSession, task: ScriptedTask) -> None:
    task.finding = not_yet
    attempt = run(session, Mode.REPAIR, remedy="mend")
    assert last_line(attempt).text == "Mended. There is more to do: see what to do next."


def test_what_was_given_up_is_kept_with_what_helps(session: LabSession, task: ScriptedTask) -> None:
    locked = AzureProblem(ProblemKind.PROTECTED, code="ScopeLocked", message="No.", source=SOURCE)
    task.mend, task.finding = raises(locked), not_yet
    attempt = run(session, Mode.REPAIR, remedy="mend")
    trouble = AttemptEvent.objects.get(attempt=attempt, kind=AttemptEvent.Kind.TROUBLE)
    assert (trouble.step_id, trouble.text) == ("mend", wording(locked).happened)
    assert trouble.detail["to_do"] == after_giving_up(locked)
    assert last_line(attempt).text == "Not there yet: see what to do next."


def test_undoing_that_does_not_get_there_leaves_the_task_as_it_was(session: LabSession, task: ScriptedTask) -> None:
    task.steps = [makes()]
    run(session, Mode.CARRY_OUT)
    task.finding = not_yet
    assert run(session, Mode.UNDO).verdict == "not_yet"
    result = TaskResult.objects.get(task_id="task")
    assert result.completed_at is not None
    assert result.provenance == TaskResult.Provenance.PORTAL


def test_undoing_marks_nothing_as_the_portals(session: LabSession, task: ScriptedTask) -> None:
    task.undo = [makes()]
    task.finding = not_yet
    run(session, Mode.UNDO)
    assert not TaskResult.objects.exists()


def test_undoing_runs_the_steps_that_undo_and_not_those_that_carry_out(session: LabSession, task: ScriptedTask) -> None:
    task.steps, task.undo = [makes()], [makes()]
    run(session, Mode.CARRY_OUT)
    attempt = run(session, Mode.UNDO)
    steps = AttemptEvent.objects.filter(attempt=attempt, kind=AttemptEvent.Kind.DONE)
    assert list(steps.values_list("step_id", flat=True)) == ["undo-0"]


def test_whoever_undoes_hears_what_the_portal_did_each_time(session: LabSession, task: ScriptedTask) -> None:
    heard: list[Context] = []
    task.undo = [hears(heard)]
    for colour in ("red", "green"):
        task.steps = [makes(colour=colour)]
        run(session, Mode.CARRY_OUT)
    run(session, Mode.UNDO)
    assert heard[0].carried_out == {"step-0": ({"colour": "red"}, {"colour": "green"})}


def test_what_the_portal_found_there_already_is_no_deed_of_its_own(session: LabSession, task: ScriptedTask) -> None:
    heard: list[Context] = []
    task.steps = [lambda _ctx, _token: ActionDone("was there", False, (SOURCE,), {"colour": "red"})]
    task.undo = [hears(heard)]
    run(session, Mode.CARRY_OUT)
    run(session, Mode.UNDO)
    assert heard[0].carried_out == {}


def test_what_was_undone_is_undone_once(session: LabSession, task: ScriptedTask) -> None:
    heard: list[Context] = []
    task.steps, task.undo = [makes(colour="red")], [hears(heard)]
    run(session, Mode.CARRY_OUT)
    run(session, Mode.CARRY_OUT, "second")
    run(session, Mode.CARRY_OUT, "third")
    run(session, Mode.UNDO)
    run(session, Mode.UNDO)
    assert [len(ctx.carried_out.get("step-0", ())) for ctx in heard] == [3, 1], "the third does not rest on it"


def test_a_cancelled_attempt_that_had_begun_something_counts_as_having_done_it(
    session: LabSession, task: ScriptedTask
) -> None:
    task.steps = [
        makes(colour="red"),
        lambda _ctx, _token: ActionPending("token", 60.0, "Azure is at it", (SOURCE,), began=True),
    ]
    services.cancel(run(session, Mode.CARRY_OUT))
    heard: list[Context] = []
    task.undo = [hears(heard)]
    run(session, Mode.UNDO)
    assert heard[0].carried_out == {"step-0": ({"colour": "red"},)}


def test_a_check_is_not_told_what_the_portal_did(session: LabSession, task: ScriptedTask) -> None:
    heard: list[Context] = []

    def finding(ctx: Context) -> Finding:
        heard.append(ctx)
        return Finding(Verdict.PASSED, "ok", "a", "a", "", (SOURCE,))

    task.steps, task.finding = [makes(colour="red")], finding
    run(session, Mode.CARRY_OUT)
    run(session, Mode.VALIDATE)
    assert (heard[-1].carried_out, heard[-1].mended) == ({}, frozenset())


@pytest.mark.parametrize("mode", [Mode.CARRY_OUT, Mode.VALIDATE])
def test_cleaning_up_hears_everything_and_so_does_its_check(
    session: LabSession, task: ScriptedTask, mode: Mode
) -> None:
    heard: list[Context] = []

    def finding(ctx: Context) -> Finding:
        heard.append(ctx)
        return Finding(Verdict.PASSED, "ok", "a", "a", "", (SOURCE,))

    task.steps = [makes(colour="red")]
    run(session, Mode.CARRY_OUT)
    run(session, Mode.REPAIR, "second", "mend")
    task.finding = finding
    run(session, mode, "tidy")
    assert heard[0].carried_out == {"step-0": ({"colour": "red"},)}
    assert heard[0].mended == {"mend"}


def test_undoing_a_task_leaves_what_was_mended_beside_it_to_cleaning_up(
    session: LabSession, task: ScriptedTask
) -> None:
    heard: list[Context] = []
    task.tidy = hears(heard)
    run(session, Mode.REPAIR, "second", "mend")
    run(session, Mode.REPAIR, "second", "switch")
    run(session, Mode.UNDO)
    run(session, Mode.CARRY_OUT, "tidy")
    assert heard[0].mended == {"switch"}


def test_a_remedy_that_had_nothing_to_do_is_not_taken_back(session: LabSession, task: ScriptedTask) -> None:
    heard: list[Context] = []
    task.mend = lambda _ctx, _token: ActionDone("was so", False)
    task.tidy = hears(heard)
    run(session, Mode.REPAIR, "task", "mend")
    run(session, Mode.CARRY_OUT, "tidy")
    assert heard[0].mended == frozenset()


def test_what_was_cleaned_up_is_not_taken_back_twice(session: LabSession, task: ScriptedTask) -> None:
    heard: list[Context] = []
    task.steps, task.tidy = [makes(colour="red")], hears(heard)
    run(session, Mode.CARRY_OUT)
    run(session, Mode.REPAIR, "task", "mend")
    run(session, Mode.CARRY_OUT, "tidy")
    run(session, Mode.CARRY_OUT, "tidy")
    assert [(len(ctx.carried_out), len(ctx.mended)) for ctx in heard] == [(1, 1), (0, 0)]


def test_cleaning_up_that_does_not_get_there_can_go_on_later(session: LabSession, task: ScriptedTask) -> None:
    heard: list[Context] = []
    task.tidy = hears(heard)
    run(session, Mode.REPAIR, "task", "mend")
    task.finding = not_yet
    run(session, Mode.CARRY_OUT, "tidy")
    run(session, Mode.CARRY_OUT, "tidy")
    assert [ctx.mended for ctx in heard] == [{"mend"}, {"mend"}]


def test_another_walk_is_told_nothing_of_this_one(session: LabSession, task: ScriptedTask) -> None:
    heard: list[Context] = []
    task.steps, task.tidy = [makes(colour="red")], hears(heard)
    run(session, Mode.CARRY_OUT)
    LabSession.objects.filter(pk=session.pk).update(lab_id="an-older-walk")
    later = LabSession.objects.create(user=session.user, lab_id="test-lab", connection=session.connection)
    run(later, Mode.CARRY_OUT, "tidy")
    assert (heard[0].carried_out, heard[0].mended) == ({}, frozenset())


@pytest.mark.parametrize("mode", [Mode.CARRY_OUT, Mode.VALIDATE])
def test_cleaning_up_keeps_what_was_done_and_is_no_task_to_be_done(
    session: LabSession, task: ScriptedTask, mode: Mode
) -> None:
    task.steps = [makes()]
    run(session, Mode.CARRY_OUT)
    attempt = run(session, mode, "tidy")
    assert attempt.verdict == "passed"
    assert list(TaskResult.objects.values_list("task_id", "portal_changed")) == [("task", True)]
    last = AttemptEvent.objects.filter(attempt=attempt).last()
    assert last is not None
    assert last.text.startswith("Nothing is left that the portal knows to be this lab's.")


def pending(_ctx: Context, token: str | None) -> ActionDone | ActionPending:
    return ActionDone("made it", True, (SOURCE,)) if token else ActionPending("token", 60.0, "at it", (SOURCE,))


def events_of(attempt: Attempt) -> list[tuple[str, str]]:
    return list(AttemptEvent.objects.filter(attempt=attempt).values_list("kind", "step_id"))


def again(attempt: Attempt) -> Attempt:
    Attempt.objects.filter(pk=attempt.pk).update(due_at=Now() - timedelta(seconds=1))
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    return attempt


@pytest.mark.parametrize(("task_id", "mode"), [("tidy", Mode.CARRY_OUT), ("second", Mode.UNDO)])
def test_taking_back_waits_until_what_is_under_way_has_ended(
    session: LabSession, task: ScriptedTask, task_id: str, mode: Mode
) -> None:
    task.steps, task.undo = [pending], [makes()]
    first = run(session, Mode.CARRY_OUT)
    later = again(run(session, mode, task_id))
    assert (first.state, later.state) == ("waiting", "waiting")
    assert events_of(later) == [("queued", ""), ("waiting", "turn")], "told once, and nothing was touched"
    assert again(first).state == "finished"
    assert again(later).verdict == "passed"
    assert later.claims == 0


def test_what_makes_something_waits_until_cleaning_up_has_ended(session: LabSession, task: ScriptedTask) -> None:
    task.steps, task.tidy = [makes()], pending
    tidy = run(session, Mode.CARRY_OUT, "tidy")
    assert tidy.state == "waiting"
    assert run(session, Mode.CARRY_OUT).state == "waiting"
    assert run(session, Mode.REPAIR, "second", "mend").state == "waiting"
    assert run(session, Mode.VALIDATE, "third").state == "finished", "looking disturbs nobody"
    assert again(tidy).verdict == "passed", "what has begun does not wait for what came later"


def test_two_tasks_are_carried_out_side_by_side_as_ever(session: LabSession, task: ScriptedTask) -> None:
    task.steps = [pending]
    run(session, Mode.CARRY_OUT)
    assert ("started", "step-0") in events_of(run(session, Mode.CARRY_OUT, "second"))


def test_nobody_waits_for_a_cancelled_one_nor_for_another_walk(session: LabSession, task: ScriptedTask) -> None:
    task.steps = [pending]
    services.cancel(run(session, Mode.CARRY_OUT))
    assert run(session, Mode.CARRY_OUT, "tidy").verdict == "passed"
    run(session, Mode.CARRY_OUT, "second")
    LabSession.objects.filter(pk=session.pk).update(lab_id="an-older-walk")
    later = LabSession.objects.create(user=session.user, lab_id="test-lab", connection=session.connection)
    assert run(later, Mode.CARRY_OUT, "tidy").verdict == "passed"


def test_a_waiting_turn_can_be_cancelled(session: LabSession, task: ScriptedTask) -> None:
    task.steps = [pending]
    run(session, Mode.CARRY_OUT)
    later = run(session, Mode.CARRY_OUT, "tidy")
    services.cancel(later)
    later.refresh_from_db()
    assert later.state == "cancelled"


@pytest.mark.parametrize(
    ("task_id", "words"),
    [
        ("task", "You asked the portal to carry this out."),
        ("tidy", "You asked the portal to clean up."),
        ("dare", "You took the challenge."),
    ],
)
def test_the_first_line_says_what_was_asked(session: LabSession, task: ScriptedTask, task_id: str, words: str) -> None:
    attempt = run(session, Mode.CARRY_OUT, task_id)
    assert AttemptEvent.objects.filter(attempt=attempt).earliest("id").text == words
