"""A secret's identifier, the only part of a pasted response that is ever kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

_IDENTIFIER = re.compile(
    r"https://(?P<vault>[a-z0-9-]{3,24})\.vault\.azure\.net/secrets/(?P<name>[0-9a-z-]{1,127})/(?P<version>[0-9a-f]{32})"
    r"(?![0-9a-z])",
    re.IGNORECASE | re.ASCII,
)
_WRAPPED = re.compile(r"\r?\n[ \t]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Identifier:
    vault: str
    name: str
    version: str

    @staticmethod
    def parse(text: str) -> Identifier | None:
        """The identifier that ``text`` is, or None."""
        match = _IDENTIFIER.fullmatch(text)
        return None if match is None else Identifier(match["vault"], match["name"], match["version"])


def keep(pasted: str) -> str:
    """The last whole identifier in what was pasted, or "".

    The last, because the console prints the value before the id, and the newest response below
    older ones. A narrow console breaks a long id and indents the rest; that is put together again.
    """
    found = ""
    for match in _IDENTIFIER.finditer(_WRAPPED.sub("", pasted)):
        found = match[0]
    return found
