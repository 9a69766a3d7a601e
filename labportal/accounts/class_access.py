"""Who may do what in a class. Every view of a class asks here, as those of a walk ask ``access``.

To whom a class is none of their business it answers like one that does not exist: 404. Who is in it, and wants what
their role may not, is told so: 403. So is whoever wants to change something in a class that is archived.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase

from labportal.accounts.access import SignedInRequest, signed_in
from labportal.accounts.models import User
from labportal.classes.models import LabClass, Membership
from labportal.classes.services import require_open
from labportal.labs.models import LabSession
from steps.kit.lab import Lab
from steps.registry import LABS

P = ParamSpec("P")
Role = Membership.Role
ONLY_INSTRUCTORS = "Only an instructor of this class may do that. You are here to watch."
NOT_FOR_STUDENTS = "This page is for those who teach the class."


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place in a class, as a view gets it: the class is loaded with it."""

    membership: Membership

    @property
    def lab_class(self) -> LabClass:
        return self.membership.lab_class

    @property
    def lab(self) -> Lab:
        return LABS[self.lab_class.lab_id]

    @property
    def leads(self) -> bool:
        return self.membership.leads

    @property
    def acts(self) -> bool:
        """May change something in the class, or act for somebody, as the class is now: what pages offer goes by it."""
        return self.leads and self.lab_class.archived_at is None

    @property
    def teaches(self) -> bool:
        return self.membership.teaches


SeatView = Callable[Concatenate[SignedInRequest, Seat, P], HttpResponse]
Guarded = Callable[..., HttpResponseBase]
READING = ("GET", "HEAD", "OPTIONS")
_ALSO_WHEN_ARCHIVED: set[Callable[..., HttpResponse]] = set()


def for_members(view: SeatView[P]) -> Guarded:
    """Everybody in the class. The address names it by ``class_id``; the view gets a ``Seat`` instead. One query."""
    return _with_seat(view, lambda seat: None)


def for_staff(view: SeatView[P]) -> Guarded:
    """Instructors and observers: what looks at the class and changes nothing."""
    return _with_seat(view, _require_staff)


def for_instructors(view: SeatView[P]) -> Guarded:
    """Instructors only: what changes something in the class, or acts for somebody."""
    return _with_seat(view, _require_instructor)


def also_when_archived(view: SeatView[P]) -> SeatView[P]:
    """Marks a view that changes something in an archived class, too. Stands next to the view, below its guard."""
    _ALSO_WHEN_ARCHIVED.add(view)
    return view


def seat_of(user: User, class_id: int) -> Seat:
    """404 for who is not in it."""
    found = Membership.objects.select_related("lab_class").filter(user=user, lab_class=class_id).first()
    if found is None:
        raise Http404("There is no such class.")
    return Seat(found)


def student_of(seat: Seat, member_id: int) -> Membership:
    """One student of the class, with their standing and its walk; 404 for anybody else. The caller's seat teaches."""
    students = Membership.objects.select_related("user", "standing__session__connection")
    found = students.filter(pk=member_id, lab_class=seat.lab_class, role=Role.STUDENT).first()
    if found is None:
        raise Http404("There is no such student in this class.")
    return found


def walk_of(student: Membership) -> LabSession | None:
    """The student's open walk through the class's lab; None before it has begun, and after it was ended."""
    session = student.standing.session if student.standing else None
    return session if session is not None and session.ended_at is None else None


def _require_staff(seat: Seat) -> None:
    if not seat.teaches:
        raise PermissionDenied(NOT_FOR_STUDENTS)


def _require_instructor(seat: Seat) -> None:
    _require_staff(seat)
    if not seat.leads:
        raise PermissionDenied(ONLY_INSTRUCTORS)


def _with_seat(view: SeatView[P], require: Callable[[Seat], None]) -> Guarded:
    def guarded(request: SignedInRequest, /, class_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        seat = seat_of(request.user, class_id)
        require(seat)
        if request.method not in READING and view not in _ALSO_WHEN_ARCHIVED:
            require_open(seat.lab_class)
        return view(request, seat, *args, **kwargs)

    update_wrapper(guarded, view)
    return signed_in(guarded)
