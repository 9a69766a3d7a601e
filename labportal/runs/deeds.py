"""What the portal has done in a walk and not taken back since, for whoever undoes a task or cleans up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from labportal.runs.courses import cleans_up, remedy_of, task_for
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from steps.kit.problems import beside
from steps.kit.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Deeds:
    """As ``Context`` has them."""

    mended: frozenset[str] = frozenset()
    carried_out: dict[str, tuple[dict[str, str], ...]] = field(default_factory=dict)


def of_walk(attempt: Attempt) -> Deeds:
    """One query. Nothing for a check of a task: only what changes something, and cleaning up, wants to know."""
    if attempt.mode == Mode.VALIDATE and not cleans_up(attempt):
        return Deeds()
    changing = Attempt.objects.filter(session=attempt.session).exclude(mode=Mode.VALIDATE.value)
    return _left(changing.exclude(pk=attempt.pk).select_related("session").order_by("pk"))


def _left(attempts: Iterable[Attempt]) -> Deeds:
    """What they did, the oldest first, without what a later one has taken back."""
    done: list[Attempt] = []
    for attempt in attempts:
        if attempt.verdict == Verdict.PASSED:
            done = [one for one in done if not _takes_back(attempt, one)]
        if attempt.progress.get("did") and attempt.mode in {Mode.CARRY_OUT, Mode.REPAIR} and not cleans_up(attempt):
            done.append(attempt)
    carried_out: dict[str, tuple[dict[str, str], ...]] = {}
    for attempt in done:
        for action, facts in attempt.progress.get("facts", {}).items():
            noted = beside(facts)
            if noted:
                carried_out[action] = (*carried_out.get(action, ()), noted)
    return Deeds(frozenset(one.remedy for one in done if one.remedy), carried_out)


def _takes_back(later: Attempt, deed: Attempt) -> bool:
    """Whether ``later``, which passed, has undone it. Cleaning up takes back everything; undoing a task does not reach
    what was mended for it outside of what it made, such as a machine that was started."""
    if cleans_up(later):
        return True
    task = task_for(later)
    undone = later.mode == Mode.UNDO and deed.task_id in {task.id, *task.undo_reopens}
    return undone and not _outlasts_its_task(deed)


def _outlasts_its_task(deed: Attempt) -> bool:
    """A remedy with a way back of its own, which only cleaning up goes."""
    remedy = remedy_of(deed)
    return remedy is not None and remedy.reverse is not None
