"""A walk's rows in, its standing out: no database here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from labportal.runs.models import ACTIVE, Attempt, TaskResult
from labportal.standings.models import TaskStanding
from labportal.standings.reading import Obstacle, Tried, WalkRows
from labportal.standings.working_time import last_sign, seconds_by_task
from steps.kit.course import Mode
from steps.kit.lab import Lab
from steps.kit.task import Task
from steps.kit.verdict import Verdict

By = TaskResult.Provenance
_NOTHING = Obstacle("", "", "")


@dataclass(frozen=True, slots=True)
class Made:
    """What is to be stored of one walk. ``fields`` are those of ``Standing``; ``trips`` by task, check and reason."""

    fields: dict[str, object]
    tasks: tuple[TaskStanding, ...] = ()
    trips: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


NOT_BEGUN = Made(
    {
        **dict.fromkeys(("session_id", "begun_at", "complete_at", "mastered_at", "attempt_id", "last_at")),
        **dict.fromkeys(("task_id", "state", "verdict", "check_id", "reason"), ""),
        **dict.fromkeys(("done", "number", "failures", "tries", "seconds", "hints", "repaired", "by_portal"), 0),
    }
)


def made_of(lab: Lab, rows: WalkRows) -> Made:
    """Where the student of that walk stands."""
    seconds = seconds_by_task(rows.session.started_at, rows.attempts)
    tasks = {task.id: _task(task, rows, seconds[task.id]) for task in lab.all_tasks if task is not lab.clean_up}
    of_lab = [tasks[task.id] for task in lab.tasks]
    done = [one for one in of_lab if one.done_at is not None]
    now_at = _now_at(of_lab, {one.task_id for one in rows.attempts if not one.on_behalf})
    challenge = tasks.get(lab.challenge.id) if lab.challenge else None
    fields: dict[str, object] = {
        **NOT_BEGUN.fields,
        "session_id": rows.session.pk,
        "begun_at": rows.session.started_at,
        "done": len(done),
        "complete_at": _latest(one.done_at for one in done) if now_at is None else None,
        "mastered_at": challenge.done_at if challenge else None,
        "last_at": last_sign(rows.attempts) or rows.session.started_at,
        "hints": sum(one.hints for one in of_lab),
        "repaired": sum(one.provenance == By.REPAIRED for one in done),
        "by_portal": sum(one.provenance == By.PORTAL for one in done),
    }
    if now_at is not None:
        fields |= _where_it_is(now_at, [one for one in rows.attempts if one.task_id == now_at.task_id])
    told = tuple(one for one in tasks.values() if one.state or one.done_at or one.hints)
    return Made(fields, told, _trips(rows.attempts))


def _now_at(tasks: Sequence[TaskStanding], theirs: Collection[str]) -> TaskStanding | None:
    """The first that is open, but for what the student has passed over: who tries Task 1 is not at the task before it,
    which they have never tried. ``theirs`` are the tasks with an attempt of their own. None once all are done."""
    reached = max((place for place, one in enumerate(tasks) if one.done_at or one.task_id in theirs), default=0)
    still_open = [(place, one) for place, one in enumerate(tasks) if one.done_at is None]
    not_passed_over = (one for place, one in still_open if place >= reached or one.task_id in theirs)
    return next(not_passed_over, still_open[0][1] if still_open else None)


def _where_it_is(now_at: TaskStanding, attempts: Sequence[Tried]) -> dict[str, object]:
    copied = ("task_id", "number", "state", "verdict", "check_id", "reason", "tries", "seconds")
    looks = _looks(attempts)
    return {
        **{name: getattr(now_at, name) for name in copied},
        "attempt_id": attempts[-1].id if attempts else None,
        "failures": _in_a_row(looks),
    }


def _task(task: Task, rows: WalkRows, seconds: int) -> TaskStanding:
    result = rows.results.get(task.id)
    attempts = [one for one in rows.attempts if one.task_id == task.id]
    looks = _looks(attempts)
    done_by = result.completed_by_id if result is not None and result.completed_at is not None else None
    done = result is not None and result.completed_at is not None
    stopped_by = _NOTHING if done or not looks else _obstacle(looks[-1])
    return TaskStanding(
        task_id=task.id,
        number=task.number,
        state=attempts[-1].state if attempts else "",
        verdict=stopped_by.verdict,
        check_id=stopped_by.check_id,
        reason=stopped_by.reason,
        tries=sum(_is_a_look(one) and not one.on_behalf for one in attempts),
        first_try=_first_try(attempts),
        hints=result.hints_seen if result else 0,
        provenance=result.provenance if result else "",
        done_at=result.completed_at if result else None,
        on_behalf=any(one.on_behalf and one.id == done_by for one in attempts),
        seconds=seconds,
    )


def _is_a_look(attempt: Tried) -> bool:
    """It ended with a word on the student's work; undoing says nothing of that. One that waits for Azure counts too:
    what it waits for is what holds the student."""
    ended = attempt.state in (Attempt.State.FINISHED, Attempt.State.WAITING)
    return ended and attempt.mode != Mode.UNDO


def _looks(attempts: Iterable[Tried]) -> list[Tried]:
    """Those since the task was last undone: what was seen before that holds no more."""
    looks: list[Tried] = []
    for attempt in attempts:
        if attempt.mode == Mode.UNDO and attempt.verdict == Verdict.PASSED:
            looks.clear()
        elif _is_a_look(attempt):
            looks.append(attempt)
    return looks


def weightiest(verdict: str, obstacles: Sequence[Obstacle]) -> Obstacle:
    """What stands for a look that came to ``verdict``: what the student can mend, then what nobody could see."""
    if verdict == Verdict.PASSED:
        return _NOTHING
    for kind in (Verdict.NOT_YET, Verdict.COULD_NOT_TELL):
        for obstacle in obstacles:
            if obstacle.verdict == kind:
                return obstacle
    return Obstacle(verdict, "", "")


def _obstacle(look: Tried) -> Obstacle:
    return weightiest(look.verdict, look.obstacles)


def _in_a_row(looks: Sequence[Tried]) -> int:
    """How many of the last looks ended at the same check for the same reason, which the student could mend. What an
    instructor asked for says what holds the student now, and is no failure of theirs."""
    if not looks:
        return 0
    last = _obstacle(looks[-1])
    if last.verdict != Verdict.NOT_YET:
        return 0
    number = 0
    for look in reversed(looks):
        if _obstacle(look) != last:
            break
        number += not look.on_behalf
    return number


def _first_try(attempts: Iterable[Tried]) -> bool | None:
    """None before there is a verdict on a try of the student's own, or where the portal did the task before."""
    for attempt in attempts:
        if (
            not attempt.on_behalf
            and attempt.verdict in (Verdict.PASSED, Verdict.NOT_YET)
            and attempt.state not in ACTIVE
        ):
            return attempt.verdict == Verdict.PASSED if attempt.mode == Mode.VALIDATE else None
    return None


def _trips(attempts: Iterable[Tried]) -> Counter[tuple[str, str, str]]:
    trips = Counter[tuple[str, str, str]]()
    for attempt in attempts:
        if attempt.state == Attempt.State.FINISHED and attempt.mode == Mode.VALIDATE and not attempt.on_behalf:
            obstacle = _obstacle(attempt)
            if obstacle.verdict == Verdict.NOT_YET:
                trips[(attempt.task_id, obstacle.check_id, obstacle.reason)] += 1
    return trips


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in times if at is not None), default=None)
