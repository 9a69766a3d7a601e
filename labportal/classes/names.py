"""What people are called in a class, as it may stand on everybody's pages."""

from __future__ import annotations

from unicodedata import category

JOINERS = "\u200c\u200d"
UNSEEN = ("Cc", "Cf")
"""Of Unicode's categories: control characters, and those that only change how others are shown."""


def one_line(text: str) -> str:
    """Without blanks around it, and with one between words; "" where nothing is left to be seen.

    Characters that nobody sees are left out: they would turn the line that a name stands in around, or let two names
    look alike. But for those that join letters, which names in some scripts need.
    """
    shown = "".join(one for one in text if one.isspace() or one in JOINERS or category(one) not in UNSEEN)
    line = " ".join(shown.split())
    return line if line.strip(JOINERS) else ""
