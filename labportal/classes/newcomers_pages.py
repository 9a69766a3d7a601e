"""Read models of the page about newcomers: a constant number of queries, and of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from labportal.classes.models import Invitation, Knock, LabClass, Membership
from labportal.classes.newcomers import turned_away_from, waiting_in
from labportal.classes.roll import students_of

AT_ONCE = 200
"""People that are shown, and answered or put out by one click: more come when these are dealt with."""
TURNED_AWAY_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Newcomers:
    """``waiting``, the first first, and ``joined``, the last first, are at most ``AT_ONCE`` of so many.

    A member has ``invited``: they have come by an invitation, and not by the code.
    """

    waiting: tuple[Knock, ...]
    waiting_count: int
    joined: tuple[Membership, ...]
    joined_count: int
    turned_away: tuple[Knock, ...]

    @property
    def last_waiting(self) -> int:
        """The number of the last who is shown: "all" means nobody who came after them."""
        return self.waiting[-1].pk if self.waiting else 0


def newcomers_of(lab_class: LabClass, since: datetime | None) -> Newcomers:
    """``joined`` since that moment; nobody for None. Five queries."""
    waiting = waiting_in(lab_class).select_related("user")
    joined = _joined_since(lab_class, since) if since else Membership.objects.none()
    return Newcomers(
        waiting=tuple(waiting[:AT_ONCE]),
        waiting_count=waiting.count(),
        joined=tuple(joined[:AT_ONCE]),
        joined_count=joined.count(),
        turned_away=tuple(turned_away_from(lab_class).select_related("user")[:TURNED_AWAY_SHOWN]),
    )


def chosen_of(lab_class: LabClass, numbers: Iterable[int]) -> QuerySet[Membership]:
    """Those students who are meant; who is in another class, teaches or has left is not among them."""
    return students_of(lab_class).select_related("user", "lab_class").filter(pk__in=list(numbers)[:AT_ONCE])


def _joined_since(lab_class: LabClass, since: datetime) -> QuerySet[Membership]:
    accepted = Invitation.objects.filter(lab_class=lab_class, accepted_by=OuterRef("user"))
    found = students_of(lab_class).select_related("user").filter(joined_at__gte=since)
    return found.annotate(invited=Exists(accepted)).order_by("-joined_at", "-pk")
