"""The one shape that everything wrong below the interface for programs is answered in: a problem as in RFC 9457.

No Django here: what is too long, or never whole, is refused before Django hears of it (``labportal.whole_requests``).
"""

from __future__ import annotations

from http import HTTPStatus

MEDIA_TYPE = "application/problem+json"


def is_of_the_interface(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def shaped(status: int, detail: str) -> dict[str, str | int]:
    """``detail``: what went wrong, for a person to read."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
