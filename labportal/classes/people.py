"""Who is in a class, and who is expected: what instructors do about it."""

from __future__ import annotations

from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes import joining, leaving
from labportal.classes.audit import note_act
from labportal.classes.models import Act, Invitation, Knock, Membership
from labportal.writes import writing

Role = Membership.Role
A_ROLE = {Role.STUDENT: "a student", Role.OBSERVER: "an observer", Role.INSTRUCTOR: "an instructor"}


def rename(by: User, member: Membership, name: str) -> None:
    """What the class calls them."""
    if name == member.name:
        return
    with writing():
        member.name = name
        member.save(update_fields=["name", "folded"])
        _tell(by, member, Act.Kind.NAME, f"changed your name in {member.lab_class.name} to {name}")


def change_role(by: User, member: Membership, role: Membership.Role) -> bool:
    """False, and nothing is changed, where the class would be left without an instructor."""
    if role == member.role:
        return True
    with writing():
        joining.hold(member.lab_class_id)
        if leaving.is_last_instructor(member):
            return False
        if member.leads:
            _withdraw_to_teach(by, member)
        joining.put_in_role(member, role)
        _tell(by, member, Act.Kind.ROLE, f"made you {A_ROLE[role]} of {member.lab_class.name}")
    return True


def remove(by: User, member: Membership, deed: str | None = None) -> bool:
    """Their walk stays theirs, and the code of the class lets them in no more. False, and nothing is changed, for the
    last instructor. ``deed``: if it is done to many at once (``audit.note_act``)."""
    with writing():
        joining.hold(member.lab_class_id)
        if not Membership.objects.filter(pk=member.pk).exists():
            return True  # by another click, which has told them
        if not leaving.end_membership(member):
            return False
        _shut_behind(by, member)
        _tell(by, member, Act.Kind.REMOVED, f"removed you from {member.lab_class.name}", deed)
    return True


def withdraw(invitation: Invitation) -> bool:
    """Its link leads nowhere from now on. False if it was accepted meanwhile: its person is a member then."""
    with writing():
        deleted, _ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()
    return deleted == 1


def _shut_behind(by: User, member: Membership) -> None:
    """By no way that they know would they be back. Who removes themselves only leaves."""
    if member.leads:
        _withdraw_to_teach(by, member)
    if by.pk != member.user_id:
        turned_away = {"name": member.name, "turned_away_at": timezone.now()}
        Knock.objects.update_or_create(turned_away, lab_class_id=member.lab_class_id, user_id=member.user_id)


def _withdraw_to_teach(by: User, member: Membership) -> None:
    """The open invitations to teach lead nowhere from now on: an instructor has seen their links, and whom another puts
    out would be back with one."""
    if by.pk != member.user_id:
        to_teach = Invitation.objects.filter(lab_class=member.lab_class_id, accepted_at=None).exclude(role=Role.STUDENT)
        to_teach.delete()


def _tell(by: User, member: Membership, kind: Act.Kind, text: str, deed: str | None = None) -> None:
    if by.pk != member.user_id:
        note_act(by, member.user, member.lab_class, kind, text[:300], deed=deed)
