"""Where the pages of a walk are, and where their buttons post."""

from __future__ import annotations

from django.urls import reverse

from labportal.labs.models import LabSession
from tests.portal.walks import TASK


def lab_page(session: LabSession) -> str:
    return reverse("labs:lab", args=[session.lab_id])


def task_page(session: LabSession, task_id: str = TASK.id) -> str:
    return reverse("labs:task", args=[session.lab_id, task_id])


def panel_of(page: str) -> str:
    """Where a click on that page is answered, also without JavaScript: else a reader lands above what it began."""
    return f"{page}?look#panel"


def check(session: LabSession, task_id: str = TASK.id) -> str:
    return reverse("labs:check", args=[session.lab_id, task_id])


def carry_out(session: LabSession, task_id: str = TASK.id) -> str:
    return reverse("labs:carry_out", args=[session.lab_id, task_id])


def repair(session: LabSession, task_id: str = TASK.id) -> str:
    return reverse("labs:repair", args=[session.lab_id, task_id])


def undo(session: LabSession, task_id: str = TASK.id) -> str:
    return reverse("labs:undo", args=[session.lab_id, task_id])


def hint(session: LabSession, task_id: str = TASK.id) -> str:
    return reverse("labs:hint", args=[session.lab_id, task_id])


def choose(session: LabSession, task_id: str = TASK.id) -> str:
    return reverse("labs:choose", args=[session.lab_id, task_id])


def clean_up(session: LabSession) -> str:
    return reverse("labs:clean_up", args=[session.lab_id])


def challenge(session: LabSession) -> str:
    return reverse("labs:challenge", args=[session.lab_id])


def ideas(session: LabSession) -> str:
    return reverse("labs:ideas", args=[session.lab_id])
