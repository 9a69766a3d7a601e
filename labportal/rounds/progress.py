"""How far rounds are: read models for the pages, the same number of queries however many students there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from labportal.rounds.models import Round, RoundEntry
from labportal.rounds.pacing import Room, room
from steps.kit.verdict import Verdict

State = RoundEntry.State
LAST = timedelta(seconds=60)
"""The pace is that of this much of the past: a pause, or a faster Azure, shows soon."""
ENOUGH = 3
"""Students through in that time, before a pace is told."""
UNHEARD = timedelta(seconds=10)
"""For the follower to take a round up. After that nobody seems to be there who would."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Students of one round. ``left_out`` counts by reason; ``no_verdict`` are those who are through without one;
    ``stay_done`` those of ``not_yet`` who had done all tasks before, and have: what is done stays done."""

    to_do: int = 0
    under_way: int = 0
    passed: int = 0
    not_yet: int = 0
    could_not_tell: int = 0
    no_verdict: int = 0
    stay_done: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def checked(self) -> int:
        return self.passed + self.not_yet + self.could_not_tell + self.no_verdict

    @property
    def skipped(self) -> int:
        return self.left_out.total()

    @property
    def through(self) -> int:
        return self.checked + self.skipped

    @property
    def total(self) -> int:
        return self.to_do + self.under_way + self.through

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Why some were left out: how many, and the sentence."""
        return [(number, str(RoundEntry.Skipped(key).label)) for key, number in self.left_out.most_common()]


@dataclass(frozen=True, slots=True)
class Going:
    """What is told of a round under way, beside its figures. ``seconds_left`` is None while there is no pace yet;
    ``paused_until`` and ``crowded`` as in ``Room``; ``unheard``: nobody has taken it up."""

    seconds_left: int | None
    paused_until: datetime | None
    crowded: bool
    unheard: bool


def progress_of(rounds: Iterable[Round]) -> dict[int, Progress]:
    """By the round's key. One query."""
    keys = [one.pk for one in rounds]
    done = Q(verdict=Verdict.NOT_YET.value, member__standing__complete_at__isnull=False)
    found = RoundEntry.objects.filter(round__in=keys).order_by().values_list("round_id", "state", "verdict", "skipped")
    counts: dict[int, Counter[str]] = {key: Counter() for key in keys}
    left_out: dict[int, Counter[str]] = {key: Counter() for key in keys}
    for key, state, verdict, skipped, number, stay_done in found.annotate(
        number=Count("pk"), stay_done=Count("pk", filter=done)
    ):
        if state == State.SKIPPED:
            left_out[key][skipped] += number
        else:
            name = (verdict or "no_verdict") if state == State.ENDED else state
            counts[key][name] += number
            counts[key]["stay_done"] += stay_done if state == State.ENDED else 0
    return {key: Progress(left_out=left_out[key], **counts[key]) for key in keys}


def going_of(the_round: Round, progress: Progress) -> Going:
    """Of one under way. Three queries."""
    now = timezone.now()
    how: Room = room()
    held_up = how.paused_until is not None or how.crowded
    return Going(
        seconds_left=None if held_up else _seconds_left(the_round, progress, now),
        paused_until=how.paused_until if progress.to_do else None,
        crowded=how.crowded and bool(progress.to_do),
        unheard=the_round.begun_at is None and now - the_round.starts_at > UNHEARD,
    )


def _seconds_left(the_round: Round, progress: Progress, now: datetime) -> int | None:
    if the_round.begun_at is None:
        return None
    since = max(the_round.begun_at, now - LAST)
    through = the_round.entries.filter(state=State.ENDED, ended_at__gte=since).count()
    if through < ENOUGH:
        return None
    return round((progress.to_do + progress.under_way) * (now - since).total_seconds() / through)
