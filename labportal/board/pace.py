"""How long a class takes for each task: what "longer than the others" means."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F

from labportal.classes.models import LabClass, Membership
from labportal.runs.models import TaskResult
from labportal.standings.models import TaskStanding

STEP = 15
"""Seconds: times are counted in steps of this, so that the database sends a few rows and not everybody's time."""
SHARE = 0.9
AT_LEAST = 5
"""Students who have done the task. Of fewer nobody can tell how long it takes."""
NEVER_BEFORE = 5 * 60
"""Seconds at a task that are never too long, however quick the others were."""


@dataclass(frozen=True, slots=True)
class Pace:
    """``most``: seconds in which nine of ten of those who did the task themselves had done it; ``of``: how many did."""

    most: int
    of: int

    @property
    def too_long(self) -> int:
        """Seconds beyond which somebody has been at the task for longer than the class's own pace explains."""
        return max(self.most, NEVER_BEFORE)


def pace_of(lab_class: LabClass) -> Mapping[str, Pace]:
    """By task id, without the tasks that too few have done. Whom the portal did it for says nothing of the time it
    takes, nor whom an instructor's check found to be through. One query."""
    students = Membership.objects.filter(lab_class=lab_class, role=Membership.Role.STUDENT)
    done = TaskStanding.objects.filter(standing__in=students.values("standing"), done_at__isnull=False)
    by_hand = done.filter(on_behalf=False).exclude(provenance=TaskResult.Provenance.PORTAL).order_by()
    steps: defaultdict[str, dict[int, int]] = defaultdict(dict)
    counted = by_hand.annotate(step=F("seconds") / STEP).values_list("task_id", "step").annotate(number=Count("pk"))
    for task_id, step, number in counted:
        steps[task_id][step] = number
    paces = {task_id: _pace(numbers) for task_id, numbers in steps.items()}
    return {task_id: pace for task_id, pace in paces.items() if pace.of >= AT_LEAST}


def _pace(numbers: Mapping[int, int]) -> Pace:
    """From how many there are in each step."""
    of = sum(numbers.values())
    left = math.ceil(of * SHARE)
    for step in sorted(numbers):
        left -= numbers[step]
        if left <= 0:
            return Pace(most=(step + 1) * STEP, of=of)
    raise ValueError("nobody was counted")
