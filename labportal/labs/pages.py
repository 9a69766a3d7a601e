"""Read models of a lab's pages: the same number of queries however much has happened, and none in a template."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Max

from labportal.accounts.models import User
from labportal.connections.models import Connection
from labportal.labs.attempts import RECENT_LINES, AttemptSummary, AttemptView, attempt_view, summary_of
from labportal.labs.badges import Badge, provenance_words, task_badge
from labportal.labs.guides import GuidePage, guide_page
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from labportal.runs.stream import token_for
from steps.kit.lab import Lab
from steps.kit.task import Action, Ask, Names, Task
from steps.kit.verdict import Verdict
from steps.registry import LABS

ATTEMPTS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: which walk through which lab."""

    lab: Lab
    session: LabSession
    names: Names
    ready: bool
    practice: bool

    @property
    def connection(self) -> Connection:
        return self.session.connection


@dataclass(frozen=True, slots=True)
class Stream:
    """The address of the session's events from a moment before the page's own data was read."""

    address: str


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
    done: bool
    active: bool
    next: bool
    latest: Attempt | None


@dataclass(frozen=True, slots=True)
class Steps:
    all: tuple[Step, ...]

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
class PlanLine:
    title: str
    plan: str
    seconds: float  # what it usually takes


@dataclass(frozen=True, slots=True)
class Panel:
    """The live part of a task page."""

    task: Task
    step: Step
    steps: Steps
    attempt: AttemptView | None
    open_before: Step | None  # an earlier task that is not done yet
    following: Step | None
    asks: tuple[Ask, ...]
    kept_answers: frozenset[str]  # asks that the next check need not be given again
    plan: tuple[PlanLine, ...]
    probes: tuple[PlanLine, ...]  # what a check does beside looking
    check_titles: tuple[str, ...]

    @property
    def active(self) -> bool:
        return self.attempt is not None and self.attempt.summary.active

    @property
    def goes_on(self) -> bool:
        """The task is done and nothing is under way: the next thing to press is not the check any more."""
        return self.step.done and not self.active

    @property
    def changed_since(self) -> bool:
        """The task is done, and the latest look missed something: deleted since, under a new name, or not pasted."""
        return self.goes_on and self.step.latest is not None and self.step.latest.verdict == Verdict.NOT_YET

    @property
    def attempt_key(self) -> int:
        """Ids of fields and details carry it: they stay the same during an attempt and are new after the next click."""
        return self.attempt.summary.id if self.attempt else 0


@dataclass(frozen=True, slots=True)
class HistoryPage:
    attempts: tuple[AttemptSummary, ...]
    page: Page[Attempt]


@dataclass(frozen=True, slots=True)
class AttemptPage:
    task: Task
    attempt: AttemptView
    in_open_session: bool


def place_of(session: LabSession) -> Place:
    connection = session.connection
    return Place(
        lab=LABS[session.lab_id],
        session=session,
        names=session.names,
        ready=connection.state == Connection.State.READY,
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
    results = {result.task_id: result for result in TaskResult.objects.filter(session=session)}
    newest = Attempt.objects.filter(session=session).values("task_id").annotate(newest=Max("id")).values("newest")
    latest = {attempt.task_id: attempt for attempt in Attempt.objects.filter(pk__in=newest).select_related("session")}
    steps: list[Step] = []
    next_found = False
    for task in LABS[session.lab_id].tasks:
        step = _step(task, results.get(task.id), latest.get(task.id), may_be_next=not next_found)
        next_found = next_found or step.next
        steps.append(step)
    return Steps(tuple(steps))


def panel_of(session: LabSession, task: Task) -> Panel:
    """Four queries, two of them for the latest attempt."""
    steps = steps_of(session)
    step = steps.of(task.id)
    before = (other for other in steps.all if other.number < step.number and not other.done)
    after = (other for other in steps.all if other.number > step.number)
    return Panel(
        task=task,
        step=step,
        steps=steps,
        attempt=attempt_view(step.latest, task, RECENT_LINES) if step.latest else None,
        open_before=next(before, None),
        following=next(after, None),
        asks=task.asks,
        kept_answers=frozenset(step.latest.answers) if step.latest else frozenset(),
        plan=_plan(session, task.actions + task.probes),
        probes=_plan(session, task.probes),
        check_titles=tuple(check.title for check in task.checks_for(validating=True)),
    )


def all_kept_answers(session: LabSession, lab: Lab) -> dict[str, dict[str, str]]:
    """By task id; a task that asks nothing, or has not been answered, stands with nothing."""
    return {task.id: kept_answers(session, task) if task.asks else {} for task in lab.tasks}


def kept_answers(session: LabSession, task: Task) -> dict[str, str]:
    """What the latest attempt at a task was given: it need not be pasted again for the next one. One query."""
    attempts = Attempt.objects.filter(session=session, task_id=task.id).order_by("-id")
    answers = attempts.values_list("answers", flat=True).first() or {}
    return {ask.id: answers[ask.id] for ask in task.asks if ask.id in answers}


def guide_of(session: LabSession, task: Task) -> GuidePage:
    return guide_page(task.guide(session.names))


def history_of(session: LabSession, page_number: str | None) -> HistoryPage:
    """The newest first. An impossible page number gives the nearest page there is. Two queries."""
    attempts = Attempt.objects.filter(session=session).order_by("-id")
    page = Paginator(attempts, ATTEMPTS_A_PAGE).get_page(page_number)
    titles = {task.id: f"{task.number}. {task.title}" for task in LABS[session.lab_id].tasks}
    return HistoryPage(tuple(summary_of(attempt, titles[attempt.task_id]) for attempt in page), page)


def attempt_page(attempt: Attempt) -> AttemptPage:
    task = LABS[attempt.session.lab_id].task(attempt.task_id)
    return AttemptPage(task=task, attempt=attempt_view(attempt, task), in_open_session=attempt.session.ended_at is None)


def _plan(session: LabSession, actions: tuple[Action, ...]) -> tuple[PlanLine, ...]:
    names = session.names
    return tuple(PlanLine(action.title, action.plan(names), action.expected_seconds) for action in actions)


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
        done=done,
        active=latest is not None and latest.active,
        next=may_be_next and not done,
        latest=latest,
    )
