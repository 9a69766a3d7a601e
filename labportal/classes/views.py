"""The classes somebody is in, and what a member may know of one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from labportal.accounts.access import SignedInRequest, signed_in
from labportal.accounts.class_access import Seat, for_members
from labportal.classes.pages import about_of, places_of


@require_GET
@signed_in
def class_list(request: SignedInRequest) -> HttpResponse:
    """Those I teach, and those I learn in."""
    return render(request, "classes/list.html", {"places": places_of(request.user)})


@require_GET
@for_members
def about(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """When it is due, what it allows, who teaches it, and where I stand."""
    return render(request, "classes/about.html", {"seat": seat, "about": about_of(seat.membership)})
