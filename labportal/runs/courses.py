"""What an attempt goes through, from what its row says."""

from __future__ import annotations

from labportal.runs.models import Attempt
from steps.kit.course import Course, Mode, course_of
from steps.kit.reasons import Remedy
from steps.kit.task import Task
from steps.registry import LABS


def task_for(attempt: Attempt) -> Task:
    """The task it is an attempt at. Needs the attempt's session loaded."""
    return LABS[attempt.session.lab_id].task(attempt.task_id)


def cleans_up(attempt: Attempt) -> bool:
    """It is no attempt at a task to be done. As ``task_for``."""
    lab = LABS[attempt.session.lab_id]
    return lab.clean_up is not None and attempt.task_id == lab.clean_up.id


def is_challenge(attempt: Attempt) -> bool:
    """It passes as mastery, apart from what is to be done. As ``task_for``."""
    lab = LABS[attempt.session.lab_id]
    return lab.challenge is not None and attempt.task_id == lab.challenge.id


def course_for(attempt: Attempt) -> Course:
    """As ``task_for``."""
    remedy = remedy_of(attempt)
    return course_of(task_for(attempt), Mode(attempt.mode), remedy.action if remedy else None)


def whose_work(attempt: Attempt) -> str:
    """The id of the task whose work it does: a repair may be offered by another task that needs it. As ``task_for``."""
    remedy = remedy_of(attempt)
    return remedy.of_task if remedy is not None and remedy.of_task else attempt.task_id


def remedy_of(attempt: Attempt) -> Remedy | None:
    """What a repair carries out; None for whatever is no repair. As ``task_for``."""
    return LABS[attempt.session.lab_id].remedies[attempt.remedy] if attempt.remedy else None
