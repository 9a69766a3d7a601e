"""What happens to a class as a whole: made, copied, archived, given another code."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now

from labportal.accounts.models import User
from labportal.classes.audit import note_act
from labportal.classes.models import Act, LabClass, Membership, new_code
from labportal.writes import writing

ARCHIVED = "This class is archived: it can be read, and nothing in it changes. An instructor can bring it back."
_COPIED = (
    "lab_id",
    "cloud",
    "allows_carry_out",
    "allows_hints",
    "allows_repair",
    "allows_roles",
    "points",
    "late",
    "late_percent",
    "stuck_failures",
    "stuck_idle_minutes",
)


def require_open(lab_class: LabClass) -> None:
    """Raises PermissionDenied, which says why, for a class that is archived."""
    if lab_class.archived_at is not None:
        raise PermissionDenied(ARCHIVED)


def create_class(lab_class: LabClass, user: User) -> LabClass:
    """Stores what is not stored yet, with its first instructor."""
    with writing():
        lab_class.save()
        Membership.objects.create(
            lab_class=lab_class, user=user, role=Membership.Role.INSTRUCTOR, name=user.get_username()
        )
    return lab_class


def copy_class(original: LabClass, copy: LabClass, user: User, staff: Iterable[Membership]) -> LabClass:
    """``copy`` has a name and dates, and is stored with all else that is set in ``original`` and a code of its own.

    ``staff`` are members of ``original`` who teach; they find out from their log.
    """
    for field in _COPIED:
        setattr(copy, field, getattr(original, field))
    if original.door == LabClass.Door.ASK:  # that it was closed was of its time
        copy.door = original.door
    with writing():
        create_class(copy, user)
        for member in staff:
            Membership.objects.create(lab_class=copy, user=member.user, role=member.role, name=member.name)
            text = f"made you {_a_role(member)} of {copy.name}, a copy of {original.name}"
            note_act(user, member.user, copy, Act.Kind.ROLE, text[:300])
    return copy


def archive(lab_class: LabClass) -> None:
    """Archived twice is archived once."""
    with writing():
        LabClass.objects.filter(pk=lab_class.pk, archived_at=None).update(archived_at=Now())


def bring_back(lab_class: LabClass) -> None:
    with writing():
        LabClass.objects.filter(pk=lab_class.pk).update(archived_at=None)


def set_door(lab_class: LabClass, door: LabClass.Door) -> None:
    with writing():
        LabClass.objects.filter(pk=lab_class.pk).update(door=door)


def change_code(lab_class: LabClass) -> None:
    """The old one leads nowhere from now on."""
    with writing():
        LabClass.objects.filter(pk=lab_class.pk).update(code=new_code())


def _a_role(member: Membership) -> str:
    role = member.get_role_display().lower()
    return f"an {role}"  # observer, instructor
