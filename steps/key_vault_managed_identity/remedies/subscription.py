"""What the portal can mend about what the preflight misses in the subscription."""

from __future__ import annotations

from steps.kit.reasons import Remedy

REMEDIES: tuple[Remedy, ...] = ()
