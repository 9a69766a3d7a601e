"""From what a student pasted to what may be kept of it: a secret's identifier, or a word for what it is instead."""

from __future__ import annotations

import base64
import re

from steps.key_vault_managed_identity.identifier import Found, Identifier, last_in
from steps.key_vault_managed_identity.own_response.kinds import Kind, Pasted
from steps.key_vault_managed_identity.own_response.phrases import PHRASES, SLIPS

_ESCAPES = (
    *(("&quot;", '"'), ("&#34;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&#47;", "/"), ("&#x2F;", "/")),
    *(("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")),
    *(("\\r", " "), ("\\n", " "), ("\\u0027", "'"), ('\\"', '"'), ("\\/", "/")),
)
_TAG = re.compile(r"</?[a-z][^<>]{0,300}>", re.IGNORECASE)
_GUID = r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_AROUND = 900  # characters, white space taken out: one error with its message, and not the one before it

_BY_WHOM = {
    "oid": re.compile(rf"oid={_GUID}", re.IGNORECASE),
    "appid": re.compile(rf"appid={_GUID}", re.IGNORECASE),
    "vault": re.compile(r"(?:keyvault'|vault:)([a-z0-9-]{3,24});location=", re.IGNORECASE),
    "address": re.compile(r"clientaddress:(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])", re.IGNORECASE),
    "secret": re.compile(r"with\(name/id\)([0-9a-z-]{1,127}?)(?:/[0-9a-f]{32})?wasnotfound", re.IGNORECASE),
}
_CLAIMS = {name: re.compile(rf'"{name}"\s*:\s*"{_GUID}"') for name in ("oid", "appid", "tid")}
_AUD_CLAIM = re.compile(r'"aud"\s*:\s*"([^"]{1,200})"')
_PAYLOAD = re.compile(r"\.(eyJ[\w-]{20,8000})(?![\w-])", re.ASCII)
_REPLY_CLIENT = re.compile(rf'client_id"?:"?{_GUID}', re.IGNORECASE)
_AUDIENCES = {
    "vault": ("vault.azure.net", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"),
    "management": ("management.azure.com", "management.core.windows.net"),
    "graph": ("graph.microsoft.com", "graph.windows.net", "00000003-0000-0000-c000-000000000000"),
    "storage": ("storage.azure.com",),
    "sql": ("database.windows.net",),
}
_OTHER_OBJECT = re.compile(r"https://([a-z0-9-]{3,24})\.vault\.azure\.net/(key|certificate)s/", re.IGNORECASE)
_CUT_OFF = re.compile(
    r"https://[a-z0-9.-]{0,60}?(?:/[a-z0-9-]{0,127}){0,3}?(?:\.\.\.|\u2026)"
    r"|https://[a-z0-9-]{3,24}\.vault\.azure\.net/secrets/[0-9a-z-]{1,127}/[0-9a-f]{1,31}(?![0-9a-z?])",
    re.IGNORECASE,
)
_PARTS: dict[Kind, tuple[str, ...]] = {
    Kind.ID_LEFT_OUT: ("valueidattributes", "valueattributes", "attributes:@{", '"attributes":{'),
    Kind.NOTHING_PRINTED: ("componentstatus/stdout/succeeded",),
    Kind.COMMAND_ONLY: ("invoke-restmethod", "169.254.169.254"),
}
_CAUSES = frozenset({Kind.NO_TOKEN, Kind.TOKEN_REFUSED, Kind.EMPTY_VARIABLE})
"""What follows by itself when a command before has failed: the failure before it is what to tell."""


def keep(pasted: str) -> str:
    """The last whole identifier, or else what ``Pasted.dump`` makes of what this is; "" for what is not recognised."""
    for escape, plain in _ESCAPES:
        pasted = pasted.replace(escape, plain)
    found = last_in(pasted)
    if found is not None:
        return _answer(pasted, found)
    tight = "".join(_TAG.sub("", pasted).split())
    known = _error(tight, tight.casefold()) or _shape(pasted, tight, tight.casefold())
    return known.dump() if known else ""


def _answer(text: str, found: Found) -> str:
    """An identifier is kept as it is, unless it stands in an answer about something else."""
    identifier = Identifier.parse(found.text)
    facts = {"vault": identifier.vault, "secret": identifier.name} if identifier else {}
    if "/deletedsecrets/" in text[found.since :].casefold():
        return Pasted(Kind.DELETED_SECRET, facts).dump()
    if "nextlink" in text[found.end :].casefold():
        return Pasted(Kind.LIST, {"of": "versions", **facts}).dump()
    return found.text


def _tightened(phrase: str) -> str:
    return "".join(phrase.split()).casefold()


_MARKS = tuple((kind, _tightened(phrase)) for kind, phrases in PHRASES.items() for phrase in phrases)
_SLIP_MARKS = tuple((slip, _tightened(phrase)) for slip, phrases in SLIPS.items() for phrase in phrases)


def _error(tight: str, low: str) -> Pasted | None:
    """The error printed last; of one that only follows from another, the other."""
    last: dict[Kind, int] = {}
    for kind, phrase in _MARKS:
        at = low.rfind(phrase)
        if at >= 0:
            last[kind] = max(at, last.get(kind, -1))
    if not last:
        return None
    kind = max(last, key=lambda one: last[one])
    earlier = {one: at for one, at in last.items() if one not in _CAUSES and at < last[kind]}
    if kind in _CAUSES and earlier:
        kind = max(earlier, key=lambda one: earlier[one])
    at = last[kind]
    around = tight[max(0, at - _AROUND) : at + _AROUND]
    return Pasted(*_settled(kind, low, at, {**_claims(tight), **_named(around)}))


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
    name = host[1] if host else ""
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


def _claims(tight: str) -> dict[str, str]:
    """Of a token: whom it stands for and what it is for. Of the reply it came in, where the token is cut off, that."""
    payloads = [match[1] for match in _PAYLOAD.finditer(tight)]
    if not payloads:
        return _reply(tight)
    part = payloads[-1][:-1] if len(payloads[-1]) % 4 == 1 else payloads[-1]
    told = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "replace")
    claims = {name: match[1].casefold() for name, form in _CLAIMS.items() if (match := form.search(told))}
    aud = _AUD_CLAIM.search(told)
    return {**claims, "aud": audience(aud[1])} if aud else claims


def _reply(tight: str) -> dict[str, str]:
    low = tight.casefold()
    if "access_token" not in low or "token_type" not in low:
        return {}
    client = _REPLY_CLIENT.search(tight)
    resource = re.search(r'resource"?:"?(https://[a-z.]{3,40})', low)
    return {
        **({"appid": client[1].casefold()} if client else {}),
        **({"aud": audience(resource[1])} if resource else {}),
    }


def audience(text: str) -> str:
    """A word of ours for what a token is meant for: the service that ``text`` names first."""
    low = text.casefold()[:200]
    named = [(at, word) for word, hosts in _AUDIENCES.items() for host in hosts if (at := low.find(host)) >= 0]
    return min(named)[1] if named else "other"


def _shape(text: str, tight: str, low: str) -> Pasted | None:
    """What answered, where no error did: the answer to another question, or a part of the right one."""
    if "/deletedsecrets/" in low:
        return Pasted(Kind.DELETED_SECRET)
    if "nextlink" in low and "value" in low:
        return Pasted(Kind.LIST, {"of": "secrets"})
    other = _OTHER_OBJECT.search(text)
    if other:
        return Pasted(Kind.OTHER_OBJECT, {"of": other[2].casefold(), "vault": other[1]})
    if _CUT_OFF.search(text):
        return Pasted(Kind.ID_CUT_OFF)
    claims = _claims(tight)
    if claims or ("access_token" in low and "token_type" in low):
        return Pasted(Kind.TOKEN, claims)
    kind = next((kind for kind, marks in _PARTS.items() if any(mark in low for mark in marks)), None)
    return Pasted(kind) if kind else None
