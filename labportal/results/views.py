"""What a class has achieved: pictures, what stopped most, points, and files to take away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import IO

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, for_staff
from labportal.accounts.limits import Allowance
from labportal.classes.zones import on_the_wall
from labportal.long_answers import MadeFile
from labportal.results.columns import columns_of
from labportal.results.exports import write_csv, write_xlsx
from labportal.results.pages import pictures_of, points_page, stumbles_drawn
from labportal.results.reading import all_rows
from labportal.results.wording import about_export

EXPORTS = Allowance("exports", times=20, seconds=300)
"""Of one person: each of a large class takes seconds of the portal's time."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Export = Callable[[Seat, datetime, IO[bytes]], None]


@require_GET
@for_staff
def results(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """How far the class is, and how it got there, in pictures."""
    return render(request, "results/results.html", {"seat": seat, "pictures": pictures_of(seat, timezone.now())})


@require_GET
@for_staff
def failed(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """What stopped most students, over all their checks."""
    return render(request, "results/failed.html", {"seat": seat, "stumbles": stumbles_drawn(seat)})


@require_GET
@for_staff
def points(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Who has which points."""
    told = points_page(seat, request.GET.get("page", ""))
    return render(request, "results/points.html", {"seat": seat, "told": told})


@require_GET
@for_staff
def as_csv(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """All that the class has achieved, a line for each student."""
    return _export(request, seat, _csv, "csv", "text/csv; charset=utf-8")


@require_GET
@for_staff
def as_xlsx(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """The same for spreadsheets, with real dates and numbers."""
    return _export(request, seat, _xlsx, "xlsx", XLSX)


def _export(request: SignedInRequest, seat: Seat, write: Export, ending: str, content_type: str) -> HttpResponse:
    if not EXPORTS.take(str(request.user.pk)):
        return render(request, "results/too_often.html", {"seat": seat}, status=429)
    now = timezone.now()
    day = on_the_wall(now, seat.lab_class.time_zone)
    name = f"{slugify(seat.lab_class.name, allow_unicode=True) or 'class'}-results-{day:%Y-%m-%d}.{ending}"
    return MadeFile(lambda file: write(seat, now, file), name=name, content_type=content_type)  # type: ignore[return-value]  # a streaming response is none by name


def _csv(seat: Seat, now: datetime, file: IO[bytes]) -> None:
    write_csv(file, columns_of(seat.lab_class), all_rows(seat.lab_class))


def _xlsx(seat: Seat, now: datetime, file: IO[bytes]) -> None:
    write_xlsx(file, columns_of(seat.lab_class), all_rows(seat.lab_class), about_export(seat, now))
