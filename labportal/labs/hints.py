"""Which hints a student has had shown. What is shown stays shown in this browser; how many it were is kept for good.

Hints are layers: of a task, or of a reason that a finding gave. The next one is shown when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.sessions.backends.base import SessionBase

from labportal.labs.models import LabSession

OF_THE_TASK = ""
"""Where other hints have the id of their reason."""
_KEY = "hints"

Shown = Mapping[str, int]
"""How many of each reason's hints are shown, and of the task's own."""


def shown_hints(browser: SessionBase, session: LabSession, task_id: str) -> Shown:
    """For one task. No query: the browser's session has been read to know who is asking."""
    told: Shown = browser.get(_KEY, {}).get(_place(session, task_id), {})
    return told


def show_one_more(browser: SessionBase, session: LabSession, task_id: str, about: str, *, of: int) -> int:
    """How many are shown for this task now, all in all. Beyond the last one nothing changes."""
    kept = browser.get(_KEY, {})
    shown = dict(kept.get(_place(session, task_id), {}))
    shown[about] = min(shown.get(about, 0) + 1, of)
    browser[_KEY] = {**kept, _place(session, task_id): shown}
    return sum(shown.values())


def _place(session: LabSession, task_id: str) -> str:
    return f"{session.pk}/{task_id}"
