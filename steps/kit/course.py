"""What an attempt is for, and what it goes through for that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from steps.kit.task import Action, Check, Task


class Mode(StrEnum):
    VALIDATE = "validate"
    CARRY_OUT = "carry_out"
    REPAIR = "repair"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Course:
    """What an attempt goes through, in this order. Only the actions, and the probes of a task that is carried out by
    probing, count as doing something."""

    mode: Mode
    actions: tuple[Action, ...]
    probes: tuple[Action, ...]
    checks: tuple[Check, ...]

    @property
    def steps(self) -> tuple[Action, ...]:
        return self.actions + self.probes


def course_of(task: Task, mode: Mode, remedy: Action | None = None) -> Course:
    """``remedy`` is what a repair does, and None otherwise. Every course ends with looking: the same eyes judge the
    student and the portal."""
    match mode:
        case Mode.VALIDATE:
            return Course(mode, (), task.probes, task.checks_for(validating=True))
        case Mode.CARRY_OUT:
            return Course(mode, task.actions, task.probes, task.checks_for(validating=False))
        case Mode.REPAIR:
            if remedy is None:
                raise ValueError("a repair needs to be told what to do")
            return Course(mode, (remedy,), task.probes, task.checks_for(validating=True))
        case Mode.UNDO:
            return Course(mode, task.undo, (), task.undone)
