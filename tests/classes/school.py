"""Classes and who is in them, as the portal would store them."""

from __future__ import annotations

from typing import Any

from labportal.accounts.models import User
from labportal.classes.models import LabClass, Membership
from labportal.labs.models import LabSession
from labportal.standings.follower import Follower
from labportal.standings.services import standing_of
from tests.portal.walks import LAB, person, ready_session

Role = Membership.Role


def a_class(name: str = "Monday group", **more: Any) -> LabClass:
    return LabClass.objects.create(lab_id=LAB.id, name=name, **more)


def member(lab_class: LabClass, user: User | str, role: Membership.Role = Role.STUDENT, **more: Any) -> Membership:
    """Somebody new, if only a name is given."""
    who = person(user) if isinstance(user, str) else user
    standing = standing_of(who, lab_class.lab_id) if role == Role.STUDENT else None
    return Membership.objects.create(
        **{"lab_class": lab_class, "user": who, "role": role, "name": who.username.title(), "standing": standing} | more
    )


def student(lab_class: LabClass, name: str) -> tuple[Membership, LabSession]:
    """Somebody new who has begun the lab."""
    one = member(lab_class, name)
    return one, ready_session(one.user)


def follow() -> int:
    """What the follower would do by itself within a second; how many standings it brought up to date."""
    return Follower().turn()
