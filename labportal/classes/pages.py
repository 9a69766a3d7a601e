"""Read models of the pages about classes: the same number of queries however many there are, none in a template."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from labportal.accounts.models import User
from labportal.classes.models import LabClass, Membership
from steps.kit.lab import Lab
from steps.registry import LABS


@dataclass(frozen=True, slots=True)
class Place:
    """One class of somebody's. ``students`` is how many it has; ``done`` how many tasks the person has done in it."""

    membership: Membership
    students: int

    @property
    def lab_class(self) -> LabClass:
        return self.membership.lab_class

    @property
    def lab(self) -> Lab:
        return LABS[self.lab_class.lab_id]

    @property
    def done(self) -> int:
        return self.membership.standing.done if self.membership.standing else 0

    @property
    def complete(self) -> bool:
        return self.membership.standing is not None and self.membership.standing.complete_at is not None


@dataclass(frozen=True, slots=True)
class Places:
    """``teaching`` and ``learning`` are under way; ``past`` are archived."""

    teaching: tuple[Place, ...]
    learning: tuple[Place, ...]
    past: tuple[Place, ...]


def places_of(user: User) -> Places:
    """Every class the person is in, the newest first. One query."""
    students = Membership.objects.filter(lab_class=OuterRef("lab_class"), role=Membership.Role.STUDENT)
    counted = students.order_by().values("lab_class").annotate(number=Count("pk")).values("number")
    mine = Membership.objects.filter(user=user).select_related("lab_class", "standing")
    rows = mine.annotate(students=Coalesce(Subquery(counted), 0)).order_by("-lab_class_id")
    places = [Place(row, row.students) for row in rows]
    open_ones = [place for place in places if place.lab_class.archived_at is None]
    return Places(
        teaching=tuple(place for place in open_ones if place.membership.teaches),
        learning=tuple(place for place in open_ones if not place.membership.teaches),
        past=tuple(place for place in places if place.lab_class.archived_at is not None),
    )
