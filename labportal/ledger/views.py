"""The student's ledger: what the portal has asked of Azure in their name. Only they see it."""

from __future__ import annotations

import re
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from labportal.accounts.access import SignedInRequest, attempt_of, session_of, signed_in
from labportal.accounts.limits import Allowance
from labportal.addresses import RowConverter
from labportal.labs.pages import place_of
from labportal.ledger.export import write_csv
from labportal.ledger.reading import Narrowed, calls_page
from labportal.long_answers import MadeFile
from labportal.runs.models import Attempt

EXPORTS = Allowance("azure-calls", times=20, seconds=300)
"""Of one person's own ledger, which may have ten thousands of lines."""


@require_GET
@signed_in
def calls(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """Every request, the newest first; ``?writes`` leaves those that change something, ``?attempt=7`` those of one."""
    session = session_of(request.user, lab_id)
    narrowed = Narrowed(writes="writes" in request.GET, attempt=_attempt(request))
    page = calls_page(session, narrowed, request.GET.get("page"))
    return render(request, "ledger/calls.html", {"place": place_of(session), "ledger": page})


@require_GET
@signed_in
def as_csv(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """All of it, for spreadsheets."""
    session = session_of(request.user, lab_id)
    if not EXPORTS.take(str(request.user.pk)):
        messages.warning(request, "You have downloaded this very often. Wait five minutes, then try again.")
        return redirect("ledger:calls", lab_id)
    name = f"azure-calls-{timezone.now():%Y-%m-%d}.csv"
    return MadeFile(partial(write_csv, session=session), name=name, content_type="text/csv; charset=utf-8")  # type: ignore[return-value]  # a streaming response is none by name


def _attempt(request: SignedInRequest) -> Attempt | None:
    """404 for what is no attempt of this student's."""
    number = request.GET.get("attempt", "")
    if not number:
        return None
    if not re.fullmatch(RowConverter.regex, number):
        raise Http404("There is no such attempt.")
    return attempt_of(request.user, int(number))
