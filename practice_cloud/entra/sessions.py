"""A sign-in that has happened: who, when and how. Codes and refresh tokens stand for one."""

from __future__ import annotations

from dataclasses import dataclass

from practice_cloud.entra import tickets
from practice_cloud.store import Doc

PASSWORD, SECOND_FACTOR = "pwd", "mfa"
"""Ways to sign in, as ``amr`` names them."""


@dataclass(frozen=True, slots=True)
class Session:
    """``oid`` is that of the user in the tenant they come from; ``at`` is in seconds since 1970."""

    oid: str
    at: float
    amr: tuple[str, ...]

    def doc(self) -> Doc:
        return {"oid": self.oid, "signedAt": self.at, "amr": list(self.amr)}


def of(ticket: Doc) -> Session:
    """That of a code or a token; of one from before this was kept, what it cannot but have been."""
    issued = ticket["expires"] - tickets.SECONDS["refreshToken"]
    return Session(ticket["oid"], ticket.get("signedAt", issued), tuple(ticket.get("amr", (PASSWORD,))))
