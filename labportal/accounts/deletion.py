"""Taking a person out of the portal, with all that is kept about them.

What stays is what belongs to others: their own logs, notes and messages say that somebody did something, and no longer
who. What stays in the practice cloud is a subscription with an opaque key, which nothing leads back from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from labportal.accounts.kept import keys_to
from labportal.accounts.models import User
from labportal.classes.models import Invitation, LabClass, Membership
from labportal.nudges import publish_to_class
from labportal.runs.models import ACTIVE, Attempt
from labportal.support.models import Message
from labportal.writes import writing

NOBODY = "A former member"
"""Who did something, once they are gone."""
Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Hindrances:
    """Why somebody cannot be deleted yet. ``classes`` are led by them alone, and have students; ``under_way`` is what
    the portal is doing in their labs."""

    classes: tuple[LabClass, ...]
    under_way: tuple[Attempt, ...]

    def __bool__(self) -> bool:
        return bool(self.classes or self.under_way)


def what_hinders(user: User) -> Hindrances:
    """Two queries."""
    classes = _led_alone(user).filter(_has_students(), archived_at=None).order_by("name")
    attempts = Attempt.objects.filter(session__user=user, state__in=ACTIVE)
    return Hindrances(tuple(classes), tuple(attempts))


def classes_that_go(user: User) -> QuerySet[LabClass]:
    """Those that only they lead, and that nobody learns in."""
    return _led_alone(user).filter(~_has_students()).order_by("name")


def delete_person(user: User) -> bool:
    """False, and nothing is changed, while something hinders it. An archived class with students stays as it is, for
    an administrator to give to somebody."""
    with writing():
        User.objects.select_for_update().get(pk=user.pk)
        if what_hinders(user):
            return False
        for class_id in user.memberships.values_list("lab_class", flat=True):
            transaction.on_commit(partial(publish_to_class, class_id, {"members": None}))
        forget_names_of(user)
        classes_that_go(user).delete()
        user.delete()
    return True


def forget_names_of(user: User) -> None:
    """Where others keep what this person did, or wrote to or of them alone; and in the log of Django's admin, where an
    account is called as its person was. Nothing else is called by a name there."""
    for key in keys_to(User):
        name = f"{key.name}_name"
        if name in {field.name for field in key.model._meta.concrete_fields}:
            key.model._base_manager.filter(**{key.name: user}).update(**{name: NOBODY})
    Invitation.objects.filter(accepted_by=user).delete()
    Message.objects.filter(to=Message.To.ONE, receipts__user=user).delete()  # it names them
    account = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=account, object_id=str(user.pk)).update(object_repr=NOBODY)


def _led_alone(user: User) -> QuerySet[LabClass]:
    leading = Membership.objects.filter(lab_class=OuterRef("pk"), role=Role.INSTRUCTOR)
    return LabClass.objects.filter(Exists(leading.filter(user=user)), ~Exists(leading.exclude(user=user)))


def _has_students() -> Exists:
    return Exists(Membership.objects.filter(lab_class=OuterRef("pk"), role=Role.STUDENT))
