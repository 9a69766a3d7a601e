"""What answered, where no error did: the answer to another question, or a part of the right one."""

from __future__ import annotations

import re

from steps.key_vault_managed_identity.read_secret.own_response.claims import claims_in
from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind, Pasted
from steps.key_vault_managed_identity.read_secret.own_response.settling import cloud_of

_ADDRESS = r"[a-z0-9-]{3,24}\.vault\.azure\.net/secrets/[0-9a-z-]{1,127}"
_OTHER_OBJECT = re.compile(r"https://([a-z0-9-]{3,24})\.vault\.azure\.net/(key|certificate)s/", re.IGNORECASE)
_CUT_OFF = re.compile(r"https://[a-z0-9.-]{0,60}?(?:/[a-z0-9-]{0,127}){0,3}?(?:\.\.\.|\u2026)", re.IGNORECASE)
_OTHER_LENGTH = re.compile(rf"https://{_ADDRESS}/([0-9a-z-]{{1,128}})(?![0-9a-z?-])", re.IGNORECASE)
_WITHOUT_START = re.compile(rf"(?<![/\w.-]){_ADDRESS}/[0-9a-f]{{32}}(?![0-9a-z?])", re.IGNORECASE)
_WITH_SPACES = re.compile(rf"https://{_ADDRESS}/[0-9a-f]{{32}}(?!\?)", re.IGNORECASE)
"""What there is only once all white space is taken out."""
_WITHOUT_VERSION = re.compile(rf"https://{_ADDRESS}/?(?![0-9a-z/?-])", re.IGNORECASE)
_ASKED = re.compile(rf"https?://{_ADDRESS}(?:/[0-9a-f]{{32}})?/?\?", re.IGNORECASE)
_VALUE = re.compile(r"^[ \t]{0,20}value[ \t]{0,20}:", re.IGNORECASE | re.MULTILINE)
_PARTS: dict[Kind, tuple[str, ...]] = {
    Kind.WEB_PAGE: ("<!doctypehtml", "signintoyouraccount"),
    Kind.OTHER_TOOL: ("contenttypenamevalue",),
    Kind.ID_LEFT_OUT: (
        *("valueidattributes", "valueattributes", "attributes:@{", '"attributes":{'),
        *("recoverylevel=", '"recoverylevel":'),
    ),
    Kind.NOTHING_PRINTED: ("componentstatus/stdout/succeeded", "[stdout][stderr]"),
    Kind.COMMAND_ONLY: ("invoke-restmethod", "169.254.169.254"),
}
_OF_A_WEB_REQUEST = ("rawcontent:http/", "statusdescription:")
_OF_AN_ERROR = ("invoke-restmethod:", "categoryinfo", "curl:(")


def answer_to_something_else(text: str, tight: str, low: str) -> Pasted | None:
    """``tight`` is ``text`` without white space, ``low`` that in small letters. None for what is not recognised."""
    return (
        _about_something_else(text, low)
        or _of_a_web_request(low)
        or _cut_off(text, tight)
        or _token(tight, low)
        or _part(low)
        or _scrap(text, low)
    )


def _of_a_web_request(low: str) -> Pasted | None:
    return Pasted(Kind.WEB_REQUEST) if any(mark in low for mark in _OF_A_WEB_REQUEST) else None


def _token(tight: str, low: str) -> Pasted | None:
    claims = claims_in(tight)
    return Pasted(Kind.TOKEN, claims) if claims or ("access_token" in low and "token_type" in low) else None


def _part(low: str) -> Pasted | None:
    kind = next((kind for kind, marks in _PARTS.items() if any(mark in low for mark in marks)), None)
    if kind is None or (kind is Kind.COMMAND_ONLY and _beside_an_error(low)):
        return None
    return Pasted(kind, {"tool": "az"} if kind is Kind.OTHER_TOOL else {})


def _scrap(text: str, low: str) -> Pasted | None:
    """An address, or one line of an answer."""
    if _beside_an_error(low):
        return None
    if _ASKED.search(text):
        return Pasted(Kind.COMMAND_ONLY)
    if _WITHOUT_VERSION.search(text):
        return Pasted(Kind.ID_CUT_OFF, {"length": "0"})
    return Pasted(Kind.ID_LEFT_OUT) if _VALUE.search(text) else None


def _beside_an_error(low: str) -> bool:
    """Beside a command: what it printed is an error that is not among those known."""
    return any(mark in low for mark in _OF_AN_ERROR)


def _cut_off(text: str, tight: str) -> Pasted | None:
    """An identifier that is not whole, with what is wrong about it: ``length`` is how long its version is."""
    if _CUT_OFF.search(text):
        return Pasted(Kind.ID_CUT_OFF)
    other = _OTHER_LENGTH.search(text)
    if other is not None:
        return Pasted(Kind.ID_CUT_OFF, {"length": str(len(other[1]))})
    if _WITHOUT_START.search(text):
        return Pasted(Kind.ID_CUT_OFF, {"of": "start"})
    return Pasted(Kind.ID_CUT_OFF, {"of": "spaces"}) if _WITH_SPACES.search(tight) else None


def _about_something_else(text: str, low: str) -> Pasted | None:
    if "/deletedsecrets/" in low:
        return Pasted(Kind.DELETED_SECRET)
    cloud = cloud_of(low)
    if cloud and "/secrets/" in low and not _beside_an_error(low):
        return Pasted(Kind.OTHER_CLOUD, {"cloud": cloud})
    if "nextlink" in low and "value" in low:
        return Pasted(Kind.LIST, {"of": "secrets"})
    if ".vault.azure.net:443/secrets/" in low:
        return Pasted(Kind.OTHER_TOOL, {"tool": "powershell"})
    other = _OTHER_OBJECT.search(text)
    return Pasted(Kind.OTHER_OBJECT, {"of": other[2].casefold(), "vault": other[1]}) if other else None
