"""What the portal can mend about the vault."""

from __future__ import annotations

from steps.kit.reasons import Remedy

REMEDIES: tuple[Remedy, ...] = ()
