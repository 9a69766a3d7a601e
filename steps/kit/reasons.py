"""What stands behind a reason id: what it means, why it matters, hints in layers, and what the portal can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from steps.kit.task import Action, Names

Worded = Callable[[Names], str]
"""A sentence with the student's own names in it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """``meaning`` is for whoever counts causes; the rest is for the student.

    ``why``: why it matters. ``hints``: shown one by one, from a nudge to nearly the answer. ``idea``: the id of the
    idea behind it. ``remedies``: the ids of what the portal can do about it, the likeliest first.
    ``remark``: a pass that still tells something worth reading, such as more access than is needed.
    ``waits``: another check of the task tells the cause, and nothing has to be done for this one by itself.
    ``missed``: what the student answered was put to the test, and was not so: one more try at a challenge.
    """

    meaning: str
    why: str = ""
    hints: tuple[Worded, ...] = ()
    idea: str = ""
    remedies: tuple[str, ...] = ()
    remark: bool = False
    waits: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Idea:
    """A short explanation, in Markdown, of something that the lab teaches. ``picture`` names a drawing, "" for none."""

    id: str
    title: str
    text: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something the portal can mend. ``action.plan`` is the exact change, shown before it is made.

    ``reverse`` takes it back when the lab is cleaned up; None where what it changed goes anyway. ``of_task`` is the id
    of the task whose work it does, wherever it is offered: undoing that task is what takes it back.
    """

    action: Action
    reverse: Action | None = None
    of_task: str = ""

    @property
    def id(self) -> str:
        return self.action.id


def mended_by(reasons: Mapping[str, Reason], *remedies: str) -> frozenset[str]:
    """The ids of the reasons that offer one of ``remedies``."""
    return frozenset(one for one, reason in reasons.items() if not set(remedies).isdisjoint(reason.remedies))


def by_id(reasons: Mapping[str, Reason], *remedies: Remedy) -> Mapping[str, Remedy]:
    """Each settles what offers it. Raises ValueError for an id given twice."""
    found = {one.id: replace(one, action=replace(one.action, settles=mended_by(reasons, one.id))) for one in remedies}
    if len(found) < len(remedies):
        raise ValueError("two remedies have the same id")
    return found
