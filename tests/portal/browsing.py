"""A browser without JavaScript, and one that asks as htmx does."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from labportal.accounts.models import User

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


class Browser:
    """``text`` is what a reader sees: no tags, white space as one blank."""

    def __init__(self, user: User | None = None, *, enforce_csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=enforce_csrf)
        if user is not None:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)

    def get(self, address: str, **more: Any) -> Answer:
        return self.client.get(address, **more)

    def post(self, address: str, data: dict[str, str] | None = None, **more: Any) -> Answer:
        return self.client.post(address, data or {}, **more)

    def htmx_get(self, address: str, **headers: str) -> Answer:
        return self.client.get(address, headers={"HX-Request": "true", **headers})

    def htmx_post(self, address: str, data: dict[str, str] | None = None) -> Answer:
        return self.client.post(address, data or {}, headers={"HX-Request": "true"})


def session_of(user: User) -> str:
    """The key of a session in which ``user`` is signed in, written at once: Django's ``force_login`` does the whole of
    signing in for it, which takes longer than many a page."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def text(answer: Answer) -> str:
    without_tags = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(without_tags)).strip()
