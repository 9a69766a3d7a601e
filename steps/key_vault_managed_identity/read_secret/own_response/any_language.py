"""Errors whose words are in no language that is looked for: what all of them have in common.

An id of PowerShell's is the same everywhere; a status stands in parentheses after a colon; a host that was not found
stands alone in quotes, or with its port in parentheses; and who answered at all did so in JSON.
"""

from __future__ import annotations

import re

from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind, Pasted
from steps.key_vault_managed_identity.read_secret.own_response.settling import AROUND, settled

_BY_STATUS = {
    400: Kind.BAD_REQUEST,
    401: Kind.TOKEN_REFUSED,
    403: Kind.FORBIDDEN,
    404: Kind.NOTHING_THERE,
    405: Kind.WRONG_METHOD,
    407: Kind.PROXY,
    **dict.fromkeys((408, 410, 429, *range(500, 600)), Kind.VAULT_BUSY),
}
_STATUS = re.compile(r":\(([45]\d\d)\)")
_HOST = re.compile(r":'([a-z0-9-]{3,24})\.vault\.azure\.net'")
_WITH_PORT = re.compile(r"(.{0,40})\((169\.254\.169\.254|([a-z0-9-]{3,24})\.vault\.azure\.net):\d{2,3}\)")
_UNKNOWN = ("unbekannt", "inconnu", "desconoc", "sconosciut", "desconhec", "onbekend")
"""How PowerShell 7 says, in languages of Windows, that a host is not known. In any other it was just not reached."""
_OF_A_REQUEST = (
    "webcmdletwebresponseexception",
    "system.net.webexception,microsoft.powershell",
    "httpresponseexception",
)
"""Ids of PowerShell's for a request that failed."""


def in_any_language(low: str) -> Pasted | None:
    """The last error of all that can be told without knowing its words."""
    found = [one for one in (_id(low), _status(low), _host(low), _port(low), _ampersand(low)) if one is not None]
    return max(found, key=lambda one: one[0])[1] if found else None


def _told(low: str, at: int, kind: Kind, facts: dict[str, str] | None = None) -> tuple[int, Pasted]:
    return at, Pasted(*settled(kind, low, at, facts or {}))


def _last(form: re.Pattern[str], low: str) -> re.Match[str] | None:
    return max(form.finditer(low), key=lambda match: match.start(), default=None)


def _status(low: str) -> tuple[int, Pasted] | None:
    status = _last(_STATUS, low)
    return _told(low, status.start(), _BY_STATUS.get(int(status[1]), Kind.VAULT_REFUSED)) if status else None


def _host(low: str) -> tuple[int, Pasted] | None:
    host = _last(_HOST, low)
    return _told(low, host.start(), Kind.VAULT_UNRESOLVED) if host else None


def _port(low: str) -> tuple[int, Pasted] | None:
    host = _last(_WITH_PORT, low)
    if host is None:
        return None
    known = any(word in host[1] for word in _UNKNOWN)
    return _told(low, host.start(2) - 1, Kind.VAULT_UNRESOLVED if known else Kind.IMDS_UNREACHABLE)


def _ampersand(low: str) -> tuple[int, Pasted] | None:
    at = low.rfind("(&)")
    return (at, Pasted(Kind.SYNTAX, {"slip": "ampersand"})) if at >= 0 else None


def _id(low: str) -> tuple[int, Pasted] | None:
    """By the id below it, of which the message above says more: its status, its host, or what it is about."""
    at = max(low.rfind(mark) for mark in _OF_A_REQUEST)
    if at < 0:
        return None
    begin = max(0, at - AROUND)
    said = low[begin:at]
    if (status := _last(_STATUS, said)) is not None:
        return _told(low, begin, _BY_STATUS.get(int(status[1]), Kind.VAULT_REFUSED))
    if '"error":' in said:
        return _told(low, begin, Kind.VAULT_REFUSED)
    if (host := _last(_HOST, said)) is not None:
        return _told(low, begin + host.start(), Kind.VAULT_UNRESOLVED)
    return _told(low, begin, Kind.TLS if "ssl/tls" in said else Kind.IMDS_UNREACHABLE)
