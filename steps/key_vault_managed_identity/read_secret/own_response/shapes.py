"""What answered, where no error did: the answer to another question, or a part of the right one."""

from __future__ import annotations

import re

from steps.key_vault_managed_identity.read_secret.own_response.claims import claims_in
from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind, Pasted

_OTHER_OBJECT = re.compile(r"https://([a-z0-9-]{3,24})\.vault\.azure\.net/(key|certificate)s/", re.IGNORECASE)
_CUT_OFF = re.compile(
    r"https://[a-z0-9.-]{0,60}?(?:/[a-z0-9-]{0,127}){0,3}?(?:\.\.\.|\u2026)"
    r"|https://[a-z0-9-]{3,24}\.vault\.azure\.net/secrets/[0-9a-z-]{1,127}/[0-9a-f]{1,31}(?![0-9a-z?])",
    re.IGNORECASE,
)
_WITHOUT_VERSION = re.compile(
    r"https://[a-z0-9-]{3,24}\.vault\.azure\.net/secrets/[0-9a-z-]{1,127}/?(?![0-9a-z/?-])", re.IGNORECASE
)
_PARTS: dict[Kind, tuple[str, ...]] = {
    Kind.ID_LEFT_OUT: ("valueidattributes", "valueattributes", "attributes:@{", '"attributes":{'),
    Kind.NOTHING_PRINTED: ("componentstatus/stdout/succeeded",),
    Kind.COMMAND_ONLY: ("invoke-restmethod", "169.254.169.254"),
}
_OF_AN_ERROR = ("invoke-restmethod:", "categoryinfo", "curl:(")
"""Beside a command: what it printed is an error that is not among those known."""


def answer_to_something_else(text: str, tight: str, low: str) -> Pasted | None:
    """``tight`` is ``text`` without white space, ``low`` that in small letters. None for what is not recognised."""
    about = _about_something_else(text, low)
    if about is not None:
        return about
    if _CUT_OFF.search(text):
        return Pasted(Kind.ID_CUT_OFF)
    claims = claims_in(tight)
    if claims or ("access_token" in low and "token_type" in low):
        return Pasted(Kind.TOKEN, claims)
    kind = next((kind for kind, marks in _PARTS.items() if any(mark in low for mark in marks)), None)
    if kind is Kind.COMMAND_ONLY and any(mark in low for mark in _OF_AN_ERROR):
        return None
    if kind is None and _WITHOUT_VERSION.search(text):
        kind = Kind.ID_CUT_OFF
    return Pasted(kind) if kind else None


def _about_something_else(text: str, low: str) -> Pasted | None:
    if "/deletedsecrets/" in low:
        return Pasted(Kind.DELETED_SECRET)
    if "nextlink" in low and "value" in low:
        return Pasted(Kind.LIST, {"of": "secrets"})
    if ".vault.azure.net:443/secrets/" in low:
        return Pasted(Kind.OTHER_TOOL, {"tool": "powershell"})
    other = _OTHER_OBJECT.search(text)
    return Pasted(Kind.OTHER_OBJECT, {"of": other[2].casefold(), "vault": other[1]}) if other else None
