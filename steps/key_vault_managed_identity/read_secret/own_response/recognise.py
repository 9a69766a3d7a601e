"""From what a student pasted to what may be kept of it: a secret's identifier, or a word for what it is instead."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase

from steps.key_vault_managed_identity.read_secret.identifier import Found, Identifier, last_in
from steps.key_vault_managed_identity.read_secret.own_response.errors import last_error
from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind, Pasted
from steps.key_vault_managed_identity.read_secret.own_response.shapes import answer_to_something_else

_ESCAPES = (
    *(("&quot;", '"'), ("&#34;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&#47;", "/"), ("&#x2F;", "/")),
    *(("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")),
    *(("\\r", "\r"), ("\\n", "\n"), ("\\u0027", "'"), ('\\"', '"'), ("\\/", "/")),
)
_OTHER_TOOLS = {
    "powershell": ("vaultname:",),
    "az": ('"notbefore":', "notbefore:"),  # the vault itself says nbf
    "portal": ("secretidentifier", "portal.azure.com/"),
}
"""What only another tool prints beside an identifier, white space taken out."""
_TAG = re.compile(r"</?[a-z][^<>]{0,300}>", re.IGNORECASE)
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""What web pages and chats put between letters."""
_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)  # unlike casefold, it moves nothing


def keep(pasted: str) -> str:
    """The last whole identifier, or else what ``Pasted.dump`` makes of what this is; "" for what is not recognised."""
    pasted = pasted.translate(_UNSEEN)
    for escape, plain in _ESCAPES:
        pasted = pasted.replace(escape, plain)
    found = last_in(pasted)
    if found is not None:
        return _answer(pasted, found)
    tight = _tight(_TAG.sub("", pasted))
    low = tight.translate(_SMALL)
    known = last_error(tight, low) or answer_to_something_else(pasted, tight, low)
    return known.dump() if known else ""


def _answer(text: str, found: Found) -> str:
    """An identifier is kept as it is, unless it stands in an answer about something else."""
    identifier = Identifier.parse(found.text)
    facts = {"vault": identifier.vault, "secret": identifier.name} if identifier else {}
    if "/deletedsecrets/" in text[found.since :].casefold():
        return Pasted(Kind.DELETED_SECRET, facts).dump()
    around = _tight(text[found.since :].casefold())
    tool = next((tool for tool, marks in _OTHER_TOOLS.items() if any(mark in around for mark in marks)), "")
    if tool:
        return Pasted(Kind.OTHER_TOOL, {"tool": tool}).dump()
    if "nextlink" in text[found.end :].casefold():
        return Pasted(Kind.LIST, {"of": "versions", **facts}).dump()
    return found.text


def _tight(text: str) -> str:
    return "".join(text.split())
