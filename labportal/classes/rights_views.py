"""The pages on which members of a class see what was done in it, and leave it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, also_when_archived, for_members, for_staff
from labportal.classes.leaving import end_membership, is_last_instructor
from labportal.classes.log import log_of, parts_of
from labportal.classes.log_form import LogForm
from labportal.classes.models import Act
from labportal.classes.pages import staff_of


@require_GET
@for_staff
def log(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """What those who teach did for, and saw of, the students of the class."""
    form = LogForm(request.GET, staff=staff_of(seat.lab_class), zone=seat.lab_class.time_zone)
    shown = log_of(seat.lab_class, form.wanted, request.GET.get("page"))
    context = {"seat": seat, "form": form, "log": shown}
    return render(request, "classes/log.html", context, status=422 if form.errors else 200)


@require_GET
@for_staff
def log_line(request: SignedInRequest, seat: Seat, act_id: int) -> HttpResponse:
    """For whom something was done at once."""
    line = get_object_or_404(Act, pk=act_id, lab_class=seat.lab_class, person=None)
    parts = parts_of(line, seat.lab_class, request.GET.get("page"))
    return render(request, "classes/log_line.html", {"seat": seat, "line": line, "parts": parts})


@require_http_methods(["GET", "POST"])
@for_members
@also_when_archived
def leave(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Asks first. Also open in a class that is archived: nobody is kept in one."""
    if request.method == "POST":
        if end_membership(seat.membership):
            messages.success(request, f"You have left {seat.lab_class.name}.")
            return redirect("classes:list")
        messages.error(request, "You are the only instructor of this class. Make somebody else one first.")
    context = {"seat": seat, "last": is_last_instructor(seat.membership)}
    return render(request, "classes/leave.html", context)
