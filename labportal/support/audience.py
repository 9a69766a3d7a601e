"""Whom a message goes to: one student, those whom the same thing holds up, or the whole class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.http import Http404

from labportal.accounts.access import task_of
from labportal.accounts.class_access import Seat, student_of
from labportal.board.words import meaning_of, task_name
from labportal.classes.models import Membership
from labportal.classes.roll import held_by, students_of
from labportal.support.models import Message
from steps.kit.lab import Lab

NAMED = 12
"""How many of an audience are named before it is sent."""


@dataclass(frozen=True, slots=True)
class Mending:
    """Something the portal can offer along with a message."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Audience:
    """``members`` is who belongs to it whenever it is asked. ``words`` says who that is, after "To". ``mendings`` are
    what the portal could do about what holds them up, where the class lets it. ``query`` names it in an address."""

    to: Message.To
    members: QuerySet[Membership]
    words: str
    query: Mapping[str, str]
    task_id: str = ""
    mendings: tuple[Mending, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """``number`` are in it now; ``names`` are the first of them."""

    number: int
    names: tuple[str, ...]

    @property
    def more(self) -> int:
        return self.number - len(self.names)


def audience_of(seat: Seat, query: Mapping[str, str]) -> Audience:
    """``query`` names a ``member``, or a ``task``, ``check`` and ``reason``, or nobody: then it is the whole class.
    Raises Http404 for what the class does not have."""
    if query.get("member"):
        return _one(seat, query["member"])
    if "task" in query:
        return _cause(seat, query["task"], query.get("check", ""), query.get("reason", ""))
    return Audience(Message.To.ALL, students_of(seat.lab_class), f"everybody in {seat.lab_class.name}", {})


def preview_of(audience: Audience) -> Preview:
    """Two queries."""
    return Preview(audience.members.count(), tuple(audience.members.values_list("name", flat=True)[:NAMED]))


def just(seat: Seat, student: Membership, task_id: str = "") -> Audience:
    """One student, about a task or nothing in particular."""
    only = students_of(seat.lab_class).filter(pk=student.pk)
    return Audience(Message.To.ONE, only, student.name, {"member": str(student.pk)}, task_id)


def _one(seat: Seat, member: str) -> Audience:
    """About where they are, if something holds them up there."""
    student = student_of(seat, int(member) if member.isdecimal() and len(member) < 19 else 0)
    standing = student.standing
    if standing is None or not standing.reason:
        return just(seat, student)
    return replace(just(seat, student, standing.task_id), mendings=_mendings(seat, standing.reason))


def _cause(seat: Seat, task_id: str, check_id: str, reason: str) -> Audience:
    task = task_of(seat.lab.id, task_id)
    if not reason:  # of a fault of the portal's own: nobody is known by it
        raise Http404("That names nobody in particular.")
    meaning = meaning_of(seat.lab, "", reason)
    return Audience(
        to=Message.To.CAUSE,
        members=held_by(seat.lab_class, task_id, check_id, reason),
        words=f"those at {task_name(seat.lab, task.id)} of whom this is so: {meaning}",
        query={"task": task_id, "check": check_id, "reason": reason},
        task_id=task_id,
        mendings=_mendings(seat, reason),
    )


def _mendings(seat: Seat, reason: str) -> tuple[Mending, ...]:
    lab: Lab = seat.lab
    if not seat.lab_class.allows_repair or reason not in lab.reasons:
        return ()
    return tuple(Mending(one, lab.remedies[one].action.title) for one in lab.reasons[reason].remedies)
