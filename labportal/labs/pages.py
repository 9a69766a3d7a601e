"""Read models of a lab's pages: the same number of queries however much has happened, and none in a template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Max, Q
from django.urls import reverse

from labportal.accounts.models import User
from labportal.connections.models import Connection
from labportal.labs.attempts import AttemptSummary, AttemptView, attempt_view, summary_of
from labportal.labs.badges import (
    MASTERED,
    Badge,
    attempt_badge,
    mastery_words,
    provenance_of,
    provenance_words,
    task_badge,
)
from labportal.labs.guides import GuidePage, guide_page
from labportal.labs.models import LabSession
from labportal.labs.names import worded_for
from labportal.labs.offers import Offers
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from labportal.runs.stream import token_for
from steps.kit.lab import Lab
from steps.kit.task import Names, Task
from steps.registry import LABS

ATTEMPTS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: which walk through which lab. ``broken`` is a connection that Azure refuses: it is to be
    signed in again, and everything can be read meanwhile."""

    lab: Lab
    session: LabSession
    names: Names
    ready: bool
    broken: bool
    practice: bool

    @property
    def worded_for(self) -> str:
        return worded_for(self.names)

    @property
    def connection(self) -> Connection:
        return self.session.connection


@dataclass(frozen=True, slots=True)
class Stream:
    """The address of the session's events from a moment before the page's own data was read."""

    address: str


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
    touched: bool  # the portal has changed something for it, which can be taken back
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


@dataclass(frozen=True, slots=True)
class HistoryPage:
    attempts: tuple[AttemptSummary, ...]
    page: Page[Attempt]


@dataclass(frozen=True, slots=True)
class AttemptPage:
    attempt: AttemptView
    in_open_session: bool


def place_of(session: LabSession) -> Place:
    connection = session.connection
    return Place(
        lab=LABS[session.lab_id],
        session=session,
        names=session.names,
        ready=connection.state != Connection.State.PREPARING,
        broken=connection.state == Connection.State.BROKEN,
        practice=connection.cloud == Connection.Cloud.PRACTICE,
    )


def stream_of(user: User, session: LabSession) -> Stream:
    """Ask for this before reading what the page shows: whatever happens later is then sent as a nudge."""
    events = AttemptEvent.objects.filter(attempt__session=session)
    cursor = events.aggregate(last=Max("id"))["last"] or 0
    token = token_for(user, session)
    return Stream(address=f"/events/sessions/{session.pk}/?token={token}&after={cursor}")


def steps_of(session: LabSession) -> Steps:
    """Where the student stands with every task of the lab. Two queries."""
    lab = LABS[session.lab_id]
    results = {result.task_id: result for result in TaskResult.objects.filter(session=session)}
    newest = Attempt.objects.filter(session=session).values("task_id").annotate(newest=Max("id")).values("newest")
    latest = {attempt.task_id: attempt for attempt in Attempt.objects.filter(pk__in=newest).select_related("session")}
    steps: list[Step] = []
    next_found = False
    for task in lab.tasks:
        step = _step(task, results.get(task.id), latest.get(task.id), may_be_next=not next_found)
        next_found = next_found or step.next
        steps.append(step)
    cleaning = latest.get(lab.clean_up.id) if lab.clean_up else None
    mastery = None
    if lab.challenge is not None:
        mastery = _mastery(lab.challenge, steps[-1], results.get(lab.challenge.id), latest.get(lab.challenge.id))
    return Steps(tuple(steps), _tally(lab, results), _last_clean_up(cleaning), mastery)


def touched_by_portal(session: LabSession, task: Task) -> bool:
    """The portal has changed something for this task that has not been taken back."""
    touched = Q(portal_changed=True) | Q(portal_repaired=True)
    return TaskResult.objects.filter(touched, session=session, task_id=task.id).exists()


def address_of_task(session: LabSession, task: Task) -> str:
    """Its page; cleaning up and the challenge have pages of their own."""
    if task is LABS[session.lab_id].clean_up:
        return reverse("labs:clean_up", args=[session.lab_id])
    if task is LABS[session.lab_id].challenge:
        return reverse("labs:challenge", args=[session.lab_id])
    return reverse("labs:task", args=[session.lab_id, task.id])


def guide_of(session: LabSession, task: Task) -> GuidePage:
    return guide_page(task.guide(session.names))


def history_of(session: LabSession, page_number: str | None) -> HistoryPage:
    """The newest first. An impossible page number gives the nearest page there is. Two queries."""
    attempts = Attempt.objects.filter(session=session).order_by("-id")
    page = Paginator(attempts, ATTEMPTS_A_PAGE).get_page(page_number)
    lab = LABS[session.lab_id]
    return HistoryPage(tuple(summary_of(attempt, lab) for attempt in page), page)


def attempt_page(attempt: Attempt) -> AttemptPage:
    """What was found, and why it matters: nothing is offered here, for it may be long ago."""
    offers = Offers(LABS[attempt.session.lab_id], attempt.session.names, shown=None)
    return AttemptPage(attempt_view(attempt, offers), in_open_session=attempt.session.ended_at is None)


def _tally(lab: Lab, results: Mapping[str, TaskResult]) -> tuple[Tally, ...]:
    """In how many ways the done tasks were done, and how many in each: completion is counted apart from it."""
    done = [results[task.id] for task in lab.tasks if task.id in results and results[task.id].completed_at]
    ways = Counter(provenance_of(result).format(hints="hints") for result in done)
    return tuple(Tally(number, how[0].lower() + how[1:]) for how, number in ways.items())


def _last_clean_up(latest: Attempt | None) -> LastCleanUp | None:
    if latest is None:
        return None
    return LastCleanUp(latest.pk, attempt_badge(latest, cleaning_up=True), latest.active)


def _mastery(task: Task, after: Step, result: TaskResult | None, latest: Attempt | None) -> Mastery:
    mastered_at = result.completed_at if result else None
    badge = attempt_badge(latest, challenge=True) if latest else None
    if mastered_at is not None and not (latest and latest.active):
        badge = MASTERED
    return Mastery(task, after, mastered_at, mastery_words(result), badge, latest)


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
        done=done,
        active=latest is not None and latest.active,
        next=may_be_next and not done,
        latest=latest,
    )
