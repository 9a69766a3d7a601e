"""Who may ask the interface for programs: whoever has a token, so often a minute. Cookies mean nothing to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthorizationError
from ninja.security.http import HttpAuthBase
from ninja.throttling import BaseThrottle

from labportal.accounts.limits import Allowance
from labportal.results.models import ApiToken
from labportal.results.tokens import may_read, note_use, recognise

REQUESTS = Allowance("api", times=120, seconds=60)
"""Of one token: a class of 10,000 takes 50 pages."""
NOT_ANY_MORE = "Whoever made this token is no instructor of the class any more."


class TokenRequest(HttpRequest):
    """A request whose token opens ``auth.lab_class``."""

    auth: ApiToken


class Bearer(HttpAuthBase):
    """Not ninja's own, which writes down what it cannot read."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> ApiToken | None:
        """None, which is answered with 401, for no token and for one that is not good; 403 for one whose maker may
        not see the class any more."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        found = recognise(token.strip(), now)
        if found is None:
            return None
        if not may_read(found):
            raise AuthorizationError(message=NOT_ANY_MORE)
        note_use(found, now)
        return found


class SoOften(BaseThrottle):
    """By token, counted as all of the portal's limits."""

    def allow_request(self, request: Any) -> bool:
        return REQUESTS.take(str(request.auth.pk))

    def wait(self) -> float | None:
        return REQUESTS.seconds
