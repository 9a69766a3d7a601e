"""Making a class, and what its instructors set."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from labportal.accounts.access import SignedInRequest, signed_in
from labportal.accounts.class_access import Seat, also_when_archived, for_instructors
from labportal.accounts.limits import Allowance
from labportal.classes import services
from labportal.classes.dates import DatesForm
from labportal.classes.forms import CopyForm, NewClassForm, SettingsForm
from labportal.classes.models import LONGEST_NAME
from labportal.classes.pages import staff_of

MADE = Allowance("new-classes", times=30, seconds=3600)
"""Of one person, new ones and copies: a school's term in an afternoon."""
TOO_MANY = "You have made very many classes within an hour. Wait an hour, then try again."
NO_GUESTS = "A guest cannot teach a class: whoever leaves as a guest never comes back to it. Sign up first."


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """Everybody who is signed up may make a class."""
    if request.user.is_guest:
        raise PermissionDenied(NO_GUESTS)
    form = NewClassForm(request.POST or None)
    if form.is_valid() and _may_make_another(request, form):
        made = services.create_class(form.save(commit=False), request.user)
        messages.success(request, f"{made.name} is there. Show your students the code, or send them the link.")
        return redirect("classes:invite", made.pk)
    return render(request, "classes/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_instructors
def settings(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """All that can be set, on one page."""
    form = SettingsForm(request.POST or None, instance=seat.lab_class)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved. It counts from now on, for everybody in the class.")
        return redirect("classes:settings", seat.lab_class.pk)
    if form.errors:
        seat.lab_class.refresh_from_db()  # the form has written to it, and the page shows the class as it is
    return render(request, "classes/settings.html", {"seat": seat, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_instructors
@also_when_archived
def copy(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """The same class once more, for other students. Also of an archived one: that is what it is kept for."""
    original = seat.lab_class
    others = staff_of(original).exclude(user=request.user)
    suggested = {"name": _copied(original.name), "time_zone": original.time_zone}
    form = CopyForm(request.POST or None, others=others, initial=suggested)
    if form.is_valid() and _may_make_another(request, form):
        staff = form.cleaned_data.get("staff", ())
        made = services.copy_class(original, form.save(commit=False), request.user, staff)
        messages.success(
            request, f"{made.name} is there, with the settings of {original.name} and nobody to learn yet."
        )
        return redirect("classes:invite", made.pk)
    return render(request, "classes/copy.html", {"seat": seat, "form": form}, status=422 if form.errors else 200)


def _copied(name: str) -> str:
    """Two classes of one name could not be told apart."""
    ending = " (copy)"
    return name[: LONGEST_NAME - len(ending)] + ending


@require_http_methods(["GET", "POST"])
@for_instructors
@also_when_archived
def archive(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Asks first."""
    if request.method == "POST":
        services.archive(seat.lab_class)
        messages.success(request, f"{seat.lab_class.name} is archived.")
        return redirect("classes:list")
    return render(request, "classes/archive.html", {"seat": seat})


@require_POST
@for_instructors
@also_when_archived
def bring_back(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Out of the archive."""
    services.bring_back(seat.lab_class)
    messages.success(request, f"{seat.lab_class.name} is back.")
    return redirect("classes:settings", seat.lab_class.pk)


def _may_make_another(request: SignedInRequest, form: DatesForm) -> bool:
    if MADE.take(str(request.user.pk)):
        return True
    form.add_error(None, TOO_MANY)
    return False
