"""Beginning, following and ending attempts. A POST answers 303 to the task's page, or its panel to htmx."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_GET, require_POST

from labportal.accounts.access import SignedInRequest, attempt_of, lab_of, session_of, signed_in, task_of
from labportal.accounts.limits import STARTS
from labportal.classes.allowed import Help, allowed_in
from labportal.labs import contexts, pages, panels
from labportal.labs.models import LabSession
from labportal.labs.offers import offered_remedies
from labportal.labs.standing import steps_of
from labportal.ledger.reading import number_for
from labportal.runs import services
from labportal.runs.forms import Answers, read_answers
from labportal.runs.replies import SeeOther, has_grown_old, not_offered, panel_or_page
from steps.kit.course import Mode
from steps.kit.task import Task
from steps.registry import LABS

_OTHER_UNDER_WAY = {
    Mode.VALIDATE: "A check is under way. When it has ended, press again.",
    Mode.CARRY_OUT: "The portal is carrying this out. It checks by itself when it is done.",
    Mode.REPAIR: "The portal is mending something here. It checks by itself when it is done.",
    Mode.UNDO: "The portal is undoing this task. When it has ended, press again.",
}
"""What is said to a click that found another kind of attempt under way."""
_INSTRUCTORS = "A check that your instructor asked for is just under way. When it has ended, press again."


@require_POST
@signed_in
def check(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """Validates the task: read-only."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    if task is lab_of(lab_id).challenge:  # there is nothing to see of it before it is taken
        return not_offered(request, session, task)
    answers = read_answers(task.asks, request.POST)
    if not answers.unusable:
        start_check(request, session, task, answers.kept)
    return panel_or_page(request, session, task, answers)


@require_POST
@signed_in
def check_all(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """Validates every task of the lab at once, with what was last answered to its questions."""
    lab, session = lab_of(lab_id), session_of(request.user, lab_id)
    if _does_it_the_way_of_the_class(request, session) and may_start(request, session):
        services.check_all(session, panels.all_kept_answers(session, lab))
    return SeeOther(resolve_url("labs:lab", lab_id))


@require_POST
@signed_in
def carry_out(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """Has the portal do the task, and then validates it."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    if has_grown_old(request, session):
        return not_offered(request, session, task)
    if task is lab_of(lab_id).challenge:
        return _take_challenge(request, session, task)
    allowed = allowed_in(session)
    if task is not lab_of(lab_id).clean_up and not allowed.carry_out:
        return not_offered(request, session, task, allowed.left_to_you(Help.CARRY_OUT))
    if task.can_carry_out and (task is lab_of(lab_id).clean_up or _does_it_the_way_of_the_class(request, session)):
        _start(request, session, task, Mode.CARRY_OUT, {})
    return panel_or_page(request, session, task)


@require_POST
@signed_in
def repair(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """Has the portal mend what the latest attempt found, and then validates the task."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    return mend(request, session, task, request.POST.get("remedy", "")) or panel_or_page(request, session, task)


@require_POST
@signed_in
def undo(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """Has the portal take back what it made for a task, which is to do again then."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    if has_grown_old(request, session) or not panels.can_undo(session, task):
        return not_offered(request, session, task)
    _start(request, session, task, Mode.UNDO, {})
    return panel_or_page(request, session, task)


@require_POST
@signed_in
def cancel(request: SignedInRequest, attempt_id: int) -> HttpResponse:
    attempt = attempt_of(request.user, attempt_id)
    services.cancel(attempt)
    return panel_or_page(request, attempt.session, task_of(attempt.session.lab_id, attempt.task_id))


@require_POST
@signed_in
def check_now(request: SignedInRequest, attempt_id: int) -> HttpResponse:
    """A waiting attempt is looked at now instead of at its time."""
    attempt = attempt_of(request.user, attempt_id)
    if _not_too_often(request, attempt.session):
        services.check_now(attempt)
    return panel_or_page(request, attempt.session, task_of(attempt.session.lab_id, attempt.task_id))


@require_GET
@signed_in
def attempt(request: SignedInRequest, attempt_id: int) -> HttpResponse:
    """Everything that is kept of one attempt."""
    the_attempt = attempt_of(request.user, attempt_id)
    context = {**contexts.of_attempt(the_attempt), "calls": number_for(the_attempt)}
    return render(request, "runs/attempt.html", context)


def start_check(request: SignedInRequest, session: LabSession, task: Task, answers: dict[str, str]) -> None:
    """With what was answered now, and what was answered before for the rest."""
    if task in LABS[session.lab_id].tasks and not _does_it_the_way_of_the_class(request, session):
        return
    kept = panels.kept_answers(session, task) if task.asks else {}
    _start(request, session, task, Mode.VALIDATE, {**kept, **answers})


def _does_it_the_way_of_the_class(request: SignedInRequest, session: LabSession) -> bool:
    """False for who has chosen roles, perhaps before they joined, where a class does not accept them: the reader is
    told. What they have done that way stays done."""
    no_roles = allowed_in(session).no_roles if session.names.by_roles else ""
    if no_roles:
        messages.warning(request, f"{no_roles} Choose access policies under Your names, then go on.")
    return not no_roles


def mend(request: SignedInRequest, session: LabSession, task: Task, remedy: str) -> HttpResponse | None:
    """Begins it, if the latest attempt gives reason for it and the student's classes let the portal. None once it is
    under way; else what to answer."""
    if has_grown_old(request, session) or remedy not in offered_remedies(session, task):
        return not_offered(request, session, task)
    allowed = allowed_in(session)
    if not allowed.repair:
        return not_offered(request, session, task, allowed.left_to_you(Help.REPAIR))
    begun = _start(request, session, task, Mode.REPAIR, panels.kept_answers(session, task), remedy=remedy)
    return None if begun else panel_or_page(request, session, task)


def _take_challenge(request: SignedInRequest, session: LabSession, task: Task) -> HttpResponse:
    """With what the student foresees, and not without."""
    mastery = steps_of(session).challenge
    if mastery is None or not mastery.open:
        return not_offered(request, session, task)
    answers = read_answers(task.asks, request.POST)
    open_asks = frozenset(ask.id for ask in task.asks if ask.id not in answers.kept)
    if not open_asks:
        _start(request, session, task, Mode.CARRY_OUT, answers.kept)
    return panel_or_page(request, session, task, Answers(answers.kept, open_asks))


def _start(
    request: SignedInRequest, session: LabSession, task: Task, mode: Mode, answers: dict[str, str], *, remedy: str = ""
) -> bool:
    """False, with a reason for the reader, when it could not begin or something else is under way."""
    if not may_start(request, session):
        return False
    started = services.start(session, task.id, mode, answers, remedy)
    found = started.attempt
    of_instructor = started.joined and found.on_behalf and (found.mode != mode or found.answers != answers)
    other = started.joined and found.mode != mode
    if of_instructor:
        messages.info(request, _INSTRUCTORS)
    elif other:
        messages.info(request, _OTHER_UNDER_WAY[Mode(found.mode)])
    return not (of_instructor or other)


def may_start(request: SignedInRequest, session: LabSession) -> bool:
    """Counts as a click. False when nothing can begin, and the reader is told why."""
    place = pages.place_of(session)
    if not place.ready:
        messages.warning(request, "Your subscription is still being prepared. Try again in a moment.")
        return False
    if place.broken:
        messages.warning(request, "Azure does not accept your credential any more. Sign in again first.")
        return False
    return _not_too_often(request, session)


def _not_too_often(request: SignedInRequest, session: LabSession) -> bool:
    allowed = STARTS.take(str(session.pk))
    if not allowed:
        messages.warning(request, "That was very often in one minute. Wait a moment, then try again.")
    return allowed
