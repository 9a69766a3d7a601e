"""What only the rest of an error's message tells: which address it was, what the token was for, what was mistyped."""

from __future__ import annotations

import re

from steps.key_vault_managed_identity.read_secret.own_response.asked import (
    addressed,
    header_slip,
    mistyped_imds,
    resource_asked,
    wrong_scheme,
)
from steps.key_vault_managed_identity.read_secret.own_response.claims import audience
from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind
from steps.key_vault_managed_identity.read_secret.own_response.phrases import SLIPS

AROUND = 900  # characters, white space taken out: one error with its message, and not the one before it

_REFUSALS = frozenset({Kind.BAD_REQUEST, Kind.NOTHING_THERE, Kind.FORBIDDEN, Kind.TOKEN_REFUSED, Kind.VAULT_REFUSED})
"""Named after the vault. Where the metadata service was asked, it was that one who refused."""
_NO_WAY = frozenset({Kind.IMDS_UNREACHABLE, Kind.VAULT_UNRESOLVED, Kind.TLS})
"""What http in the place of https leads to, and the other way round."""
_TRUST = (
    *("trustrelationship", "vertrauen", "confiance", "confianza", "ditrust", "confian\u00e7a", "vertrouwen"),
    *("certificateisinvalid", "sslconnectioncouldnotbeestablished"),
)
"""What speaks of a certificate that is not trusted. The last is PowerShell 7's, which is new enough for TLS 1.2."""
_CHANNEL = ("createssl/tls", "erroroccurredonasend", "ssl/tls-kanalerstellt", "cr\u00e9er", "crear")
"""What speaks of a way to encrypt that was not agreed on."""
_AZ_UNKNOWN = ("theterm'az'", "'az'isnot", "az:commandnotfound", "az:notfound", "(az:string)")
_URI = re.compile("['\"\u201e\u201c\u00ab]uri['\"\u201c\u201d\u00bb]")
"""The parameter's name in the quotation marks of several languages."""

_HOST = re.compile(r"'([a-z0-9-]{3,24}\.vault\.azure\.net)'")

Settled = tuple[Kind, dict[str, str]]


def cloud_of(low: str) -> str:
    """Which other cloud of Azure's an address of a vault belongs to; "" for none."""
    if ".vault.usgovcloudapi.net" in low:
        return "government"
    return "china" if ".vault.azure.cn" in low else ""


def tightened(phrase: str) -> str:
    return "".join(phrase.split()).casefold()


_SLIP_MARKS = tuple((slip, tightened(phrase)) for slip, phrases in SLIPS.items() for phrase in phrases)


def settled(kind: Kind, low: str, at: int, facts: dict[str, str]) -> Settled:
    """``at`` is where the words that mark ``kind`` begin."""
    mistyped = _mistyped(low, at) if kind in _NO_WAY else None
    if mistyped is not None:
        return mistyped
    if kind is Kind.VAULT_UNRESOLVED:
        return _unresolved(low, at, facts)
    if kind is Kind.OTHER_AUDIENCE:
        found = low[at : at + 300].partition("found:")[2]
        return kind, {**facts, "aud": audience(found[:60])} if found else facts
    if kind is Kind.SYNTAX:
        slips = {slip: low.rfind(phrase) for slip, phrase in _SLIP_MARKS if phrase in low}
        return kind, {**facts, "slip": max(slips, key=lambda one: slips[one]) if slips else "other"}
    if kind is Kind.TLS:
        return kind, _untrusted(low, at)
    asked = _asked(kind, low, at)
    return asked if asked is not None else (_of_a_shell(kind, low, at), facts)


def _mistyped(low: str, at: int) -> Settled | None:
    """Nothing stood in the way: the address itself, shown beside the error, leads nowhere."""
    if wrong := wrong_scheme(low, at, AROUND):
        return Kind.WRONG_SCHEME, wrong
    return (Kind.WRONG_ADDRESS, {"to": "imds"}) if mistyped_imds(low, at, AROUND) else None


def _asked(kind: Kind, low: str, at: int) -> Settled | None:
    """Whoever was asked is the one who refused, was busy, or was not reached. None where that is settled already."""
    whom = addressed(low, at, AROUND)
    if kind in {Kind.PROXY, Kind.WRONG_METHOD}:
        return kind, {"to": whom} if whom else {}
    if whom == "imds" and kind is Kind.VAULT_BUSY:
        return Kind.IMDS_BUSY, {}
    if whom == "imds" and kind in _REFUSALS:
        return Kind.IMDS_REFUSED, {}
    if whom == "vault" and kind is Kind.IMDS_UNREACHABLE:
        return Kind.VAULT_UNREACHABLE, {}
    return _with_a_token(kind, low, at) if kind in {Kind.NO_TOKEN, Kind.TOKEN_REFUSED} else None


def _with_a_token(kind: Kind, low: str, at: int) -> Settled | None:
    """The commands beside a refusal may show what was wrong about the token or its header."""
    header = header_slip(low, at, AROUND)
    if header:
        return kind, {"header": header}
    aud = audience(resource_asked(low, at)) if kind is Kind.TOKEN_REFUSED else "other"
    return (Kind.OTHER_AUDIENCE, {"aud": aud}) if aud in {"slash", "one-vault"} else None


def _untrusted(low: str, at: int) -> dict[str, str]:
    said = low[at : at + AROUND]
    if any(word in said for word in _TRUST):
        return {"of": "trust"}
    return {} if any(word in said for word in _CHANNEL) else {"of": "either"}


def _of_a_shell(kind: Kind, low: str, at: int) -> Kind:
    """What the words around say more exactly than the error's own."""
    around = low[max(0, at - AROUND) : at + AROUND]
    if kind in {Kind.UNKNOWN_COMMAND, Kind.NOT_POWERSHELL} and any(mark in around for mark in _AZ_UNKNOWN):
        return Kind.AZ_MISSING
    if kind is Kind.WRONG_PARAMETER and _URI.search(around):
        return Kind.WRONG_ADDRESS
    if kind is Kind.HEADER_BROKEN and low.startswith("theformatofvalue'bearer'", at):
        return Kind.EMPTY_VARIABLE
    return kind


def _unresolved(low: str, at: int, facts: dict[str, str]) -> Settled:
    host = re.search(r"[('\"]([a-z0-9.-]{1,255})[:'\")]", low[at : at + 400])
    curls = re.match(r"couldnotresolvehost:([a-z0-9-]{1,63}\.vault\.azure\.net|[a-z0-9.-]{1,255})", low[at : at + 400])
    before = _HOST.findall(low[max(0, at - 200) : at])  # Python names it first, and what the matter is then
    name = curls[1] if curls else host[1] if host else before[-1] if before else ""
    if "couldnotberesolved:''" in low[at : at + 80]:  # a placeholder in its < and >, which are taken for a tag
        return Kind.WRONG_ADDRESS, facts
    if name.startswith("169.254."):
        return Kind.IMDS_UNREACHABLE, facts
    vault = name.removesuffix(".vault.azure.net")
    if name and vault == name:
        return (Kind.OTHER_CLOUD, {"cloud": cloud}) if (cloud := cloud_of(name)) else (Kind.WRONG_ADDRESS, facts)
    return Kind.VAULT_UNRESOLVED, {**facts, "vault": vault}
