"""Whoever leaves a class, or is removed from it: the membership goes, and the walk stays its student's own."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from labportal.classes.models import LabClass, Membership
from labportal.nudges import publish_to_class
from labportal.results.tokens import drop_tokens_of
from labportal.standings.models import Standing
from labportal.support.hands import lower_of
from labportal.writes import writing

Role = Membership.Role


def is_last_instructor(membership: Membership) -> bool:
    """Nobody else leads the class. One query for who leads it."""
    return membership.leads and not _other_instructors(membership).exists()


def end_membership(membership: Membership) -> bool:
    """False, and nothing is changed, for the last instructor: a class is not left to nobody.

    Where the student stands is forgotten with the last class that asks for it, and can be made again from the walk.
    """
    with writing():
        # Holds the class: else the last two instructors could leave at the same moment.
        LabClass.objects.select_for_update().get(pk=membership.lab_class_id)
        if is_last_instructor(membership):
            return False
        Membership.objects.filter(pk=membership.pk).delete()
        drop_tokens_of(membership.user_id, membership.lab_class_id)
        transaction.on_commit(partial(publish_to_class, membership.lab_class_id, {"members": None}))
        forget_standing(membership, membership.standing_id)
    return True


def forget_standing(membership: Membership, standing_id: int | None) -> None:
    """Where they stood, once no class of theirs asks for it; nor do they ask for help there any more. In the caller's
    transaction."""
    if standing_id is not None and Standing.objects.filter(pk=standing_id, memberships=None).delete()[0]:
        lower_of(membership.user_id, membership.lab_class.lab_id)


def _other_instructors(membership: Membership) -> QuerySet[Membership]:
    others = Membership.objects.filter(lab_class=membership.lab_class_id, role=Role.INSTRUCTOR)
    return others.exclude(pk=membership.pk)
