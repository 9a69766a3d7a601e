"""The classes somebody is in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from labportal.accounts.access import SignedInRequest, signed_in
from labportal.classes.pages import places_of


@require_GET
@signed_in
def class_list(request: SignedInRequest) -> HttpResponse:
    """Those I teach, and those I learn in."""
    return render(request, "classes/list.html", {"places": places_of(request.user)})
