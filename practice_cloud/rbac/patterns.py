"""Patterns of actions: a ``*`` stands for any text, and case does not count."""

from __future__ import annotations

import re
from functools import lru_cache


def matches(pattern: str, action: str) -> bool:
    return _compiled(pattern).fullmatch(action) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*"), re.IGNORECASE)
