"""Read models of the pages about classes: the same number of queries however many there are, none in a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes import zones
from labportal.classes.models import Knock, LabClass, Membership
from labportal.classes.tabs import landing_of
from labportal.standings.models import Standing
from steps.kit.lab import Lab
from steps.registry import LABS

Role = Membership.Role
OPEN_TO_YOU = {
    "allows_hints": "hints",
    "allows_repair": "repairs by the portal",
    "allows_carry_out": "tasks carried out by the portal",
    "allows_roles": "Azure roles instead of access policies",
}
"""What a class may keep from its students, as they read it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A class as somebody sees it, who is in it unless ``membership`` is None. ``now`` is when the page was asked for,
    ``students`` how many the class has."""

    lab_class: LabClass
    now: datetime
    membership: Membership | None = None
    students: int = 0

    @property
    def lab(self) -> Lab:
        return LABS[self.lab_class.lab_id]

    @property
    def standing(self) -> Standing | None:
        return self.membership.standing if self.membership else None

    @property
    def address(self) -> str:
        """Of the page of the class that its member wants first."""
        return landing_of(self.membership) if self.membership else ""

    @property
    def starts(self) -> str:
        return _written(self.lab_class.starts_at, self.lab_class)

    @property
    def due(self) -> str:
        return _written(self.lab_class.due_at, self.lab_class)

    @property
    def begins_later(self) -> bool:
        return self.lab_class.starts_at is not None and self.now < self.lab_class.starts_at

    @property
    def past_due(self) -> bool:
        return self.lab_class.due_at is not None and self.now > self.lab_class.due_at

    @property
    def late(self) -> bool:
        """The student was, or is already, later than the class expects."""
        complete_at = self.standing.complete_at if self.standing else None
        return self.lab_class.due_at is not None and (complete_at or self.now) > self.lab_class.due_at

    @property
    def not_allowed(self) -> tuple[str, ...]:
        """What the portal can do and this class does not want, in words."""
        return tuple(words for field, words in OPEN_TO_YOU.items() if not getattr(self.lab_class, field))

    @property
    def allowed(self) -> tuple[str, ...]:
        return tuple(words for field, words in OPEN_TO_YOU.items() if getattr(self.lab_class, field))


@dataclass(frozen=True, slots=True)
class Places:
    """``teaching`` and ``learning`` are under way; ``past`` are archived. ``asked`` let nobody know yet."""

    teaching: tuple[Place, ...]
    learning: tuple[Place, ...]
    past: tuple[Place, ...]
    asked: tuple[Knock, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What a member may know of a class: their own place in it, and the names of those who teach."""

    place: Place
    instructors: tuple[str, ...]
    observers: tuple[str, ...]


def places_of(user: User) -> Places:
    """Every class the person is in, the newest first, and those they wait to be let into. Two queries."""
    students = Membership.objects.filter(lab_class=OuterRef("lab_class"), role=Role.STUDENT)
    counted = students.order_by().values("lab_class").annotate(number=Count("pk")).values("number")
    mine = Membership.objects.filter(user=user).select_related("lab_class", "standing")
    rows = mine.annotate(students=Coalesce(Subquery(counted), 0)).order_by("-lab_class_id")
    now = timezone.now()
    places = [Place(row.lab_class, now, row, row.students) for row in rows]
    under_way = [place for place in places if place.lab_class.archived_at is None]
    return Places(
        teaching=tuple(place for place in under_way if place.membership and place.membership.teaches),
        learning=tuple(place for place in under_way if place.membership and not place.membership.teaches),
        past=tuple(place for place in places if place.lab_class.archived_at is not None),
        asked=tuple(_asked_by(user)),
    )


def _asked_by(user: User) -> QuerySet[Knock]:
    waits = Knock.objects.filter(user=user, turned_away_at=None, lab_class__archived_at=None)
    return waits.select_related("lab_class").order_by("-pk")


def about_of(membership: Membership) -> About:
    """Two queries, one of them for where a student stands."""
    staff = staff_of(membership.lab_class)
    return About(
        place=Place(membership.lab_class, timezone.now(), membership),
        instructors=tuple(one.name for one in staff if one.leads),
        observers=tuple(one.name for one in staff if not one.leads),
    )


def staff_of(lab_class: LabClass) -> QuerySet[Membership]:
    """Those who teach: instructors, then observers, by name."""
    staff = Membership.objects.filter(lab_class=lab_class).exclude(role=Role.STUDENT)
    return staff.select_related("user").order_by("role", "name", "pk")  # "instructor" stands before "observer"


def _written(moment: datetime | None, lab_class: LabClass) -> str:
    return zones.written(moment, lab_class.time_zone) if moment else ""
