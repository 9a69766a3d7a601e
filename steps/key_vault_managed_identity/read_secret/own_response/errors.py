"""Which error was printed, as a word of ours with the ids and names that Azure's message gives."""

from __future__ import annotations

import re

from steps.key_vault_managed_identity.read_secret.own_response.claims import GUID, audience, claims_in
from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind, Pasted
from steps.key_vault_managed_identity.read_secret.own_response.phrases import PHRASES, SLIPS

_AROUND = 900  # characters, white space taken out: one error with its message, and not the one before it

_BY_WHOM = {
    "oid": re.compile(rf"oid={GUID}", re.IGNORECASE),
    "appid": re.compile(rf"appid={GUID}", re.IGNORECASE),
    "vault": re.compile(r"(?:keyvault'|vault:)([a-z0-9-]{3,24});location=", re.IGNORECASE),
    "address": re.compile(r"clientaddress:(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])", re.IGNORECASE),
    "secret": re.compile(r"with\(name/id\)([0-9a-z-]{1,127}?)(?:/[0-9a-f]{32})?wasnotfound", re.IGNORECASE),
}
_BY_STATUS = {
    400: Kind.BAD_REQUEST,
    401: Kind.TOKEN_REFUSED,
    403: Kind.FORBIDDEN,
    404: Kind.BAD_REQUEST,
    405: Kind.BAD_REQUEST,
}
_HOST = re.compile(r"'([a-z0-9-]{3,24})\.vault\.azure\.net'")
"""A host by itself in quotation marks: how Windows PowerShell names, in each language, one that it did not find."""
_CONSEQUENCES = frozenset({Kind.NO_TOKEN, Kind.TOKEN_REFUSED, Kind.EMPTY_VARIABLE})
"""What follows by itself when a command before has failed: the failure before it is what to tell."""


def _tightened(phrase: str) -> str:
    return "".join(phrase.split()).casefold()


_MARKS = tuple((kind, _tightened(phrase)) for kind, phrases in PHRASES.items() for phrase in phrases)
_SLIP_MARKS = tuple((slip, _tightened(phrase)) for slip, phrases in SLIPS.items() for phrase in phrases)


def last_error(tight: str, low: str) -> Pasted | None:
    """The error printed last; of one that only follows from another, the other."""
    last: dict[Kind, int] = {}
    for kind, phrase in _MARKS:
        at = low.rfind(phrase)
        if at >= 0:
            last[kind] = max(at, last.get(kind, -1))
    if not last:
        return _in_other_language(low)
    kind = max(last, key=lambda one: last[one])
    earlier = {one: at for one, at in last.items() if one not in _CONSEQUENCES and at < last[kind]}
    if kind in _CONSEQUENCES and earlier:
        kind = max(earlier, key=lambda one: earlier[one])
    at = last[kind]
    around = tight[max(0, at - _AROUND) : at + _AROUND]
    return Pasted(*_settled(kind, low, at, {**claims_in(tight), **_named(around)}))


def _in_other_language(low: str) -> Pasted | None:
    """An error whose words are not English: its id is the same everywhere, and a status stands in parentheses."""
    at = low.rfind("webcmdletwebresponseexception")
    if at < 0:
        return None
    said = low[max(0, at - _AROUND) : at]
    host, status = _HOST.search(said), re.search(r"\(([1-5]\d\d)\)", said)
    if host and not status:
        return Pasted(Kind.VAULT_UNRESOLVED, {"vault": host[1]})
    kind = _BY_STATUS.get(int(status[1]), Kind.VAULT_BUSY) if status else Kind.IMDS_UNREACHABLE
    return Pasted(*_settled(kind, low, max(0, at - _AROUND), {}))


def _named(around: str) -> dict[str, str]:
    """Ids and names that Azure's message gives, each in the form the message has."""
    named = {}
    for fact, form in _BY_WHOM.items():
        for match in form.finditer(around):
            named[fact] = match[1].casefold()
    return named


def _settled(kind: Kind, low: str, at: int, facts: dict[str, str]) -> tuple[Kind, dict[str, str]]:
    """What only the rest of the message tells: which address it was, what the token was for, what was mistyped."""
    if kind is Kind.VAULT_UNRESOLVED:
        return _unresolved(low, at, facts)
    to_imds = _addressed(low, at) == "imds"
    if kind in {Kind.VAULT_BUSY, Kind.BAD_REQUEST} and to_imds:
        return Kind.IMDS_BUSY, facts
    if kind is Kind.IMDS_UNREACHABLE and _addressed(low, at) == "vault":
        return Kind.VAULT_UNREACHABLE, facts
    if kind is Kind.OTHER_AUDIENCE:
        found = low[at : at + 300].partition("found:")[2]
        return kind, {**facts, "aud": audience(found[:60])} if found else facts
    if kind is Kind.SYNTAX:
        slips = {slip: low.rfind(phrase) for slip, phrase in _SLIP_MARKS if phrase in low}
        return kind, {**facts, "slip": max(slips, key=lambda one: slips[one]) if slips else "other"}
    return kind, facts


def _unresolved(low: str, at: int, facts: dict[str, str]) -> tuple[Kind, dict[str, str]]:
    host = re.search(r"[('\"]([a-z0-9.-]{1,255})[:'\")]", low[at : at + 400])
    curls = re.match(r"couldnotresolvehost:([a-z0-9-]{1,63}\.vault\.azure\.net|[a-z0-9.-]{1,255})", low[at : at + 400])
    found = curls or host
    name = found[1] if found else ""
    if name.startswith("169.254."):
        return Kind.IMDS_UNREACHABLE, facts
    vault = name.removesuffix(".vault.azure.net")
    if name and vault == name:
        return Kind.WRONG_ADDRESS, facts
    return Kind.VAULT_UNRESOLVED, {**facts, "vault": vault}


def _addressed(low: str, at: int) -> str:
    """Whom the failed request was for: PowerShell shows the line below its message; else the last one above it."""
    marks = (("imds", "169.254."), ("imds", "metadata/identity"), ("vault", ".vault.azure"))
    below = [(low.find(mark, at, at + _AROUND), whom) for whom, mark in marks]
    after = [one for one in below if one[0] >= 0]
    if after:
        return min(after)[1]
    above, whom = max((low.rfind(mark, 0, at), whom) for whom, mark in marks)
    return whom if above >= 0 else ""
