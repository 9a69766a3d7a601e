"""Read models of what is live: a task's panel, and those of cleaning up and of the challenge."""

from __future__ import annotations

from dataclasses import dataclass

from labportal.classes.allowed import Allowed, Help, allowed_in
from labportal.labs.attempts import RECENT_LINES, AttemptView, attempt_view
from labportal.labs.hints import OF_THE_TASK, Shown
from labportal.labs.models import LabSession
from labportal.labs.offers import Hints, Offers, PlanLine, hints_of, plan_line
from labportal.labs.standing import LastCleanUp, Mastery, Step, Steps, steps_of
from labportal.runs.deeds import known_of
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from steps.kit.lab import Lab
from steps.kit.task import Action, Ask, Task, Walk
from steps.kit.verdict import Verdict
from steps.registry import LABS


@dataclass(frozen=True, slots=True)
class Panel:
    """The live part of a task page. ``undo`` is what taking back would do, empty where nothing can be taken back;
    ``reopened`` are the done tasks that rest on it."""

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
    hints: Hints | None
    makes: bool  # something that cleaning up removes, or rests on that
    undo: tuple[PlanLine, ...]
    reopened: tuple[Step, ...]
    allowed: Allowed

    @property
    def can_carry_out(self) -> bool:
        return self.task.can_carry_out and self.allowed.carry_out

    @property
    def left_to_you(self) -> tuple[str, ...]:
        """What the student's classes have the portal not do here: said once, however much is not offered for it."""
        carry_out = (Help.CARRY_OUT,) if self.task.can_carry_out else ()
        return self.allowed.left_to_you(Help.HINTS, Help.REPAIR, *carry_out)

    @property
    def active(self) -> bool:
        return self.attempt is not None and self.attempt.summary.active

    @property
    def goes_on(self) -> bool:
        """The task is done and nothing is under way: the next thing to press is not the check any more."""
        return self.step.done and not self.active and not self.half_undone and not self.cleaned_since

    @property
    def half_undone(self) -> bool:
        """Undoing it was cancelled, or did not get to its end: some of what it made may be gone."""
        latest = self.step.latest
        ended = latest is not None and latest.mode == Mode.UNDO and latest.verdict != Verdict.PASSED
        return self.step.done and not self.active and ended

    @property
    def changed_since(self) -> bool:
        """Done, and the latest check did not find all of it: deleted since, under a new name, or not pasted."""
        latest = self.step.latest
        return self.goes_on and latest is not None and latest.verdict == Verdict.NOT_YET and latest.mode != Mode.UNDO

    @property
    def cleaned_since(self) -> bool:
        """All of the lab was removed since the task was done: that it is not there is no mistake."""
        last, latest = self.steps.clean_up, self.step.latest
        if not self.step.done or self.active or not self.makes or last is None or not last.passed:
            return False
        redone = latest is not None and (latest.verdict == Verdict.PASSED or latest.mode == Mode.UNDO)
        return not (redone and self._looked_since(last))

    @property
    def begun_anew(self) -> bool:
        """Looked at since it was cleaned up, so that it may well be under way once more, with mistakes of its own."""
        return self.cleaned_since and self.steps.clean_up is not None and self._looked_since(self.steps.clean_up)

    def _looked_since(self, cleaning: LastCleanUp) -> bool:
        return self.step.latest is not None and self.step.latest.pk > cleaning.attempt_id

    @property
    def looked_at(self) -> bool:
        """The work as it stands has been looked at: undoing leaves it to be done anew, and so what rests on it."""
        return self.step.latest is not None and self.step.latest.mode != Mode.UNDO and not self.step.reopened

    @property
    def attempt_key(self) -> int:
        """Ids of fields and details carry it: they stay the same during an attempt and are new after the next click."""
        return self.attempt.summary.id if self.attempt else 0


@dataclass(frozen=True, slots=True)
class CleanUp:
    """The live part of the page that cleans up. ``attempt`` is the receipt once it has cleaned up."""

    task: Task
    attempt: AttemptView | None
    plan: tuple[PlanLine, ...]
    check_titles: tuple[str, ...]

    @property
    def active(self) -> bool:
        return self.attempt is not None and self.attempt.summary.active


@dataclass(frozen=True, slots=True)
class ChallengePanel:
    """The live part of the challenge's page: named as in ``Panel`` what the same parts of a page show."""

    task: Task
    mastery: Mastery
    steps: Steps
    attempt: AttemptView | None
    asks: tuple[Ask, ...]
    plan: tuple[PlanLine, ...]
    hints: Hints | None
    allowed: Allowed
    kept_answers: frozenset[str] = frozenset()  # a prediction is made anew each time

    @property
    def active(self) -> bool:
        return self.mastery.active

    @property
    def left_to_you(self) -> tuple[str, ...]:
        return self.allowed.left_to_you(Help.HINTS)

    @property
    def attempt_key(self) -> int:
        return self.attempt.summary.id if self.attempt else 0


def panel_of(session: LabSession, task: Task, shown: Shown) -> Panel:
    """Four queries, two of them for the latest attempt, one if the portal has changed something for the task, and one
    for who is in a class. ``shown``: the hints that are."""
    steps, allowed = steps_of(session), allowed_in(session)
    step = steps.of(task.id)
    before = (other for other in steps.all if other.number < step.number and not other.done)
    after = (other for other in steps.all if other.number > step.number)
    offers = Offers(LABS[session.lab_id], session.names, None if step.active else shown, allowed)
    return Panel(
        task=task,
        step=step,
        steps=steps,
        attempt=attempt_view(step.latest, offers, RECENT_LINES) if step.latest and not step.reopened else None,
        open_before=next(before, None),
        following=next(after, None),
        asks=task.asks,
        kept_answers=frozenset(step.latest.answers) if step.latest else frozenset(),
        plan=_plan(session, task.carried_out_by),
        probes=_plan(session, task.probes),
        check_titles=tuple(check.title for check in task.checks_for(validating=True)),
        hints=hints_of(OF_THE_TASK, task.hints, session.names, shown, allowed),
        makes=bool(task.undo) or any(task.id in other.undo_reopens for other in LABS[session.lab_id].tasks),
        undo=_plan_of_undoing(session, task) if step.touched and not step.active else (),
        reopened=tuple(other for other in steps.all if other.id in task.undo_reopens and other.done),
        allowed=allowed,
    )


def can_undo(session: LabSession, task: Task) -> bool:
    """The portal has done something for the task that undoing takes back. One query."""
    return bool(_plan_of_undoing(session, task))


def _plan_of_undoing(session: LabSession, task: Task) -> tuple[PlanLine, ...]:
    """Empty where there is nothing to undo. One query."""
    walk = known_of(session) if task.undo else None
    return _plan_in(walk, task.undo) if walk is not None and task.to_undo(walk) else ()


def clean_up_of(session: LabSession, task: Task) -> CleanUp:
    """Four queries, two of them for the latest attempt."""
    attempts = Attempt.objects.filter(session=session, task_id=task.id)
    latest = attempts.select_related("session__connection").order_by("-id").first()
    offers = Offers(LABS[session.lab_id], session.names, shown=None)
    return CleanUp(
        task=task,
        attempt=attempt_view(latest, offers, RECENT_LINES) if latest else None,
        plan=_plan_in(known_of(session), task.carried_out_by),
        check_titles=tuple(check.title for check in task.checks_for(validating=False)),
    )


def challenge_of(session: LabSession, task: Task, shown: Shown) -> ChallengePanel:
    """As ``panel_of``, for the lab's challenge."""
    steps, allowed = steps_of(session), allowed_in(session)
    if steps.challenge is None:
        raise ValueError("the lab has no challenge")
    latest = steps.challenge.latest
    offers = Offers(LABS[session.lab_id], session.names, None if steps.challenge.active else shown, allowed)
    return ChallengePanel(
        task=task,
        mastery=steps.challenge,
        steps=steps,
        attempt=attempt_view(latest, offers, RECENT_LINES) if latest else None,
        asks=task.asks,
        plan=_plan(session, task.carried_out_by),
        hints=hints_of(OF_THE_TASK, task.hints, session.names, shown, allowed),
        allowed=allowed,
    )


def all_kept_answers(session: LabSession, lab: Lab) -> dict[str, dict[str, str]]:
    """By task id; a task that asks nothing, or has not been answered, stands with nothing."""
    return {task.id: kept_answers(session, task) if task.asks else {} for task in lab.tasks}


def kept_answers(session: LabSession, task: Task) -> dict[str, str]:
    """What the latest attempt at a task was given: it need not be pasted again for the next one. One query."""
    attempts = Attempt.objects.filter(session=session, task_id=task.id).order_by("-id")
    answers = attempts.values_list("answers", flat=True).first() or {}
    return {ask.id: answers[ask.id] for ask in task.asks if ask.id in answers}


def _plan(session: LabSession, actions: tuple[Action, ...]) -> tuple[PlanLine, ...]:
    return tuple(plan_line(action, session.names) for action in actions)


def _plan_in(walk: Walk, actions: tuple[Action, ...]) -> tuple[PlanLine, ...]:
    """Without what would take back what the portal has not done in the walk."""
    return tuple(plan_line(action, walk.names) for action in actions if action.in_walk(walk))
