"""Where a student stands: with each task, with the challenge, with cleaning up. Read models, two queries for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from labportal.labs.badges import (
    MASTERED,
    Badge,
    attempt_badge,
    mastery_words,
    provenance_of,
    provenance_words,
    reopened,
    task_badge,
)
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt, AttemptEvidence, TaskResult
from steps.kit.lab import Lab
from steps.kit.task import Task
from steps.kit.verdict import Verdict
from steps.registry import LABS


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tasks were done in one way."""

    number: int
    how: str


@dataclass(frozen=True, slots=True)
class Step:
    """A task among the others of its lab."""

    id: str
    number: int
    title: str
    summary: str
    badge: Badge
    provenance: str
    by_portal: bool
    touched: bool  # the portal has changed something for it
    reopened: bool  # it was done until something was undone that it rests on
    done: bool
    active: bool
    next: bool
    latest: Attempt | None


@dataclass(frozen=True, slots=True)
class LastCleanUp:
    """The latest attempt at cleaning up."""

    attempt_id: int
    badge: Badge
    active: bool
    passed: bool


@dataclass(frozen=True, slots=True)
class Mastery:
    """Where the student stands with the challenge, which counts for no task. ``after`` is the task it comes after;
    ``badge`` is None before the first attempt."""

    task: Task
    after: Step
    mastered_at: datetime | None
    how: str
    badge: Badge | None
    latest: Attempt | None

    @property
    def open(self) -> bool:
        return self.after.done

    @property
    def active(self) -> bool:
        return self.latest is not None and self.latest.active


@dataclass(frozen=True, slots=True)
class Steps:
    all: tuple[Step, ...]
    tally: tuple[Tally, ...]
    clean_up: LastCleanUp | None
    challenge: Mastery | None

    @property
    def done(self) -> int:
        return sum(step.done for step in self.all)

    @property
    def complete(self) -> bool:
        return self.done == len(self.all)

    @property
    def by_portal(self) -> tuple[Step, ...]:
        """What the student may still want to do with their own hands."""
        return tuple(step for step in self.all if step.by_portal)

    @property
    def active(self) -> bool:
        return any(step.active for step in self.all)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.all if step.next), None)

    def of(self, task_id: str) -> Step:
        return next(step for step in self.all if step.id == task_id)


def steps_of(session: LabSession) -> Steps:
    """Where the student stands with every task of the lab. Two queries, and a third for who has mastered it."""
    lab = LABS[session.lab_id]
    results = {result.task_id: result for result in TaskResult.objects.filter(session=session)}
    newest = Attempt.objects.filter(session=session).values("task_id").annotate(newest=Max("id")).values("newest")
    latest: dict[str, Attempt] = {}
    for attempt in Attempt.objects.filter(pk__in=newest):
        attempt.session = session  # with its connection: joining both to every row took as long as all the rest
        latest[attempt.task_id] = attempt
    steps: list[Step] = []
    next_found = False
    for task in lab.tasks:
        step = _step(task, results.get(task.id), latest.get(task.id), may_be_next=not next_found)
        next_found = next_found or step.next
        steps.append(step)
    cleaning = latest.get(lab.clean_up.id) if lab.clean_up else None
    mastery = None
    if lab.challenge is not None:
        result = results.get(lab.challenge.id)
        how = mastery_words(result, _misses(lab, result) if result else None)
        mastery = _mastery(lab.challenge, steps[-1], result, how, latest.get(lab.challenge.id))
    return Steps(tuple(steps), _tally(lab, results), _last_clean_up(cleaning), mastery)


def _misses(lab: Lab, mastered: TaskResult) -> int | None:
    """How often the challenge had not been foreseen before it was; None where nobody knows when. Asked only of who has
    mastered it: in the query that every page asks it would cost everybody's clicks."""
    if mastered.completed_by_id is None:
        return None
    missed = [one for one, reason in lab.reasons.items() if reason.missed]
    before = AttemptEvidence.objects.filter(
        attempt__session=mastered.session_id,
        attempt__task_id=mastered.task_id,
        attempt__lt=mastered.completed_by_id,
        reason__in=missed,
    )
    return before.count()


def _tally(lab: Lab, results: Mapping[str, TaskResult]) -> tuple[Tally, ...]:
    """In how many ways the done tasks were done, and how many in each: completion is counted apart from it."""
    done = [results[task.id] for task in lab.tasks if task.id in results and results[task.id].completed_at]
    ways = Counter(provenance_of(result).format(hints="hints") for result in done)
    return tuple(Tally(number, how[0].lower() + how[1:]) for how, number in ways.items())


def _last_clean_up(latest: Attempt | None) -> LastCleanUp | None:
    if latest is None:
        return None
    passed = latest.verdict == Verdict.PASSED
    return LastCleanUp(latest.pk, attempt_badge(latest, cleaning_up=True), latest.active, passed)


def _mastery(task: Task, after: Step, result: TaskResult | None, how: str, latest: Attempt | None) -> Mastery:
    mastered_at = result.completed_at if result else None
    badge = attempt_badge(latest, challenge=True) if latest else None
    if mastered_at is not None and not (latest and latest.active):
        badge = MASTERED
    return Mastery(task, after, mastered_at, how, badge, latest)


def _step(task: Task, result: TaskResult | None, latest: Attempt | None, *, may_be_next: bool) -> Step:
    done = result is not None and result.completed_at is not None
    return Step(
        id=task.id,
        number=task.number,
        title=task.title,
        summary=task.summary,
        badge=task_badge(result, latest),
        provenance=provenance_words(result),
        by_portal=done and result is not None and result.provenance == TaskResult.Provenance.PORTAL,
        touched=result is not None and (result.portal_changed or result.portal_repaired),
        reopened=reopened(result, latest),
        done=done,
        active=latest is not None and latest.active,
        next=may_be_next and not done,
        latest=latest,
    )
