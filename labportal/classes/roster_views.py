"""A roster becomes invitations: at once where all of it is fine, else after a look at what is not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, for_instructors
from labportal.classes.roster.forms import RosterForm, to_mend
from labportal.classes.roster.importing import MOST_INVITED, Report, TooManyInvited, import_roster, look_at_roster
from labportal.classes.roster.table import MOST_LINES

TOO_MANY = (
    f"A class has {MOST_INVITED:,} open invitations at most, and with these there would be more. "
    "Nobody was invited: withdraw those that nobody will accept."
)
MOST_SHOWN = 500  # lines of a kind, on the page that reports on them


@require_http_methods(["GET", "POST"])
@for_instructors
def roster(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """The button that was pressed says what is wanted: "look", "good_ones", or neither. What was read under a guess
    is imported only by who has looked at it."""
    form = RosterForm(request.POST or None, request.FILES or None)
    context = {"seat": seat, "form": form, "most_lines": MOST_LINES}
    if not form.is_valid():
        return render(request, "classes/roster.html", context, status=422 if form.errors else 200)
    try:
        report = _report_on(request, seat, form)
    except TooManyInvited:
        form.add_error(None, TOO_MANY)
        return render(request, "classes/roster.html", context, status=422)
    if report.imported:
        messages.success(request, _in_words(report))
        return redirect("classes:invitations", seat.lab_class.pk)
    context |= {
        "form": to_mend(form.decoded.text),
        "report": report,
        "most_shown": MOST_SHOWN,
        "shown": f":{MOST_SHOWN}",
    }
    return render(request, "classes/roster_report.html", context)


def _report_on(request: SignedInRequest, seat: Seat, form: RosterForm) -> Report:
    """Raises TooManyInvited."""
    if form.roster.guessed or "look" in request.POST:
        return look_at_roster(seat.lab_class, form.roster)
    return import_roster(seat.lab_class, form.roster, good_ones="good_ones" in request.POST)


def _in_words(report: Report) -> str:
    """ "28 invitations are ready. 2 were known already: line 3, 17. 1 was left out: line 9." """
    said = [f"{_number(len(report.fine), 'invitation is', 'invitations are')} ready."]
    for lines, words in ((report.already, "in the class or invited already"), (report.trouble, "left out")):
        if lines:
            numbers = ", ".join(str(line.number) for line in lines[:10])
            more = ", …" if len(lines) > 10 else ""
            said.append(f"{_number(len(lines), 'line was', 'lines were')} {words}: {numbers}{more}.")
    return " ".join(said)


def _number(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
