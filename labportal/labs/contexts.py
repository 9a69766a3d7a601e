"""What the templates of a walk's pages are given, whoever looks: the student, or somebody who sees it as they do.

The key to the live stream, and what else is the student's alone, comes with the student's own views.
"""

from __future__ import annotations

from typing import Any

from labportal.labs.hints import Shown
from labportal.labs.models import LabSession
from labportal.labs.pages import Place, attempt_page, guide_of, history_of, place_of
from labportal.labs.panels import challenge_of, clean_up_of, panel_of
from labportal.labs.standing import steps_of
from labportal.runs.models import Attempt
from steps.kit.task import Task

Context = dict[str, Any]


def of_overview(session: LabSession) -> Context:
    return {"place": place_of(session), "steps": steps_of(session)}


def of_task(session: LabSession, task: Task, shown: Shown) -> Context:
    """``shown``: the hints that are."""
    place = place_of(session)
    return {"place": place, "task": task, "panel": panel_of(session, task, shown), "guide": _guide(place, task)}


def of_clean_up(session: LabSession, task: Task) -> Context:
    place = place_of(session)
    return {"place": place, "clean_up": clean_up_of(session, task), "guide": _guide(place, task)}


def of_challenge(session: LabSession, task: Task, shown: Shown) -> Context:
    place = place_of(session)
    return {"place": place, "panel": challenge_of(session, task, shown), "guide": _guide(place, task)}


def of_history(session: LabSession, page_number: str | None) -> Context:
    return {"history": history_of(session, page_number), "place": place_of(session)}


def of_attempt(attempt: Attempt) -> Context:
    return {"place": place_of(attempt.session), "page": attempt_page(attempt)}


def _guide(place: Place, task: Task) -> object:
    """None until the names it is worded with are known."""
    return guide_of(place.session, task) if place.ready else None
