"""Those who come by the code of a class: let in or turned away one by one where it wants that, and put out again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes import joining
from labportal.classes.audit import note_act, one_deed
from labportal.classes.models import Act, Knock, LabClass
from labportal.writes import writing


def waiting_in(lab_class: LabClass) -> QuerySet[Knock]:
    """Who waits to be let in, the first first."""
    return Knock.objects.filter(lab_class=lab_class, turned_away_at=None).order_by("pk")


def turned_away_from(lab_class: LabClass) -> QuerySet[Knock]:
    """Whom its code does not let in any more, the latest first."""
    return Knock.objects.filter(lab_class=lab_class, turned_away_at__isnull=False).order_by("-turned_away_at")


def let_in(by: User, knocks: Sequence[Knock]) -> int:
    """As students, each in a transaction of their own. How many: who took it back meanwhile is passed over."""
    deed = one_deed(Act.Kind.LET_IN, len(knocks))
    return sum(_let_in(by, knock, deed) for knock in knocks)


def turn_away(by: User, knocks: Sequence[Knock]) -> int:
    """The code leads them nowhere from now on. How many: who took it back meanwhile is passed over."""
    deed = one_deed(Act.Kind.TURNED_AWAY, len(knocks))
    return sum(_turn_away(by, knock, deed) for knock in knocks)


def let_back(by: User, knock: Knock) -> None:
    """The code works for them again, as for everybody."""
    with writing():
        if turned_away_from(knock.lab_class).filter(pk=knock.pk).delete()[0]:
            note_act(by, knock.user, knock.lab_class, Act.Kind.LET_BACK, f"opened {knock.lab_class.name} to you again")


def take_back(user: User, knock_id: int) -> bool:
    """Who waits does not want to any more. False if there is nothing of theirs to take back."""
    with writing():
        return Knock.objects.filter(pk=knock_id, user=user, turned_away_at=None).delete()[0] == 1


def _let_in(by: User, knock: Knock, deed: str | None) -> bool:
    with writing():
        lab_class = joining.hold(knock.lab_class_id)
        if not waiting_in(lab_class).filter(pk=knock.pk).exists():
            return False
        joining.enrol(knock.user, lab_class, name=knock.name)
        note_act(by, knock.user, lab_class, Act.Kind.LET_IN, f"let you into {lab_class.name}", deed=deed)
    return True


def _turn_away(by: User, knock: Knock, deed: str | None) -> bool:
    with writing():
        lab_class = joining.hold(knock.lab_class_id)
        if not waiting_in(lab_class).filter(pk=knock.pk).update(turned_away_at=timezone.now()):
            return False
        note_act(by, knock.user, lab_class, Act.Kind.TURNED_AWAY, f"did not let you into {lab_class.name}", deed=deed)
    return True
