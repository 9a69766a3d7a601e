"""How often somebody may: against guessing passwords, filling the portal with people, and keeping its workers busy.

Counted in the memory of the web process, of which there is one; a restart forgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest

_counts = LocMemCache("accounts.limits", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


@dataclass(frozen=True, slots=True)
class Allowance:
    """``times`` within ``seconds`` of the first."""

    name: str
    times: int
    seconds: int

    def take(self, *who: str) -> bool:
        """Counts one more; False when there is none left."""
        key = self._key(who)
        _counts.add(key, 0, self.seconds)
        try:
            return _counts.incr(key) <= self.times
        except ValueError:  # its time was up between the two
            return True

    def give_back(self, *who: str) -> None:
        """The last one taken does not count after all."""
        try:
            _counts.decr(self._key(who))
        except ValueError:  # its time is up: there is nothing to give back
            return

    def _key(self, who: tuple[str, ...]) -> str:
        """Of one length, whatever was typed, and no name stands in it."""
        return f"{self.name}:{sha256(repr(who).encode()).hexdigest()}"


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


def forget_all() -> None:
    """As a restart does."""
    _counts.clear()


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
