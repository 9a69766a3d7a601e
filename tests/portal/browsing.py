"""A browser without JavaScript, and one that asks as htmx does."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from django.test import Client

from labportal.accounts.models import User

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


class Browser:
    """``text`` is what a reader sees: no tags, white space as one blank."""

    def __init__(self, user: User | None = None, *, enforce_csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=enforce_csrf)
        if user is not None:
            self.client.force_login(user)

    def get(self, address: str, **more: Any) -> Answer:
        return self.client.get(address, **more)

    def post(self, address: str, data: dict[str, str] | None = None, **more: Any) -> Answer:
        return self.client.post(address, data or {}, **more)

    def htmx_get(self, address: str, **headers: str) -> Answer:
        return self.client.get(address, headers={"HX-Request": "true", **headers})

    def htmx_post(self, address: str, data: dict[str, str] | None = None) -> Answer:
        return self.client.post(address, data or {}, headers={"HX-Request": "true"})


def text(answer: Answer) -> str:
    without_tags = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(without_tags)).strip()
