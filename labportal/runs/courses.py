"""What an attempt goes through, from what its row says."""

from __future__ import annotations

from labportal.runs.models import Attempt
from steps.kit.runner import Course, Mode, course_of
from steps.kit.task import Task
from steps.registry import LABS


def task_for(attempt: Attempt) -> Task:
    """The task it is an attempt at. Needs the attempt's session loaded."""
    return LABS[attempt.session.lab_id].task(attempt.task_id)


def cleans_up(attempt: Attempt) -> bool:
    """It is no attempt at a task to be done. As ``task_for``."""
    lab = LABS[attempt.session.lab_id]
    return lab.clean_up is not None and attempt.task_id == lab.clean_up.id


def course_for(attempt: Attempt) -> Course:
    """As ``task_for``."""
    remedies = LABS[attempt.session.lab_id].remedies
    remedy = remedies[attempt.remedy].action if attempt.remedy else None
    return course_of(task_for(attempt), Mode(attempt.mode), remedy)
