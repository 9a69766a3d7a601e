"""A person's own account: what others did for them, what is kept about them, and its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from labportal.accounts.access import SignedInRequest, signed_in
from labportal.accounts.deletion import classes_that_go, delete_person, what_hinders
from labportal.accounts.forms import DeleteForm
from labportal.accounts.kept import kept_about
from labportal.accounts.limits import DOWNLOADS
from labportal.accounts.models import User
from labportal.classes.audit import acts_about
from labportal.runs.services import cancel

ENDING = "Something was under way in your lab. It is being cancelled: try again in a moment."
LEADS = "You are the only instructor of a class that has students. Hand it over or archive it first."


@require_GET
@signed_in
def account(request: SignedInRequest) -> HttpResponse:
    return render(request, "accounts/account.html")


@require_GET
@signed_in
def acts(request: SignedInRequest) -> HttpResponse:
    """What was done on this person's behalf, and who has looked at their work as they see it."""
    return render(request, "accounts/acts.html", {"acts": acts_about(request.user, request.GET.get("page"))})


@require_GET
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """All that is kept about this person, as JSON."""
    if not DOWNLOADS.take(str(request.user.pk)):
        messages.warning(request, "You have downloaded this very often. Wait an hour, then try again.")
        return redirect("accounts:account")
    kept = kept_about(_the_user(request))
    return JsonResponse(
        kept,
        json_dumps_params={"indent": 2, "ensure_ascii": False, "default": str},
        headers={"Content-Disposition": 'attachment; filename="kept-about-me.json"'},
    )


@require_http_methods(["GET", "POST"])
@signed_in
def delete(request: SignedInRequest) -> HttpResponse:
    """Asks first, and for the password: whoever finds a browser open is not to end somebody else's account."""
    user = _the_user(request)
    form = DeleteForm(request, user, request.POST if request.method == "POST" else None)
    if form.is_valid() and _delete(user, form):
        logout(request)
        messages.success(request, "Your account is deleted, with all that was kept about you.")
        return redirect("home")
    context: dict[str, Any] = {
        "form": form,
        "hindrances": what_hinders(user),
        "classes_that_go": list(classes_that_go(user)),
    }
    return render(request, "accounts/delete.html", context, status=422 if form.errors else 200)


def _delete(user: User, form: DeleteForm) -> bool:
    """What is under way is cancelled; what has to come to an end by itself is waited for by trying again."""
    for attempt in what_hinders(user).under_way:
        cancel(attempt)
    if delete_person(user):
        return True
    form.add_error(None, LEADS if what_hinders(user).classes else ENDING)
    return False


def _the_user(request: SignedInRequest) -> User:
    """Read anew, and no lazy stand-in."""
    return User.objects.get(pk=request.user.pk)
