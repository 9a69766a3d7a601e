"""What goes wrong around the interface for programs, and is answered with a page everywhere else: a method that it does
not know, a host that is not ours, a fault of our own. A program gets a problem as from the interface itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from labportal.results.problems import NOT_THERE, problem
from labportal.results.shape import MEDIA_TYPE, is_of_the_interface

ONLY_READS = "This interface only reads: ask with GET."
WORDS = {
    400: "The request cannot be read, or is for another host.",
    403: ONLY_READS,  # Django's answer to a form of another site's
    404: NOT_THERE,
    405: ONLY_READS,
    500: "The portal has failed, and has written down why. Ask again later.",
}
OTHERWISE = "The portal cannot answer this."
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class OtherProblems:
    """The outermost of all middleware: what the others answer passes here, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        status = response.status_code
        if status < 400 or not is_of_the_interface(request.path_info):
            return response
        if response.headers.get("Content-Type") == MEDIA_TYPE:
            return response
        kept = {name: response.headers[name] for name in _KEPT if name in response.headers}
        # The page is not closed: to Django that would be the end of the request, whose connection it would take away.
        return problem(status, WORDS.get(status, OTHERWISE), **kept)
