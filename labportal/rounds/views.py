"""Pages of those who teach about rounds. Observers look; instructors begin, plan and call off."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, for_instructors, for_staff
from labportal.accounts.limits import Allowance
from labportal.board.looking import Kind
from labportal.board.stream import address_of, moment_now
from labportal.rounds import pages, services
from labportal.rounds.forms import BeginForm, PlanForm
from labportal.rounds.models import Round

BEGUN = Allowance("rounds", times=20, seconds=300)
"""Of one person: each makes a row for every student, also where it is called off at once."""


@require_GET
@for_staff
def rounds(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """All rounds of the class, and where one begins."""
    return _rounds(request, seat, PlanForm(lab_class=seat.lab_class))


@require_GET
@for_staff
def one_round(request: SignedInRequest, seat: Seat, round_id: int) -> HttpResponse:
    """How far it is, and what came of each student. A page that is open asks again, for its live part alone."""
    stream = _stream(request, seat)
    view = pages.round_view(_round_of(seat, round_id), seat.lab_class)
    found = pages.results(view, request.GET.dict())
    part = "_one" if request.htmx else "one"
    return render(request, f"rounds/{part}.html", {"seat": seat, "round": view, "results": found, "stream": stream})


@require_POST
@for_instructors
def begin(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Now; or leads to the one that is under way."""
    form = BeginForm(request.POST, lab_class=seat.lab_class)
    if not form.is_valid():
        messages.error(request, "There is no such task in this lab.")
        return redirect("rounds:rounds", seat.lab_class.pk)
    if not BEGUN.take(str(request.user.pk)):
        messages.warning(request, "That was very many rounds in a few minutes. Wait five minutes, then try again.")
        return redirect("rounds:rounds", seat.lab_class.pk)
    the_round, new = services.begin_now(request.user, seat.lab_class, form.cleaned_data["task_id"])
    if not new:
        messages.info(request, "This round was under way already. A class has one at a time.")
    return redirect("rounds:round", seat.lab_class.pk, the_round.pk)


@require_POST
@for_instructors
def plan(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """At a time that is still to come."""
    form = PlanForm(request.POST, lab_class=seat.lab_class)
    if form.is_valid():
        try:
            services.plan(request.user, seat.lab_class, form.cleaned_data["task_id"], form.cleaned_data["starts_at"])
        except services.TooManyPlanned:
            form.add_error(None, f"{services.MOST_PLANNED} are planned already. Call one off first.")
        else:
            messages.success(request, "Planned. It begins by itself, also when nobody has this page open.")
            return redirect("rounds:rounds", seat.lab_class.pk)
    return _rounds(request, seat, form, status=422)


@require_POST
@for_instructors
def call_off(request: SignedInRequest, seat: Seat, round_id: int) -> HttpResponse:
    """A planned one will not begin; one under way ends with what is."""
    the_round = _round_of(seat, round_id)
    planned = the_round.state == Round.State.PLANNED
    if not services.call_off(the_round, request.user):
        messages.info(request, "That round was over, or being called off, already.")
    elif planned:
        messages.success(request, "Called off. It will not begin.")
    else:
        messages.success(request, "Called off. Nothing new begins; what a worker is at comes to its end.")
    if planned:
        return redirect("rounds:rounds", seat.lab_class.pk)
    return redirect("rounds:round", seat.lab_class.pk, round_id)


def _rounds(request: SignedInRequest, seat: Seat, planning: PlanForm, status: int = 200) -> HttpResponse:
    context = {
        "seat": seat,
        "stream": _stream(request, seat),
        "rounds": pages.rounds_page(seat, request.GET.get("page", "")),
        "beginning": BeginForm(lab_class=seat.lab_class, prefix="", auto_id="begin_%s"),
        "planning": planning,
    }
    part = "_rounds" if request.htmx else "rounds"
    return render(request, f"rounds/{part}.html", context, status=status)


def _stream(request: SignedInRequest, seat: Seat) -> str:
    """Ask for it before reading what the page shows: what happens meanwhile is then told."""
    return address_of(request.user, seat.lab_class, Kind.ROUNDS, moment_now())


def _round_of(seat: Seat, round_id: int) -> Round:
    found = Round.objects.filter(pk=round_id, lab_class=seat.lab_class).first()
    if found is None:
        raise Http404("There is no such round in this class.")
    return found
