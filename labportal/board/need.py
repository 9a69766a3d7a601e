"""Who needs help: the stated rule, as SQL for a whole class. In words, with its figures, it is told by ``why``.

The first that holds counts:

1. a hand is raised;
2. the same check has failed for the same reason several times in a row (``LabClass.stuck_failures``);
3. somebody has worked at a task for longer than nine of ten of the class needed for it (``pace``);
4. somebody inside the lab has given no sign of life for a while (``LabClass.stuck_idle_minutes``), and has not gone.

Who waits for Azure, or for the portal, is not stuck, however long it takes: that is a state of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from django.db.models import BooleanField, Case, IntegerField, Q, QuerySet, When

from labportal.board.pace import Pace, pace_of
from labportal.board.words import THEIRS_TO_MEND
from labportal.classes.models import LabClass, Membership
from labportal.runs.models import Attempt
from steps.kit.lab import Lab
from steps.kit.verdict import Verdict
from steps.registry import LABS

GONE_AFTER = timedelta(hours=3)
"""Without a sign of life: they have left for today, and are not idle any more."""
State = Attempt.State


class Need(IntEnum):
    """Where a student stands, in the order in which an instructor wants to see them."""

    HAND = 0
    FAILING = 1
    SLOW = 2
    IDLE = 3
    AZURE = 4  # waiting for Azure or the portal
    WORKING = 5
    AWAY = 6
    NOT_BEGUN = 7
    DONE = 8

    @property
    def slug(self) -> str:
        """As it stands in an address."""
        return self.name.lower()

    @property
    def stuck(self) -> bool:
        """Needs somebody's help now."""
        return self <= Need.IDLE


STUCK = tuple(need for need in Need if need.stuck)


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule, with one class's own bounds at one moment."""

    lab: Lab
    failures: int
    idle: timedelta
    pace: Mapping[str, Pace]
    now: datetime

    def classify(self, students: QuerySet[Membership]) -> QuerySet[Membership]:
        """With ``need`` (of ``Need``) and ``gone`` on each, both fit for filters, counts and orders."""
        gone = Q(standing__last_at__lte=self.now - GONE_AFTER)
        return students.annotate(
            need=self._need(gone), gone=Case(When(gone, then=True), default=False, output_field=BooleanField())
        )

    def _need(self, gone: Q) -> Case:
        under_way = Q(standing__state__in=[State.QUEUED, State.RUNNING])
        waits = Q(standing__state=State.WAITING) | (Q(standing__verdict=Verdict.COULD_NOT_TELL) & ~gone)
        waits &= ~Q(standing__reason__in=THEIRS_TO_MEND)
        quiet = Q(standing__last_at__lte=self.now - self.idle)
        return Case(
            When(standing__hand_at__isnull=False, then=Need.HAND),
            When(Q(standing=None) | Q(standing__begun_at=None), then=Need.NOT_BEGUN),
            When(standing__complete_at__isnull=False, then=Need.DONE),
            When(waits, then=Need.AZURE),
            When(standing__failures__gte=self.failures, then=Need.FAILING),
            *(
                When(standing__task_id=task_id, standing__seconds__gt=pace.too_long, then=Need.SLOW)
                for task_id, pace in self.pace.items()
            ),
            When(under_way, then=Need.WORKING),
            When(gone, then=Need.AWAY),
            When(quiet, then=Need.IDLE),
            default=Need.WORKING,
            output_field=IntegerField(),
        )


def rule_of(lab_class: LabClass, now: datetime) -> Rule:
    """One query, for the class's pace."""
    return Rule(
        lab=LABS[lab_class.lab_id],
        failures=lab_class.stuck_failures,
        idle=timedelta(minutes=lab_class.stuck_idle_minutes),
        pace=pace_of(lab_class),
        now=now,
    )
