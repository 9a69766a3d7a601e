"""Which error was printed, as a word of ours with the ids and names that Azure's message gives."""

from __future__ import annotations

import re

from steps.key_vault_managed_identity.read_secret.own_response.any_language import in_any_language
from steps.key_vault_managed_identity.read_secret.own_response.claims import GUID, claims_in
from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind, Pasted
from steps.key_vault_managed_identity.read_secret.own_response.phrases import PHRASES
from steps.key_vault_managed_identity.read_secret.own_response.settling import AROUND, settled, tightened

_BY_WHOM = {
    "oid": re.compile(rf"oid={GUID}", re.IGNORECASE),
    "appid": re.compile(rf"appid={GUID}", re.IGNORECASE),
    "vault": re.compile(r"(?:keyvault'|vault:)([a-z0-9-]{3,24});location=", re.IGNORECASE),
    "address": re.compile(r"clientaddress:(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])", re.IGNORECASE),
    "deny": re.compile(
        r"denyassignmentid:'?(?:/[^']{1,400}/)?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})", re.IGNORECASE
    ),
    "right": re.compile(r"doesnothavesecrets(list|set|delete|backup|restore|recover|purge)permission", re.IGNORECASE),
    "secret": re.compile(r"with\(name/id\)([0-9a-z-]{1,127}?)(?:/[0-9a-f]{32})?wasnotfound", re.IGNORECASE),
}
_CONSEQUENCES = frozenset({Kind.NO_TOKEN, Kind.TOKEN_REFUSED, Kind.EMPTY_VARIABLE})
"""What follows by itself when a command before has failed: the failure before it is what to tell."""

_MARKS = tuple((kind, tightened(phrase)) for kind, phrases in PHRASES.items() for phrase in phrases)


def last_error(tight: str, low: str) -> Pasted | None:
    """The error printed last; of one that only follows from another, the other."""
    last: dict[Kind, int] = {}
    for kind, phrase in _MARKS:
        at = low.rfind(phrase)
        if at >= 0:
            last[kind] = max(at, last.get(kind, -1))
    if not last:
        return in_any_language(low) or _in_other_words(low)
    kind = max(last, key=lambda one: last[one])
    earlier = {one: at for one, at in last.items() if one not in _CONSEQUENCES and at < last[kind]}
    if kind in _CONSEQUENCES and earlier:
        kind = max(earlier, key=lambda one: earlier[one])
    at = last[kind]
    before = in_any_language(low[:at]) if kind in _CONSEQUENCES else None
    if before is not None:
        return before
    around = tight[max(0, at - AROUND) : at + AROUND]
    return Pasted(*settled(kind, low, at, {**claims_in(tight), **_named(around)}))


def _in_other_words(low: str) -> Pasted | None:
    """Who was asked has answered with an error that is not among those known. PowerShell 7 prints no id of its own."""
    at = low.rfind('"error":')
    if at < 0 or "invoke-restmethod" not in low:
        return None
    return Pasted(*settled(Kind.VAULT_REFUSED, low, at, {}))


def _named(around: str) -> dict[str, str]:
    """Ids and names that Azure's message gives, each in the form the message has."""
    named = {}
    for fact, form in _BY_WHOM.items():
        for match in form.finditer(around):
            named[fact] = match[1].casefold()
    return named
