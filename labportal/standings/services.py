"""What other rooms may ask of standings: that one be kept, and that it be looked at anew."""

from __future__ import annotations

from datetime import datetime

from django.db.models.functions import Now

from labportal.accounts.models import User
from labportal.standings.models import Standing
from labportal.writes import writing


def standing_of(user: User, lab_id: str) -> Standing:
    """The one that is kept of this person from now on; what they have done before is in it within a second."""
    with writing():
        return Standing.objects.get_or_create(user=user, lab_id=lab_id, defaults={"touched": True})[0]


def touch(user_id: int, lab_id: str) -> None:
    """Something has changed that no attempt tells of, and not by the student. Harmless for who has none."""
    with writing():
        Standing.objects.filter(user=user_id, lab_id=lab_id, touched=False).update(touched=True)


def seen(user_id: int, lab_id: str) -> None:
    """The student has done something that no attempt tells of: seen a hint, begun a walk. Harmless for who has none."""
    with writing():
        Standing.objects.filter(user=user_id, lab_id=lab_id).update(seen_at=Now(), touched=True)


def hand_raised(user_id: int, lab_id: str, at: datetime | None) -> None:
    """Since when their hand is up, None once it is lowered; the boards hear of it with the follower's next turn."""
    with writing():
        changes = {"hand_at": at} if at is None else {"hand_at": at, "seen_at": at}
        Standing.objects.filter(user=user_id, lab_id=lab_id).update(**changes, touched=True)
