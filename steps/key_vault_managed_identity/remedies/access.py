"""What the portal can mend about who may read."""

from __future__ import annotations

from steps.kit.reasons import Remedy

REMEDIES: tuple[Remedy, ...] = ()
