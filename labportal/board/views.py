"""The pages of a class that show where everybody stands. They look, and change nothing: observers see them whole.

Each answers with its live part alone where a page that is open asks again (``static/js/board.js``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, for_staff
from labportal.board.looking import Kind
from labportal.board.pages import board_of, causes_page, wall_of
from labportal.board.stream import address_of, moment_now


@require_GET
@for_staff
def board(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Students by tasks, who needs help first."""
    moment = moment_now()
    told = request.GET.copy()
    told.pop("page", None)
    page = board_of(seat, request.GET, told.urlencode())
    rows = tuple(row.member_id for row in page.rows)
    stream = address_of(request.user, seat.lab_class, Kind.BOARD, moment, rows)
    return _answer(request, "board", {"seat": seat, "board": page, "stream": stream})


@require_GET
@for_staff
def wall(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """For a projector: how far the class is, without names."""
    moment = moment_now()
    page = wall_of(seat.lab_class)
    stream = address_of(request.user, seat.lab_class, Kind.WALL, moment)
    return _answer(request, "wall", {"seat": seat, "wall": page, "stream": stream})


@require_GET
@for_staff
def causes(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """What stops whom."""
    moment = moment_now()
    page = causes_page(seat.lab_class)
    stream = address_of(request.user, seat.lab_class, Kind.CAUSES, moment)
    return _answer(request, "causes", {"seat": seat, "page": page, "stream": stream})


def _answer(request: SignedInRequest, name: str, context: Mapping[str, Any]) -> HttpResponse:
    part = "_" if request.htmx else ""
    return render(request, f"board/{part}{name}.html", context)
