"""Azure for one sitting: a worker whose lease may have run out begins nothing there."""

from __future__ import annotations

from typing import Any, cast

from labportal.runs.claims import Claim
from steps.kit.azure import Azure
from steps.kit.reader import AzureReader

EFFECTS = frozenset(
    name
    for name in set(vars(Azure)) - set(vars(AzureReader)) - {"caller_object_id"}
    if not name.startswith(("_", "resume_"))
)
"""What starts something that must not happen twice. Reading, and asking after what was started, may go on."""


def leashed(azure: Azure, claim: Claim) -> Azure:
    """Each of ``EFFECTS`` may raise what ``Claim.before_an_effect`` raises; all else is as before."""
    return cast("Azure", _Leashed(azure, claim))


class _Leashed:
    def __init__(self, azure: Azure, claim: Claim) -> None:
        self._azure = azure
        self._claim = claim

    def __getattr__(self, name: str) -> Any:
        if name in EFFECTS:
            self._claim.before_an_effect()
        return getattr(self._azure, name)
