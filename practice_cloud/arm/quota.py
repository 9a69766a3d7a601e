"""How many requests ARM would still take: counted and told, and never enforced (429 is what scenarios are for).

A bucket for each caller, subscription and kind of request, of the size and with the refill of
https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling.
"""

from __future__ import annotations

MOST_BUCKETS = 10_000
_SIZES = {"reads": (250, 25.0), "writes": (200, 10.0), "deletes": (200, 10.0)}
_KINDS = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}


class Quota:
    def __init__(self) -> None:
        self._left: dict[tuple[str, str, str], tuple[float, float]] = {}

    def take(self, caller: str, sid: str, method: str, now: float) -> dict[str, str]:
        """The header that tells what is left after one more request."""
        kind = _KINDS.get(method, "writes")
        size, refill = _SIZES[kind]
        if len(self._left) >= MOST_BUCKETS:
            self._left.clear()
        left, since = self._left.get((caller, sid, kind), (float(size), now))
        left = max(0.0, min(float(size), left + (now - since) * refill) - 1)
        self._left[(caller, sid, kind)] = (left, now)
        return {f"x-ms-ratelimit-remaining-subscription-{kind}": str(int(left))}
