"""The ways into a class, which are open to everybody: by its code, and by an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from labportal.accounts.guests import TOO_MANY_NEW, begin_as_guest
from labportal.accounts.limits import WRONG_CODES, address_of
from labportal.accounts.models import User
from labportal.classes import joining
from labportal.classes.codes import spoken, typed
from labportal.classes.join_forms import CodeForm, NameForm
from labportal.classes.models import Invitation, LabClass, Membership
from labportal.classes.pages import Place
from labportal.classes.tabs import landing_of

TOO_MANY_CODES = "Too many codes that no class has were tried from your network. Wait five minutes, then try again."
UNKNOWN = "No class has the code {code}. Look at it once more: it may have been changed, too."


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Asks for the code, and leads to where its link leads."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        return redirect("classes:enter", typed(form.cleaned_data["code"]) or "-")
    return render(request, "classes/join.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """The class that a code belongs to: what it is, and the way in. A class that is full of people in one room is
    counted by address only until they have signed in."""
    who = str(request.user.pk or address_of(request))
    if not WRONG_CODES.take(who):
        return _ask_again(request, code, TOO_MANY_CODES, 429)
    lab_class = LabClass.objects.filter(code=typed(code)).first()
    if lab_class is None:
        return _ask_again(request, code, UNKNOWN.format(code=spoken(typed(code))), 404)
    WRONG_CODES.give_back(who)
    user = request.user if isinstance(request.user, User) else None
    member = joining.membership_of(user, lab_class) if user else None
    if member is not None:
        messages.info(request, f"You are in {lab_class.name} already.")
        return redirect(landing_of(member))
    knock = joining.knock_of(user, lab_class) if user else None
    if knock and knock.turned_away_at:
        return _at_the_door(request, user, lab_class, joining.TURNED_AWAY.format(name=lab_class.name))
    if knock and lab_class.door == LabClass.Door.ASK and lab_class.archived_at is None:
        return _wait(request, lab_class)
    return _at_the_door(request, user, lab_class, joining.why_closed(lab_class))


def _at_the_door(request: HttpRequest, user: User | None, lab_class: LabClass, closed: str) -> HttpResponse:
    """Asks for a name; ``closed`` says why not, if it is not ""."""
    suggested = user.get_username() if user and not user.is_guest else ""
    form = NameForm(None if closed else request.POST or None, initial={"name": suggested})
    if form.is_valid():
        newcomer = user or begin_as_guest(request)
        if newcomer is not None:
            came = joining.join(newcomer, lab_class, form.cleaned_data["name"])
            return _welcome(request, lab_class) if isinstance(came, Membership) else _wait(request, lab_class)
        form.add_error(None, TOO_MANY_NEW)
    context = {"place": Place(lab_class, timezone.now()), "closed": closed, "form": form}
    return render(request, "classes/enter.html", context, status=403 if closed else 422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """For one person. Opening it uses nothing up: accepting does."""
    invited = get_object_or_404(Invitation.objects.select_related("lab_class"), token=token)
    user = request.user if isinstance(request.user, User) else None
    closed = joining.why_not_accepted(invited, user)
    if closed and user and user.pk == invited.accepted_by_id:
        return _arrived(request, user, invited.lab_class)
    needs_account = invited.role != Membership.Role.STUDENT and (user is None or user.is_guest)
    if request.method == "POST" and not closed and not needs_account:
        newcomer = user or begin_as_guest(request)
        if newcomer is None:
            messages.error(request, TOO_MANY_NEW)
        elif joining.accept(newcomer, invited) is not None:
            return _arrived(request, newcomer, invited.lab_class)
        else:
            closed = joining.USED_UP
    place = Place(invited.lab_class, timezone.now())
    context = {"place": place, "invited": invited, "closed": closed, "needs_account": needs_account}
    return render(request, "classes/invitation.html", context, status=403 if closed else 200)


def _arrived(request: HttpRequest, user: User, lab_class: LabClass) -> HttpResponse:
    """Where what they are in the class leads; to the list if they have left it since."""
    member = joining.membership_of(user, lab_class)
    if member is None:
        return redirect("classes:list")
    if member.teaches:
        messages.success(request, f"You are {member.get_role_display().lower()} of {lab_class.name}.")
        return redirect(landing_of(member))
    return _welcome(request, lab_class)


def _wait(request: HttpRequest, lab_class: LabClass) -> HttpResponse:
    """Where they can see that they wait. Never by the class's code: it may be another by now."""
    messages.info(request, f"{lab_class.name} lets people in one by one: an instructor will have a look.")
    return redirect("classes:list")


def _welcome(request: HttpRequest, lab_class: LabClass) -> HttpResponse:
    messages.success(request, f"You are in {lab_class.name}. This is its lab.")
    return redirect("labs:lab", lab_class.lab_id)


def _ask_again(request: HttpRequest, code: str, why: str, status: int) -> HttpResponse:
    form = CodeForm({"code": code})
    form.add_error("code", why)
    return render(request, "classes/join.html", {"form": form}, status=status)
