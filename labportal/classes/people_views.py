"""Who is in a class and who is expected: everybody who teaches may look, instructors change."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, also_when_archived, for_instructors, for_staff
from labportal.classes import people_pages
from labportal.classes.models import Invitation, Membership
from labportal.classes.names import one_line
from labportal.classes.people import change_role, rename, withdraw
from labportal.classes.people import remove as remove_member
from labportal.classes.people_forms import InviteForm, MemberForm
from labportal.classes.reach import only_here
from labportal.classes.sheets import csv_file
from labportal.writes import writing

LAST = "This is the only instructor: make somebody else one first."


@require_GET
@for_staff
def people(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Those who teach, and the students, fifty at a time."""
    shown = people_pages.people_of(seat.lab_class, one_line(request.GET.get("q", "")), request.GET.get("page"))
    return render(request, "classes/people.html", {"seat": seat, "people": shown})


@require_http_methods(["GET", "POST"])
@for_instructors
def member(request: SignedInRequest, seat: Seat, member_id: int) -> HttpResponse:
    """What somebody is called, and what they may do."""
    who = _member_of(seat, member_id)
    form = MemberForm(request.POST or None, member=who)
    if form.is_valid():
        if change_role(request.user, who, form.cleaned_data["role"]):
            rename(request.user, who, form.cleaned_data["name"])
            messages.success(request, f"{who.name} is {who.get_role_display().lower()} of this class.")
            return _back(seat, request.user.pk == who.user_id and not who.teaches)
        form.add_error("role", LAST)
    context = {"seat": seat, "member": who, "form": form}
    return render(request, "classes/member.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_instructors
@also_when_archived
def remove(request: SignedInRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Asks first. Also of an archived class: what stays to be read there is not for everybody for ever."""
    who = _member_of(seat, member_id)
    if request.method == "POST":
        if remove_member(request.user, who):
            messages.success(request, f"{who.name} is no longer in this class.")
            return _back(seat, request.user.pk == who.user_id)
        messages.error(request, LAST)
    return render(request, "classes/remove.html", {"seat": seat, "member": who})


@require_http_methods(["GET", "POST"])
@for_instructors
def invite_one(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """A link for one person: a co-instructor, an observer, a student."""
    form = InviteForm(request.POST or None, lab_class=seat.lab_class)
    if form.is_valid():
        with writing():
            invited = form.save()
        messages.success(request, f"Send {invited.name} the link below. Whoever opens it first is taken for them.")
        return redirect("classes:invitations", seat.lab_class.pk)
    context = {"seat": seat, "form": form}
    return render(request, "classes/invite_one.html", context, status=422 if form.errors else 200)


@require_GET
@for_instructors
def invitations(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Who has not come yet, each with a link of their own. An observer must not have links that let somebody in."""
    query, page = one_line(request.GET.get("q", "")), request.GET.get("page")
    expected = people_pages.expected_in(seat.lab_class, query, page)
    site = request.build_absolute_uri("/").rstrip("/")
    context = {
        "seat": seat,
        "expected": expected,
        "site": site,
        "host": request.get_host(),
        "only_here": only_here(request),
    }
    return render(request, "classes/invitations.html", context)


@require_GET
@for_instructors
def invitations_sheet(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """All open invitations with their links, for whoever sends them by mail."""
    base = request.build_absolute_uri(reverse("classes:invitation", args=["-"]))
    rows = people_pages.sheet_of(seat.lab_class, base)
    return HttpResponse(
        csv_file(("name", "email", "role", "link"), rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="invitations-{seat.lab_class.pk}.csv"'},
    )


@require_POST
@for_instructors
def withdraw_invitation(request: SignedInRequest, seat: Seat, invitation_id: int) -> HttpResponse:
    """The link leads nowhere from now on."""
    invited = get_object_or_404(Invitation, pk=invitation_id, lab_class=seat.lab_class)
    if withdraw(invited):
        messages.success(request, f"The invitation of {invited.name} is withdrawn.")
    else:
        messages.warning(request, f"{invited.name} has accepted it meanwhile, and is a member.")
    return redirect("classes:invitations", seat.lab_class.pk)


def _member_of(seat: Seat, member_id: int) -> Membership:
    found = (
        Membership.objects.select_related("user", "lab_class").filter(pk=member_id, lab_class=seat.lab_class).first()
    )
    if found is None:
        raise Http404("There is nobody like that in this class.")
    return found


def _back(seat: Seat, out: bool) -> HttpResponse:
    """To the people; who can no longer see them goes to the list of classes."""
    return redirect("classes:list") if out else redirect("classes:people", seat.lab_class.pk)
