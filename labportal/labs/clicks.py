"""What a student clicks that begins no attempt by itself: a hint, a choice of names, signing in again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_POST

from labportal.accounts.access import SignedInRequest, session_of, signed_in, task_of
from labportal.classes.allowed import Help, allowed_in
from labportal.connections.practice import sign_in_again as renew
from labportal.labs.forms import read_choice
from labportal.labs.hints import show_one_more
from labportal.labs.names import rename
from labportal.labs.offers import hints_there_are, may_choose
from labportal.labs.pages import address_of_panel, place_of
from labportal.runs import services
from labportal.runs.replies import SeeOther, not_offered, panel_or_page
from labportal.runs.views import start_check


@require_POST
@signed_in
def hint(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """One more hint: of the task, or of what a finding gave as its reason."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    about = request.POST.get("about", "")
    allowed = allowed_in(session)
    there_are = hints_there_are(place_of(session).lab, task, about)
    if not there_are or not allowed.hints:
        return not_offered(request, session, task, allowed.left_to_you(Help.HINTS))
    shown = show_one_more(request.session, session, task.id, about, of=there_are)
    services.count_hints(session, task.id, shown)
    return panel_or_page(request, session, task)


@require_POST
@signed_in
def choose(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """Sets one of the student's names to what they mean, and checks the task with it. The guide has to be read anew
    as well, so the page comes whole."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    try:
        change = read_choice(request.POST.get("name", ""), request.POST.get("value", ""))
    except ValidationError:
        return not_offered(request, session, task)
    allowed = allowed_in(session)
    if not may_choose(allowed, request.POST["name"], request.POST["value"]):
        return not_offered(request, session, task, (allowed.no_roles,))
    if rename(session, **change):
        messages.success(request, "Saved. The guides and the checks now use it.")
        start_check(request, session, task, {})
    else:
        messages.warning(request, "Something is under way with the old names. Wait for its end, or cancel it.")
    return SeeOther(address_of_panel(session, task))


@require_POST
@signed_in
def sign_in_again(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """A new credential for a practice subscription whose own is refused. What waits for it goes on by itself."""
    session = session_of(request.user, lab_id)
    renew(session.connection)
    came_from = request.POST.get("task", "")
    if came_from:
        return SeeOther(address_of_panel(session, task_of(lab_id, came_from)))
    return SeeOther(resolve_url("labs:lab", lab_id))
