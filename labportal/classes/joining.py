"""Becoming a member: by the code of a class, or by an invitation."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now

from labportal.accounts.models import User
from labportal.classes.leaving import forget_standing
from labportal.classes.models import Invitation, Knock, LabClass, Membership
from labportal.nudges import publish_to_class
from labportal.results.tokens import drop_tokens_of
from labportal.standings.services import standing_of
from labportal.writes import writing

Role, Door = Membership.Role, LabClass.Door
RANKS = (Role.STUDENT, Role.OBSERVER, Role.INSTRUCTOR)
CLOSED = "{name} is not taking anybody in by its code at the moment. Ask your instructor."
ARCHIVED = "{name} is over: it has been archived, and nobody joins it any more."
USED_UP = "This invitation has been used already. If it was not by you, ask your instructor for another."
TURNED_AWAY = "You cannot come into {name} by its code or an old invitation. Ask your instructor for a new invitation."
NO_GUESTS = "Who teaches needs an account of their own. Sign up, and open this link again."


def why_closed(lab_class: LabClass) -> str:
    """Why nobody can join it by its code; "" if they can."""
    if lab_class.archived_at is not None:
        return ARCHIVED.format(name=lab_class.name)
    return CLOSED.format(name=lab_class.name) if lab_class.door == Door.CLOSED else ""


def why_not_accepted(invitation: Invitation, user: User | None) -> str:
    """Why nobody can accept it any more, or ``user`` cannot; "" if they can. Its class is loaded with it."""
    if invitation.lab_class.archived_at is not None:
        return ARCHIVED.format(name=invitation.lab_class.name)
    if invitation.accepted_at is not None:
        return USED_UP
    return TURNED_AWAY.format(name=invitation.lab_class.name) if user and _is_too_old(invitation, user) else ""


def join(user: User, lab_class: LabClass, name: str) -> Membership | Knock:
    """By its code, as a student called ``name``: a member, or somebody who waits or was turned away.

    Who is in the class already stays what they are, and so does who was turned away. PermissionDenied where it takes
    nobody in any more.
    """
    with writing():
        held = hold(lab_class.pk)
        asks = held.door == Door.ASK
        member, knock = membership_of(user, lab_class), knock_of(user, lab_class)
        if member is not None:
            return member
        if closed := why_closed(held):  # since the page was asked for
            raise PermissionDenied(closed)
        if knock is not None and (asks or knock.turned_away_at):
            return knock
        if asks:
            return Knock.objects.create(lab_class=lab_class, user=user, name=name)
        return enrol(user, lab_class, name=name)


def accept(user: User, invitation: Invitation) -> Membership | None:
    """What the invitation makes of them, once; None if somebody else has accepted it meanwhile.

    Who is in the class already rises to the invitation's role, and does not fall. PermissionDenied for a guest who
    would teach, and for whom the class has turned away since it invited them.
    """
    if user.is_guest and invitation.role != Role.STUDENT:
        raise PermissionDenied(NO_GUESTS)
    with writing():
        if _is_too_old(invitation, user):
            raise PermissionDenied(TURNED_AWAY.format(name=invitation.lab_class.name))
        taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
        if not taken.update(accepted_by=user, accepted_at=Now()):
            return None
        lab_class = hold(invitation.lab_class_id)
        found = membership_of(user, lab_class)
        if found is None:
            return enrol(user, lab_class, role=invitation.role, name=invitation.name, email=invitation.email)
        if RANKS.index(Role(invitation.role)) > RANKS.index(Role(found.role)):
            put_in_role(found, Role(invitation.role))
        return found


def hold(class_id: int) -> LabClass:
    """Who is in it changes for one at a time: else two clicks of one person would both find them not in it yet."""
    return LabClass.objects.select_for_update(no_key=True).get(pk=class_id)


def membership_of(user: User, lab_class: LabClass) -> Membership | None:
    return Membership.objects.filter(user=user, lab_class=lab_class).first()


def knock_of(user: User, lab_class: LabClass) -> Knock | None:
    return Knock.objects.filter(user=user, lab_class=lab_class).first()


def enrol(user: User, lab_class: LabClass, *, name: str, role: str = Role.STUDENT, email: str = "") -> Membership:
    """A new member; of a student it is kept where they stand. In the caller's transaction."""
    Knock.objects.filter(user=user, lab_class=lab_class).delete()
    standing = standing_of(user, lab_class.lab_id) if role == Role.STUDENT else None
    return Membership.objects.create(
        lab_class=lab_class, user=user, role=role, name=name, email=email, standing=standing
    )


def put_in_role(member: Membership, role: Membership.Role) -> None:
    """In the caller's transaction. Only of students it is kept where they stand, and only instructors have tokens. The
    open pages of the class are told: what they show may be another, or not for this member any more."""
    before = member.standing_id
    member.standing = standing_of(member.user, member.lab_class.lab_id) if role == Role.STUDENT else None
    member.role = role
    member.save(update_fields=["role", "standing"])
    if not member.leads:
        drop_tokens_of(member.user_id, member.lab_class_id)
    forget_standing(member, before)
    transaction.on_commit(partial(publish_to_class, member.lab_class_id, {"members": None}))


def _is_too_old(invitation: Invitation, user: User) -> bool:
    """The class has turned them away since: only a newer invitation takes that back."""
    since = Knock.objects.filter(user=user, lab_class=invitation.lab_class_id, turned_away_at__gt=invitation.created_at)
    return since.exists()
