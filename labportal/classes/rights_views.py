"""The pages on which members of a class see what was done in it, and leave it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, also_when_archived, for_members, for_staff
from labportal.classes.audit import acts_in
from labportal.classes.leaving import end_membership, is_last_instructor


@require_GET
@for_staff
def log(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """What those who teach did for, and saw of, the students of the class."""
    return render(request, "classes/log.html", {"seat": seat, "acts": acts_in(seat.lab_class, request.GET.get("page"))})


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
