"""Lists of words in the code, written as a line of them."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())
