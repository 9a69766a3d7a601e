"""Which column of a roster holds what, by the words of its first line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from labportal.classes.names import one_line
from labportal.classes.roster.decoding import Unreadable

_WORDS = {
    "name": {"name", "fullname", "student", "studentname", "displayname", "participant"},
    "first": {"first", "firstname", "forename", "givenname", "given"},
    "last": {"last", "lastname", "surname", "familyname", "family"},
    "email": {"email", "mail", "emailaddress", "mailaddress", "address", "emailid"},
}
NO_NAMES = (
    "The first line has to say which column is which: “name,email”, or “first name,last name,email”. It says: “{said}”."
)
TWICE = "Two columns are called “{said}”. Take one of them out."


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of cells. ``name`` are the one or two that make the name, in their order; ``email`` is None where
    there is none. ``ignored`` are the titles of the others. ``titled``: the first line holds titles, and nobody."""

    name: tuple[int, ...]
    email: int | None
    width: int
    ignored: tuple[str, ...] = ()
    titled: bool = True

    def name_in(self, cells: Sequence[str]) -> str:
        return one_line(" ".join(_at(cells, place) for place in self.name))

    def email_in(self, cells: Sequence[str]) -> str:
        return "" if self.email is None else _at(cells, self.email)

    def used_of(self, cells: Sequence[str]) -> list[str]:
        """The cells that anything is made of."""
        places = self.name if self.email is None else (*self.name, self.email)
        return [_at(cells, place) for place in places]


def known_in(cells: Sequence[str]) -> int:
    """How many of these are titles that a roster may have."""
    return sum(_meaning(cell) is not None for cell in cells)


def columns_of(first: Sequence[str]) -> Columns:
    """From the first line of a roster. Raises Unreadable where it does not say enough."""
    meanings = [_meaning(cell) for cell in first]
    for place, meaning in enumerate(meanings):
        if meaning is not None and meaning in meanings[:place]:
            raise Unreadable(TWICE.format(said=first[place]))
    places = {meaning: place for place, meaning in enumerate(meanings) if meaning is not None}
    if not places:
        return _untitled(first)
    if "name" in places:
        name: tuple[int, ...] = (places["name"],)
    else:
        name = tuple(places[part] for part in ("first", "last") if part in places)
    if not name:
        raise Unreadable(NO_NAMES.format(said=_short(first)))
    used = {*name, places.get("email")}
    ignored = tuple(cell for place, cell in enumerate(first) if cell and place not in used)
    return Columns(name, places.get("email"), len(first), ignored)


def _untitled(first: Sequence[str]) -> Columns:
    """Without titles, a line with one address beside a name says enough."""
    addresses = [place for place, cell in enumerate(first) if "@" in cell]
    others = [place for place, cell in enumerate(first) if cell and "@" not in cell]
    if len(addresses) != 1 or len(others) != 1:
        raise Unreadable(NO_NAMES.format(said=_short(first)))
    return Columns((others[0],), addresses[0], len(first), titled=False)


def _meaning(cell: str) -> str | None:
    plain = re.sub(r"[^a-z0-9]", "", cell.lower())
    return next((meaning for meaning, words in _WORDS.items() if plain in words), None)


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _short(cells: Sequence[str]) -> str:
    said = ", ".join(cells)
    return said if len(said) <= 80 else f"{said[:79]}…"
