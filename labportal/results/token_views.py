"""Tokens are made, shown once, and revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, also_when_archived, for_instructors
from labportal.classes.models import LabClass, Membership
from labportal.classes.zones import written
from labportal.results import tokens
from labportal.results.api_page import described
from labportal.results.forms import TokenForm
from labportal.results.models import ApiToken

TOO_MANY = f"A class has {tokens.MOST} tokens at most. Revoke one that is not used any more."


@dataclass(frozen=True, slots=True)
class TokenLine:
    """``works``: its maker is an instructor of the class, and may sign in."""

    row: ApiToken
    expired: bool
    works: bool
    until: str
    used: str


@require_http_methods(["GET", "POST"])
@for_instructors
@sensitive_variables("token")
def token_page(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Those there are, and the one just made: it is shown in the answer to the click, and in no other page."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    made, token = None, ""
    if form.is_valid():
        try:
            made, token = tokens.make(
                seat.lab_class, request.user, form.cleaned_data["name"], form.cleaned_data["days"]
            )
        except tokens.TooMany:
            form.add_error(None, TOO_MANY)
        else:
            form = TokenForm()
    context = {
        "seat": seat,
        "form": form,
        "tokens": _lines(seat.lab_class, timezone.now()),
        "made": made,
        "token": token,
        "address": request.build_absolute_uri(reverse("results:api:class")),
    }
    return render(request, "results/tokens.html", context, status=400 if form.errors else 200)


@require_POST
@for_instructors
@also_when_archived
def revoke(request: SignedInRequest, seat: Seat, token_id: int) -> HttpResponse:
    """By any instructor of the class, whoever made it: from now on it opens nothing. Also in a class that is archived,
    which a token goes on reading."""
    gone = tokens.revoke(seat.lab_class, token_id)
    if gone is None:
        raise Http404("There is no such token in this class.")
    messages.success(request, f"The token for {gone.name} is revoked.")
    return redirect("results:tokens", seat.lab_class.pk)


@csrf_exempt
@require_GET
def api_docs(request: SignedInRequest) -> HttpResponse:
    """What programs can ask, for whoever writes one. It tells nothing of any class."""
    return render(request, "results/api.html", {"api": described()})


def _lines(lab_class: LabClass, now: datetime) -> list[TokenLine]:
    leading = Membership.objects.filter(lab_class=lab_class, role=Membership.Role.INSTRUCTOR, user__is_active=True)
    leaders = set(leading.values_list("user_id", flat=True))
    return [_line(row, lab_class.time_zone, row.user_id in leaders, now) for row in tokens.tokens_of(lab_class)]


def _line(row: ApiToken, zone: str, works: bool, now: datetime) -> TokenLine:
    expired = row.expires_at <= now
    until = f"{'Ran out' if expired else 'Good until'} {written(row.expires_at, zone)}."
    used = f"Last used {written(row.last_used_at, zone)}." if row.last_used_at else "Not used yet."
    return TokenLine(row, expired, works, until, used)
