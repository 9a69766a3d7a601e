"""What the portal can mend about the VM."""

from __future__ import annotations

from steps.kit.reasons import Remedy

REMEDIES: tuple[Remedy, ...] = ()
