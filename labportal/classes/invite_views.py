"""How students find a class: its code, its link, and the link as a drawing for a phone's camera."""

from __future__ import annotations

from io import BytesIO

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, for_instructors, for_staff
from labportal.classes import services
from labportal.classes.codes import spoken
from labportal.classes.models import LabClass
from labportal.classes.newcomers import waiting_in
from labportal.classes.reach import only_here

LIGHT = "#fff"  # in dark pages, too: cameras look for dark squares on a light ground
QUIET_ZONE = 4  # squares around it, as the standard wants


@require_GET
@for_staff
def invite(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Big enough to be read from the last row."""
    host = request.get_host()  # to be typed: browsers add the rest
    context = {
        "seat": seat,
        "code": spoken(seat.lab_class.code),
        "link": _link(request, seat),
        "host": host,
        "only_here": only_here(request),
        "waiting": waiting_in(seat.lab_class).count() if seat.acts else 0,
    }
    return render(request, "classes/invite.html", context)


@require_GET
@for_staff
def qr(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """The link as a QR code, an SVG without a size of its own."""
    drawn = BytesIO()
    code = segno.make_qr(_link(request, seat), error="m")
    code.save(drawn, kind="svg", border=QUIET_ZONE, light=LIGHT, omitsize=True, svgclass=None, lineclass=None)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@require_POST
@for_instructors
def door(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """What the code does for whoever has it: ``door`` is one of ``LabClass.Door``."""
    wanted = request.POST.get("door")
    if wanted in LabClass.Door.values:
        chosen = LabClass.Door(wanted)
        services.set_door(seat.lab_class, chosen)
        messages.success(request, f"Saved. Who has the code: {chosen.label.lower()}.")
    else:
        messages.error(request, "Say who may come in: one of the buttons below.")
    return redirect("classes:invite", seat.lab_class.pk)


@require_POST
@for_instructors
def new_code(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """For when the old one has got around."""
    services.change_code(seat.lab_class)
    messages.success(request, "This is the new code. The old code and its link no longer lead here.")
    return redirect("classes:invite", seat.lab_class.pk)


def _link(request: SignedInRequest, seat: Seat) -> str:
    return request.build_absolute_uri(reverse("classes:enter", args=[seat.lab_class.code]))
