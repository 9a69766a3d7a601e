"""Newcomers: who waits at the door of a class, who has come in since, and who was turned away."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from labportal.accounts.access import SignedInRequest, signed_in
from labportal.accounts.class_access import Seat, also_when_archived, for_instructors
from labportal.classes import newcomers as door
from labportal.classes.audit import one_deed
from labportal.classes.models import Act
from labportal.classes.newcomers_pages import AT_ONCE, chosen_of, newcomers_of
from labportal.classes.people import remove
from labportal.classes.since_form import SinceForm


@require_GET
@for_instructors
def newcomers(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """``since`` says how far back to look for who has joined; with ``all`` each of them is ticked."""
    form = SinceForm(request.GET, zone=seat.lab_class.time_zone)
    shown = newcomers_of(seat.lab_class, form.moment)
    context = {"seat": seat, "form": form, "newcomers": shown, "all": "all" in request.GET, "at_once": AT_ONCE}
    return render(request, "classes/newcomers.html", context, status=422 if form.errors else 200)


@require_POST
@for_instructors
def answer(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """``in`` or ``no`` is the number of one who waits, or "all": then ``upto`` is the last who was shown."""
    waiting = door.waiting_in(seat.lab_class).select_related("user", "lab_class")
    wanted = request.POST.get("in") or request.POST.get("no") or ""
    if wanted == "all":
        meant = waiting.filter(pk__lte=next(iter(_numbers([request.POST.get("upto", "")])), 0))[:AT_ONCE]
    else:
        meant = waiting.filter(pk__in=_numbers([wanted]))
    if "in" in request.POST:
        messages.success(request, _said(door.let_in(request.user, tuple(meant)), "in the class now"))
    else:
        messages.success(request, _said(door.turn_away(request.user, tuple(meant)), "turned away"))
    return redirect("classes:newcomers", seat.lab_class.pk)


@require_POST
@for_instructors
@also_when_archived
def put_out(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """``member`` are the numbers of those who were ticked. Asks first, unless ``sure``."""
    chosen = tuple(chosen_of(seat.lab_class, _numbers(request.POST.getlist("member"))))
    since = request.POST.get("since", "")
    back = f"{reverse('classes:newcomers', args=[seat.lab_class.pk])}?{urlencode({'since': since})}"
    if chosen and "sure" not in request.POST:
        return render(request, "classes/put_out.html", {"seat": seat, "chosen": chosen, "since": since, "back": back})
    if chosen:
        deed = one_deed(Act.Kind.REMOVED, len(chosen))
        gone = sum(remove(request.user, member, deed) for member in chosen)
        messages.success(request, _said(gone, "no longer in this class"))
    else:
        messages.warning(request, "Nobody was ticked, or they have left meanwhile.")
    return redirect(back)


@require_POST
@for_instructors
def let_back(request: SignedInRequest, seat: Seat, knock_id: int) -> HttpResponse:
    """Whom the class had turned away, or put out, may come by the code again."""
    away = door.turned_away_from(seat.lab_class).select_related("user", "lab_class")
    knock = get_object_or_404(away, pk=knock_id)
    door.let_back(request.user, knock)
    messages.success(request, f"{knock.name} may come by the code again, like everybody who has it.")
    return redirect("classes:newcomers", seat.lab_class.pk)


@require_POST
@signed_in
def take_back(request: SignedInRequest, knock_id: int) -> HttpResponse:
    """Who waits does not want to any more."""
    if not door.take_back(request.user, knock_id):
        raise Http404("You do not wait there.")
    messages.success(request, "Taken back. The class keeps nothing of you.")
    return redirect("classes:list")


def _numbers(texts: Iterable[str]) -> list[int]:
    """Of rows, as a database can have given them; what is none is nobody's."""
    return [int(one) for one in texts if re.fullmatch("[0-9]{1,18}", one)]


def _said(number: int, what: str) -> str:
    return f"1 person is {what}." if number == 1 else f"{number:,} people are {what}."
