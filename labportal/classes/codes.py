"""Join codes as people say and type them."""

from __future__ import annotations

import re

from labportal.classes.models import CODE_LENGTH


def typed(text: str) -> str:
    """The code in what somebody typed: "abcd-efgh" and "ABCD EFGH" are the same, and so is the whole link."""
    in_link = re.search(r"/join/([^/?#]+)", text)
    return re.sub(r"[^A-Z0-9]", "", (in_link[1] if in_link else text).upper())


def spoken(code: str) -> str:
    """In two halves, as it is easiest to read from a wall."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
