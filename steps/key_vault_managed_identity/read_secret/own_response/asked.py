"""What the commands beside an error tell of it: which address was asked, how, and with what header."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(https?)://(?:(169\.254\.169\.254)|([a-z0-9-]{3,24})\.vault\.azure\.net)")
_PORT = re.compile(
    r"(?:(169\.254\.169\.254)|(?<![a-z0-9-])([a-z0-9-]{3,24})\.vault\.azure\.net)(?:,?port:?|:)(443|80)(?!\d)"
)
"""How PowerShell 7 and curl name it: by its host and port."""
_RESOURCE = re.compile(r"resource=(https(?::|%3a)(?:/|%2f){2}(?:[a-z0-9-]{3,24}\.)?vault\.azure\.net(?:/|%2f)?)")
_OTHER_DIGITS = re.compile(r"//(?!169\.254\.169\.254/)\d{1,3}(?:\.\d{1,3}){2,4}/meta")
_HEADER = re.compile(r"authorization[\"']?=(.{0,20})")


def addressed(low: str, at: int, around: int) -> str:
    """Whom the failed request was for: PowerShell shows the line below its message; else the last one above it."""
    marks = (("imds", "169.254."), ("imds", "metadata/identity"), ("vault", ".vault.azure"))
    below = [(low.find(mark, at, at + around), whom) for whom, mark in marks]
    after = [one for one in below if one[0] >= 0]
    if after:
        return min(after)[1]
    above, whom = max((low.rfind(mark, 0, at), whom) for whom, mark in marks)
    return whom if above >= 0 else ""


def wrong_scheme(low: str, at: int, around: int) -> dict[str, str]:
    """Of an address with https where it must be http, or the other way round: whose it is. Empty where it is right."""
    named = [*_ADDRESS.finditer(low, max(0, at - around), at + around)]
    ports = [*_PORT.finditer(low, max(0, at - around), at + around)]
    near = [(one, one[1] == "https", bool(one[2]), one[3] or "") for one in named]
    near += [(one, one[3] == "443", bool(one[1]), one[2] or "") for one in ports]
    if not near:
        return {}
    below = [one for one in near if one[0].start() >= at]
    _, secure, imds, vault = min(below, key=lambda one: one[0].start()) if below else max(near, key=_start)
    if secure is not imds:
        return {}
    return {"to": "imds"} if imds else {"to": "vault", "vault": vault}


def _start(one: tuple[re.Match[str], bool, bool, str]) -> int:
    return one[0].start()


def mistyped_imds(low: str, at: int, around: int) -> bool:
    """Whether the metadata service was asked for at other digits than its own."""
    return _OTHER_DIGITS.search(low, max(0, at - around), at + around) is not None


def resource_asked(low: str, at: int) -> str:
    """What the first command, shown above, wanted a token for; "" if it cannot be seen."""
    asked = [match[1] for match in _RESOURCE.finditer(low, 0, at)]
    return asked[-1].replace("%3a", ":").replace("%2f", "/") if asked else ""


def header_slip(low: str, at: int, around: int) -> str:
    """What is wrong about the last header that is shown beside an error; "" for nothing that can be seen."""
    shown = [match[1] for match in _HEADER.finditer(low, 0, at + around)]
    if not shown:
        return ""
    if re.match(r"\"bearer\$response", shown[-1]):
        return "whole-reply"
    if shown[-1].startswith(("'bearer$", "'$")):
        return "single-quotes"
    return "no-bearer" if re.match(r"[\"']?(?:\$|ey)", shown[-1]) else ""
