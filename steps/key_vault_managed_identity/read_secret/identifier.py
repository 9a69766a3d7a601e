"""A secret's identifier, the part of a pasted response that the lab is after."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BREAK = r"(?:\r?\n[ \t]{0,120})?"
"""A narrow console breaks what is too long for it, with or without indenting the rest."""


def _broken(letters: str, least: int, most: int) -> str:
    return f"(?:{letters}{_BREAK}){{{least - 1},{most - 1}}}{letters}"


def _spelled(text: str) -> str:
    return _BREAK.join(re.escape(letter) for letter in text)


_WHOLE = re.compile(
    r"https://(?P<vault>[a-z0-9-]{3,24})\.vault\.azure\.net/secrets/(?P<name>[0-9a-z-]{1,127})/(?P<version>[0-9a-f]{32})",
    re.IGNORECASE | re.ASCII,
)
_IN_TEXT = re.compile(
    _BREAK.join(
        (
            _spelled("https://"),
            _broken("[a-z0-9-]", 3, 24),
            _spelled(".vault.azure.net/secrets/"),
            _broken("[0-9a-z-]", 1, 127),
            "/",
            _broken("[0-9a-f]", 32, 32),
        )
    )
    + r"(?![0-9a-z?])",  # one with a query is an address that was asked for, not an answer
    re.IGNORECASE | re.ASCII,
)


CURRENT_BEFORE = "secret-version"
"""The kind of note that keeps which versions have been the current one: vault/name/version."""


@dataclass(frozen=True, slots=True)
class Identifier:
    vault: str
    name: str
    version: str

    @property
    def note(self) -> dict[str, str]:
        """To be remembered for the walk once it has been seen to be the current one."""
        return {CURRENT_BEFORE: f"{self.vault}/{self.name}/{self.version}".casefold()}

    @staticmethod
    def parse(text: str) -> Identifier | None:
        """The identifier that ``text`` is, or None."""
        match = _WHOLE.fullmatch(text)
        return None if match is None else Identifier(match["vault"], match["name"], match["version"])


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier in a text, and where it stands there. ``since`` is where the one before it ends, 0 without one."""

    text: str
    since: int
    end: int


def last_in(text: str) -> Found | None:
    """The last whole identifier in ``text``.

    The last, because the console prints the value before the id, and the newest response below older ones.
    """
    found, since = None, 0
    for match in _IN_TEXT.finditer(text):
        found, since = Found("".join(match[0].split()), since, match.end()), match.end()
    return found
