"""What the portal has done in a walk and not taken back since, for whoever undoes a task or cleans up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from labportal.labs.models import LabSession
from labportal.runs.courses import cleans_up, remedy_of, task_for, whose_work
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from steps.kit.problems import beside
from steps.kit.task import Names
from steps.kit.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Deeds:
    """As ``Context`` has them. ``mended_for`` are the ids of the tasks for which something was mended."""

    mended: frozenset[str] = frozenset()
    carried_out: dict[str, tuple[dict[str, str], ...]] = field(default_factory=dict)
    mended_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownWalk:
    """What is known of a walk without asking Azure: a ``steps.kit.task.Walk``."""

    names: Names
    mended: frozenset[str]
    carried_out: dict[str, tuple[dict[str, str], ...]]


def known_of(session: LabSession) -> KnownWalk:
    """One query."""
    deeds = left_of(session)
    return KnownWalk(session.names, deeds.mended, deeds.carried_out)


def left_of(session: LabSession) -> Deeds:
    """One query."""
    return _left(_changing(session))


def of_walk(attempt: Attempt) -> Deeds:
    """One query. Nothing for a check of a task: only what changes something, and cleaning up, wants to know."""
    if attempt.mode == Mode.VALIDATE and not cleans_up(attempt):
        return Deeds()
    return _left(one for one in _changing(attempt.session) if one.pk != attempt.pk)


def _changing(session: LabSession) -> Iterator[Attempt]:
    """Those that did something, or took something back: a page asks for them at every nudge."""
    told = Q(progress__did=True) | Q(progress__in_doubt=True) | Q(verdict=Verdict.PASSED.value)
    attempts = Attempt.objects.filter(told, session=session).exclude(mode=Mode.VALIDATE.value)
    for attempt in attempts.only("task_id", "mode", "verdict", "remedy", "progress", "session_id").order_by("pk"):
        attempt.session = session
        yield attempt


def _left(attempts: Iterable[Attempt]) -> Deeds:
    """What they did, the oldest first, without what a later one has taken back."""
    done: list[Attempt] = []
    for attempt in attempts:
        if attempt.verdict == Verdict.PASSED:
            done = [one for one in done if not _takes_back(attempt, one)]
        did = attempt.progress.get("did") or attempt.progress.get("in_doubt")  # ended before its time, in between
        if did and attempt.mode in {Mode.CARRY_OUT, Mode.REPAIR} and not cleans_up(attempt):
            done.append(attempt)
    carried_out: dict[str, tuple[dict[str, str], ...]] = {}
    for attempt in done:
        for action, facts in attempt.progress.get("facts", {}).items():
            noted = beside(facts)
            if noted:
                carried_out[action] = (*carried_out.get(action, ()), noted)
    repairs = [one for one in done if one.remedy]
    mended_for = {task_id for one in repairs for task_id in (one.task_id, whose_work(one))}
    return Deeds(frozenset(one.remedy for one in repairs), carried_out, frozenset(mended_for))


def _takes_back(later: Attempt, deed: Attempt) -> bool:
    """Whether ``later``, which passed, has undone it. Cleaning up takes back everything; undoing a task does not reach
    what was mended for it outside of what it made, such as a machine that was started."""
    if cleans_up(later):
        return True
    task = task_for(later)
    undone = later.mode == Mode.UNDO and whose_work(deed) in {task.id, *task.undo_reopens}
    return undone and not _outlasts_its_task(deed)


def _outlasts_its_task(deed: Attempt) -> bool:
    """A remedy with a way back of its own, which only cleaning up goes."""
    remedy = remedy_of(deed)
    return remedy is not None and remedy.reverse is not None
