"""How often somebody may: against guessing passwords, filling the portal with people, and keeping its workers busy."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from labportal.accounts.counts import Counts

_counts = Counts(settings.REDIS_URL)


@dataclass(frozen=True, slots=True)
class Allowance:
    """``times`` within ``seconds`` of the first."""

    name: str
    times: int
    seconds: int

    def take(self, *who: str) -> bool:
        """Counts one more; False when there is none left."""
        return _counts.add(self._key(who), 1, self.seconds) <= self.times

    def give_back(self, *who: str) -> None:
        """The last one taken does not count after all."""
        _counts.add(self._key(who), -1, self.seconds)

    def _key(self, who: tuple[str, ...]) -> str:
        """Of one length, whatever was typed, and no name can be read from it."""
        return f"{self.name}:{salted_hmac('labportal.accounts.limits', repr(who), algorithm='sha256').hexdigest()}"


GUESSES_AT_ONE = Allowance("guesses-at-one", times=10, seconds=300)
"""Wrong passwords for one name from one address."""
GUESSES = Allowance("guesses", times=200, seconds=300)
"""Wrong passwords from one address, behind which a whole class may sit."""
NEWCOMERS = Allowance("newcomers", times=1000, seconds=3600)
"""New guests and accounts from one address: several large classes."""
WRONG_CODES = Allowance("wrong-codes", times=100, seconds=300)
"""Join codes that no class has, from one address or by one person: a table may mistype, a script is stopped."""
STARTS = Allowance("starts", times=40, seconds=60)
"""Checks, carryings-out and looks at once in one walk through a lab: more than a hand can use, less than a script."""

DOWNLOADS = Allowance("downloads", times=20, seconds=3600)
"""Of all that is kept about one person."""


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
