"""Two classes with everything in them, and everybody who may knock at the door of the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.audit import note_act, one_deed
from labportal.classes.models import Act, Invitation, Knock, LabClass, Membership
from labportal.results.models import ApiToken
from labportal.rounds.models import Round
from labportal.runs.models import Attempt
from labportal.support.models import Hand, Note
from tests.classes import people
from tests.classes.school import Role, a_class, member
from tests.portal import walks
from tests.portal.browsing import Browser

VOLATILE = {"sessions.Session", "accounts.User"}
"""What a mere look may change: that somebody has been here."""


@dataclass(frozen=True)
class World:
    """``values`` and ``foreign`` fill the addresses of the first and of the second class."""

    visitors: dict[str, User]
    lab_class: LabClass
    values: dict[str, object]
    foreign: dict[str, object]

    def browser(self, visitor: str, **more: bool) -> Browser:
        """Nobody's, for who is none of the visitors."""
        return Browser(self.visitors.get(visitor), **more)


OUTSIDERS = ("stranger", "instructor of another", "observer of another", "student of another")
MEMBERS = {"student": 0, "observer": 1, "instructor": 2}
"""By rank, as in ``matrix.Who``."""


def two_classes() -> World:
    first, second = a_class("First group"), a_class("Second group")
    own, foreign = _inhabited(first, "ina", "olga", "stu"), _inhabited(second, "ivan", "otto", "sara")
    return World(
        visitors={
            "stranger": walks.person("eve"),
            **dict(zip(("instructor", "observer", "student"), own, strict=True)),
            **dict(zip(OUTSIDERS[1:], foreign, strict=True)),
        },
        lab_class=first,
        values=_values(first, own),
        foreign=_values(second, foreign),
    )


@contextmanager
def for_a_while() -> Iterator[World]:
    """The two classes, in a transaction that is rolled back in the end."""
    with transaction.atomic():
        yield two_classes()
        transaction.set_rollback(True)


def everything_kept() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but those that a look may change."""
    kept: dict[str, list[tuple[object, ...]]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.label not in VOLATILE:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)} ORDER BY 1")
                kept[model._meta.label] = cursor.fetchall()
    return kept


Inhabitants = tuple[User, User, User]


def _inhabited(lab_class: LabClass, *names: str) -> Inhabitants:
    """An instructor, an observer and a student, about whom everything is kept. Each has a walk of their own."""
    instructor, observer, student = (walks.person(name) for name in names)
    member(lab_class, instructor, Role.INSTRUCTOR)
    member(lab_class, observer, Role.OBSERVER)
    people.studied(student, lab_class, instructor)
    for other in (instructor, observer):
        walks.ready_session(other)
    Invitation.objects.create(lab_class=lab_class, name="Not come yet")
    now = timezone.now()
    deed = one_deed(Act.Kind.ROUND, 2)
    note_act(instructor, student, lab_class, Act.Kind.ROUND, "checked all your tasks", deed=deed)
    away = walks.person(f"{names[2]}-away")
    Knock.objects.create(lab_class=lab_class, user=away, name="Wilfried", turned_away_at=now)
    ApiToken.objects.create(lab_class=lab_class, user=instructor, name="t", digest=lab_class.name, expires_at=now)
    Round.objects.create(lab_class=lab_class, by=instructor, by_name="i", state=Round.State.PLANNED, starts_at=now)
    return instructor, observer, student


def _values(lab_class: LabClass, inhabitants: Inhabitants) -> dict[str, object]:
    """By parameter of the addresses. A new one is to be filled in here."""
    student = inhabitants[2]
    return {
        "class_id": lab_class.pk,
        "member_id": Membership.objects.get(lab_class=lab_class, user=student).pk,
        "invitation_id": Invitation.objects.get(lab_class=lab_class, accepted_by=None).pk,
        "act_id": Act.objects.get(lab_class=lab_class, person=None).pk,
        "knock_id": Knock.objects.get(lab_class=lab_class).pk,
        "hand_id": Hand.objects.get(user=student).pk,
        "note_id": Note.objects.get(about=student).pk,
        "attempt_id": Attempt.objects.filter(session__user=student)[0].pk,
        "round_id": Round.objects.get(lab_class=lab_class).pk,
        "task_id": walks.TASK.id,
        "token_id": ApiToken.objects.get(lab_class=lab_class).pk,
    }


SHARED = {"class_id", "task_id"}
"""Parameters that are not one class's own thing: those of the other class are no forgery."""
