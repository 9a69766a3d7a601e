"""Read models of the pages about people: pages of fifty, found by name or address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from labportal.classes.finding import called
from labportal.classes.models import Invitation, LabClass, Membership
from labportal.classes.newcomers import waiting_in
from labportal.classes.pages import staff_of
from labportal.classes.roll import students_of

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class People:
    """``query`` is what was searched for among the students, "" for all. ``students`` are those of the ``page``,
    ``waiting`` is how many wait to be let in."""

    staff: tuple[Membership, ...]
    students: tuple[Membership, ...]
    page: Page[Membership]
    query: str
    expected: int
    waiting: int

    @property
    def instructors(self) -> int:
        return sum(member.leads for member in self.staff)


@dataclass(frozen=True, slots=True)
class Expected:
    """Invitations that nobody has accepted yet, the newest first."""

    invitations: tuple[Invitation, ...]
    page: Page[Invitation]
    query: str


def people_of(lab_class: LabClass, query: str, page: str | None) -> People:
    """Five queries."""
    students = _found(students_of(lab_class).select_related("user"), query)
    shown = Paginator(students, A_PAGE).get_page(page)
    return People(
        staff=tuple(staff_of(lab_class)),
        students=tuple(shown),
        page=shown,
        query=query,
        expected=open_invitations(lab_class).count(),
        waiting=waiting_in(lab_class).count(),
    )


def expected_in(lab_class: LabClass, query: str, page: str | None) -> Expected:
    """Two queries."""
    found = _found(open_invitations(lab_class), query)
    shown = Paginator(found, A_PAGE).get_page(page)
    return Expected(tuple(shown), shown, query)


def open_invitations(lab_class: LabClass) -> QuerySet[Invitation]:
    return Invitation.objects.filter(lab_class=lab_class, accepted_at=None).order_by("-pk")


def sheet_of(lab_class: LabClass, base: str) -> Iterator[tuple[str, str, str, str]]:
    """Every open invitation with its link: ``base`` is the address of one, with "-" for its token."""
    before, _, after = base.rpartition("-")
    for one in open_invitations(lab_class).order_by("name", "pk").iterator():
        yield one.name, one.email, one.get_role_display(), f"{before}{one.token}{after}"


def _found(rows: QuerySet, query: str) -> QuerySet:  # type: ignore[type-arg]  # of either model: both have these fields
    return rows.filter(called(query) | Q(email__icontains=query)) if query else rows
