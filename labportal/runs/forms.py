"""What a student types or pastes for a check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from steps.kit.task import Ask


@dataclass(frozen=True, slots=True)
class Answers:
    """``kept`` is all that may be stored; ``unusable`` are the asks whose text held nothing of use.

    What was typed is not kept anywhere, not even to show it again: it may hold a secret.
    """

    kept: dict[str, str]
    unusable: frozenset[str]


def read_answers(asks: tuple[Ask, ...], posted: Mapping[str, str]) -> Answers:
    """A field left empty is no error: the check then says what is missing."""
    kept: dict[str, str] = {}
    unusable: set[str] = set()
    for ask in asks:
        typed = posted.get(f"ask-{ask.id}", "")
        reduced = ask.keep(typed)
        if reduced:
            kept[ask.id] = reduced
        elif typed.strip():
            unusable.add(ask.id)
    return Answers(kept, frozenset(unusable))
