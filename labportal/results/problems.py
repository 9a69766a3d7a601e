"""What the interface for programs answers when something is wrong: a problem as in RFC 9457."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import HttpError, Throttled, ValidationError

from labportal.results.shape import MEDIA_TYPE, shaped

NOT_SIGNED = "Send a token that is still good, as Authorization: Bearer …"
NOT_THERE = "There is no such address, or nothing of that number in this class."


def problem(status: int, detail: str, **headers: str) -> HttpResponse:
    kept = {"Cache-Control": "no-store", **headers}
    return JsonResponse(shaped(status, detail), status=status, content_type=MEDIA_TYPE, headers=kept)


def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        return problem(401, NOT_SIGNED, **{"WWW-Authenticate": "Bearer"})
    return problem(error.status_code, error.message)


def on_throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    return problem(429, "Too many requests. Ask again in a minute.", **{"Retry-After": str(error.wait or 60)})


def on_nothing_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, NOT_THERE)


def on_wrong_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names what is wrong, and does not repeat what was sent."""
    return problem(422, " ".join(map(_sentence, error.errors)))


@csrf_exempt
def no_such_address(request: HttpRequest, *args: Any) -> HttpResponse:
    """For every address below the interface that is none of its own."""
    return problem(404, NOT_THERE)


HANDLERS: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    HttpError: on_http_error,
    Throttled: on_throttled,
    Http404: on_nothing_found,
    ValidationError: on_wrong_parameters,
}


def _sentence(error: dict[str, Any]) -> str:
    return f"{'.'.join(str(part) for part in error['loc'][1:])}: {error['msg']}."
