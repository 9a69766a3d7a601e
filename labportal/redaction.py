"""Takes out of a text what must never be stored, logged or shown: tokens and credentials.

The last line of defence: nothing that reaches it should hold any. Plain Python, so every room may use it.
"""

from __future__ import annotations

import re

_PATTERNS = (
    re.compile(r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*"),  # a JSON web token
    re.compile(r"(?i)(?<=bearer )\S+"),
    re.compile(r"(?i)(?<=client_secret[=:])[^&\s\"']+"),
    re.compile(r"(?i)(?<=password[=:])[^&\s\"']+"),
    re.compile(r"(?i)(?<=[?&]sig=)[^&\s\"']+"),
    re.compile(r"(?i)(?<=refresh_token[=:])[^&\s\"']+"),
)
_REDACTED = "[redacted]"


def redact(text: str) -> str:
    """The same text with every token and credential that can be recognised replaced."""
    for pattern in _PATTERNS:
        text = pattern.sub(_REDACTED, text)
    return text
