"""The api-versions of the data plane: those that there are, and no date that only looks like one.

As https://github.com/Azure/azure-rest-api-specs has them (specification/keyvault/data-plane), and the Python SDK's
``ApiVersion``.
"""

from __future__ import annotations

_STABLE = ("2015-06-01", "2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01")
_NUMBERED = ("7.0-preview", "7.2-preview", "7.3-preview", "7.4-preview.1", "7.5-preview.1", "7.6-preview.1")
_DATED = ("2025-06-01", "2025-07-01", "2026-01-01", "2026-03-01", "2026-05-01", "2026-07-01")
NEWEST = _STABLE[-1]
KNOWN = frozenset((*_STABLE, *_NUMBERED, "7.6-preview.2", *(f"{date}-preview" for date in _DATED)))
BEFORE_RECOVERABLE_DAYS = ("2015-06-01", "2016-10-01", "7.0", "7.0-preview")
"""``recoverableDays`` came with 7.1."""
