"""Who may see what. Every view asks here, and nothing else decides it.

What belongs to somebody else answers exactly like what does not exist: 404.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django_htmx.middleware import HtmxDetails

from labportal.accounts.models import User
from labportal.classes.allowed import in_a_class
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from steps.kit.lab import Lab
from steps.kit.task import Task
from steps.registry import LABS

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request that ``signed_in`` has let through."""

    user: User
    htmx: HtmxDetails


SignedInView = Callable[Concatenate[SignedInRequest, P], HttpResponse]
AnyView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(view: SignedInView[P]) -> AnyView[P]:
    """Anonymous people go to the sign-in page. What they would have seen is theirs alone: it is never cached."""

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        response = view(request, *args, **kwargs)  # type: ignore[arg-type]  # just made sure: the user is signed in
        add_never_cache_headers(response)
        return response

    update_wrapper(guarded, view)
    return guarded


def lab_of(lab_id: str) -> Lab:
    """Every lab is open to everybody. 404 for an id that no lab has."""
    lab = LABS.get(lab_id)
    if lab is None:
        raise Http404("There is no such lab.")
    return lab


def find_session(user: User, lab_id: str) -> LabSession | None:
    """The user's open walk through this lab, with its connection; None before it has begun.

    Told with it is whether a class may have a say in it, so that nobody who is in none is asked about.
    """
    walks = LabSession.objects.select_related("connection").annotate(of_class=in_a_class())
    found = walks.filter(user=user, lab_id=lab_id, ended_at=None).first()
    if found is not None:
        found.in_class = found.of_class
    return found


def session_of(user: User, lab_id: str) -> LabSession:
    """The user's open walk through this lab, with its connection; 404 before it has begun."""
    lab_of(lab_id)
    session = find_session(user, lab_id)
    if session is None:
        raise Http404("You have not started this lab.")
    return session


def task_of(lab_id: str, task_id: str) -> Task:
    """404 for an id that this lab does not have."""
    try:
        return lab_of(lab_id).task(task_id)
    except KeyError:
        raise Http404("This lab has no such task.") from None


def attempt_of(user: User, attempt_id: int) -> Attempt:
    """One of the user's own attempts, with its session and connection."""
    attempts = Attempt.objects.select_related("session__connection").annotate(of_class=in_a_class())
    found = attempts.filter(session__user=user, pk=attempt_id).first()
    if found is None:
        raise Http404("There is no such attempt.")
    found.session.in_class = found.of_class
    return found


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """A piece of a page cannot hold the sign-in page, so htmx is told to go there as a whole."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # django-htmx's middleware sets it
    if not htmx:
        return redirect_to_login(request.get_full_path())
    back = urlsplit(htmx.current_url_abs_path or "").path or resolve_url(settings.LOGIN_REDIRECT_URL)
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    return HttpResponse(status=401, headers={"HX-Redirect": address})
