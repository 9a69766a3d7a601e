"""Which encoding a file is in. What cannot be known is not guessed silently."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPED = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of a byte that is not UTF-8
WORKBOOK = "This is a workbook, not a CSV file. In the spreadsheet choose “Save as”, then “CSV UTF-8”."
NO_TEXT = "This holds bytes that no text has. Save the roster as “CSV UTF-8” and try again."
MIXED = "Most of this is UTF-8, but line {line} is not. Save the roster as “CSV UTF-8” and try again."


class Unreadable(ValueError):
    """The roster as a whole cannot be read; the message says to its owner why, and what to do."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """``encoding`` in words. ``guessed``: it fits, and others would fit as well."""

    text: str
    encoding: str
    guessed: bool = False


def decode(raw: bytes) -> Decoded:
    """UTF-8 and UTF-16, with or without a mark at the beginning, else Windows-1252. Raises Unreadable."""
    if raw.startswith(_WORKBOOKS):
        raise Unreadable(WORKBOOK)
    decoded = _marked(raw) or _unmarked_utf16(raw) or _utf8(raw) or _windows(raw)
    if _NO_TEXT.search(decoded.text):
        raise Unreadable(NO_TEXT)
    return decoded


def _marked(raw: bytes) -> Decoded | None:
    for mark, codec, words in _MARKS:
        if raw.startswith(mark):
            return Decoded(_strictly(raw, codec), words)
    return None


def _unmarked_utf16(raw: bytes) -> Decoded | None:
    """Text in Latin letters has a zero in every second byte then, and in no other encoding any."""
    if b"\x00" not in raw:
        return None
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    if len(raw) % 2 or min(even, odd) * 10 > max(even, odd):
        raise Unreadable(NO_TEXT)
    return Decoded(_strictly(raw, "utf-16-be" if even > odd else "utf-16-le"), "UTF-16")


def _utf8(raw: bytes) -> Decoded | None:
    """Raises Unreadable where a few bytes of it are broken: as Windows-1252, every other umlaut would be, too."""
    text = raw.decode("utf-8", errors="surrogateescape")
    broken = _ESCAPED.findall(text)
    if not broken:
        return Decoded(text, "UTF-8")
    if sum(not letter.isascii() for letter in text) - len(broken) > len(broken):
        first = _ESCAPED.search(text)
        raise Unreadable(MIXED.format(line=text.count("\n", 0, first.start() if first else 0) + 1))
    return None


def _windows(raw: bytes) -> Decoded:
    """What Excel writes as plain "CSV" in western Europe. Any other encoding of one byte a letter would fit as well."""
    return Decoded(_strictly(raw, "cp1252"), "Windows-1252", guessed=True)


def _strictly(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        raise Unreadable(NO_TEXT) from None
