"""Takes out of a text what must never be stored, logged or shown: tokens and credentials.

The last line of defence: nothing that reaches it should hold any. Plain Python, so every room may use it.
"""

from __future__ import annotations

import re

_KEPT = "kept"  # the group of what stands before a credential, for patterns that need it to know one
_NAMES = "client_secret|client_assertion|password|refresh_token|access_token"
_PATTERNS = (
    re.compile(r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*"),  # a JSON web token
    re.compile(r"(?i)(?P<kept>bearer )\S+"),
    # As a form has it, as JSON, and as Python writes a dictionary.
    re.compile(rf"(?i)(?P<kept>(?:{_NAMES})(?:[=:]|[\"']\s*:\s*[\"']))[^&\s\"']+"),
    re.compile(r"(?i)(?P<kept>[?&](?:sig|token)=)[^&\s\"']+"),  # a signed address, a key to a stream
    re.compile(r"(?P<kept>/invitations/)[\w-]{43}"),  # lets whoever has it into a class
    re.compile(r"lab_[\w-]{43}"),  # what a program reads a class with
)
_REDACTED = "[redacted]"


def redact(text: str) -> str:
    """The same text with every token and credential that can be recognised replaced."""
    for pattern in _PATTERNS:
        text = pattern.sub(_replaced, text)
    return text


def _replaced(found: re.Match[str]) -> str:
    return found.groupdict().get(_KEPT, "") + _REDACTED
