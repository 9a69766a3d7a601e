"""A lab: its tasks in their order, and what belongs to all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from steps.kit.reasons import Idea, Reason, Remedy
from steps.kit.task import Task


@dataclass(frozen=True, slots=True)
class Lab:
    """``clean_up`` removes what the lab made; ``challenge`` is for who has done the last task and wants to know more.
    Both are tasks like others, but none of those to be done."""

    id: str
    title: str
    summary: str
    tasks: tuple[Task, ...]
    clean_up: Task | None = None
    challenge: Task | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    ideas: Mapping[str, Idea] = field(default_factory=dict)
    remedies: Mapping[str, Remedy] = field(default_factory=dict)

    def task(self, task_id: str) -> Task:
        """Raises KeyError for an id this lab does not have."""
        for task in self.all_tasks:
            if task.id == task_id:
                return task
        raise KeyError(task_id)

    @property
    def all_tasks(self) -> tuple[Task, ...]:
        """Those to be done, the challenge, and cleaning up."""
        return (*self.tasks, *(one for one in (self.challenge, self.clean_up) if one is not None))
