"""Tokens: made, shown once, recognised, revoked.

A token is 32 random bytes, so a plain digest of it cannot be turned back, and needs no salt.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Q, QuerySet
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.models import LabClass, Membership
from labportal.results.models import ApiToken
from labportal.writes import writing

BEGINS = "lab_"
"""So that a token is known for one where it should not be, by people and by programs that look for such."""
MOST = 20
"""Tokens of one class at a time."""
USE_NOTED_EVERY = timedelta(minutes=1)


class TooMany(Exception):
    """The class has ``MOST`` tokens."""


def make(lab_class: LabClass, user: User, name: str, days: int) -> tuple[ApiToken, str]:
    """The row, and the token itself, which nobody can be shown again. Raises ``TooMany``."""
    token = BEGINS + secrets.token_urlsafe(32)
    with writing():
        locked = LabClass.objects.select_for_update().get(pk=lab_class.pk)
        if ApiToken.objects.filter(lab_class=locked).count() >= MOST:
            raise TooMany
        made = ApiToken.objects.create(
            lab_class=locked,
            user=user,
            name=name,
            digest=digest_of(token),
            ending=token[-4:],
            expires_at=timezone.now() + timedelta(days=days),
        )
    return made, token


def revoke(lab_class: LabClass, token_id: int) -> ApiToken | None:
    """The one that is gone; None where the class has no such token."""
    with writing():
        found = ApiToken.objects.filter(lab_class=lab_class, pk=token_id).first()
        if found is not None:
            ApiToken.objects.filter(pk=token_id).delete()
    return found


def drop_tokens_of(user_id: int, class_id: int) -> None:
    """Whoever does not lead the class any more has none there: asleep, they would open it again to whoever has kept
    them, should their maker come back. In the caller's transaction."""
    ApiToken.objects.filter(user=user_id, lab_class=class_id).delete()


def tokens_of(lab_class: LabClass) -> QuerySet[ApiToken]:
    """With who made each; the newest first."""
    return ApiToken.objects.filter(lab_class=lab_class).select_related("user").order_by("-pk")


def recognise(token: str, now: datetime) -> ApiToken | None:
    """With its class; None for one that is unknown, has run out, or whose maker may not sign in any more. One query."""
    known = ApiToken.objects.select_related("lab_class").filter(digest=digest_of(token))
    return known.filter(expires_at__gt=now, user__is_active=True).first()


def may_read(token: ApiToken) -> bool:
    """Whether who made it still is an instructor of the class: an observer looks, and leaves nobody there to look."""
    leading = Membership.objects.filter(role=Membership.Role.INSTRUCTOR, lab_class=token.lab_class_id)
    return leading.filter(user=token.user_id).exists()


def note_use(token: ApiToken, now: datetime) -> None:
    """At most once in ``USE_NOTED_EVERY``: a program that reads page after page writes nothing."""
    before = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < before:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lt=before)
        with writing():
            ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
