"""Beginning, following and ending attempts. A POST answers 303 to the task's page, or its panel to htmx."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_GET, require_POST

from labportal.accounts.access import SignedInRequest, attempt_of, lab_of, session_of, signed_in, task_of
from labportal.accounts.limits import STARTS
from labportal.labs import pages
from labportal.labs.models import LabSession
from labportal.runs import services
from labportal.runs.forms import Answers, read_answers
from steps.kit.runner import Mode
from steps.kit.task import Task


class SeeOther(HttpResponseRedirect):
    """After a POST: go and get that page. Reloading it then posts nothing again."""

    status_code = 303


_OTHER_UNDER_WAY = {
    Mode.CARRY_OUT: "A check is under way. When it has ended, press again to have the task carried out.",
    Mode.VALIDATE: "The portal is carrying this task out. It checks by itself when it is done.",
}


@require_POST
@signed_in
def check(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """Validates the task: read-only."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    answers = read_answers(task.asks, request.POST)
    if not answers.unusable:
        kept = pages.kept_answers(session, task) if task.asks else {}
        _start(request, session, task, Mode.VALIDATE, {**kept, **answers.kept})
    return _panel_or_page(request, session, task, answers)


@require_POST
@signed_in
def check_all(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """Validates every task of the lab at once, with what was last answered to its questions."""
    lab, session = lab_of(lab_id), session_of(request.user, lab_id)
    if _may_start(request, session):
        services.check_all(session, pages.all_kept_answers(session, lab))
    return SeeOther(resolve_url("labs:lab", lab_id))


@require_POST
@signed_in
def carry_out(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """Has the portal do the task, and then validates it."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    if task.can_carry_out:
        _start(request, session, task, Mode.CARRY_OUT, {})
    return _panel_or_page(request, session, task)


@require_POST
@signed_in
def cancel(request: SignedInRequest, attempt_id: int) -> HttpResponse:
    attempt = attempt_of(request.user, attempt_id)
    services.cancel(attempt)
    return _panel_or_page(request, attempt.session, task_of(attempt.session.lab_id, attempt.task_id))


@require_POST
@signed_in
def check_now(request: SignedInRequest, attempt_id: int) -> HttpResponse:
    """A waiting attempt is looked at now instead of at its time."""
    attempt = attempt_of(request.user, attempt_id)
    if _not_too_often(request, attempt.session):
        services.check_now(attempt)
    return _panel_or_page(request, attempt.session, task_of(attempt.session.lab_id, attempt.task_id))


@require_GET
@signed_in
def attempt(request: SignedInRequest, attempt_id: int) -> HttpResponse:
    """Everything that is kept of one attempt."""
    the_attempt = attempt_of(request.user, attempt_id)
    context = {"place": pages.place_of(the_attempt.session), "page": pages.attempt_page(the_attempt)}
    return render(request, "runs/attempt.html", context)


def _start(request: SignedInRequest, session: LabSession, task: Task, mode: Mode, answers: dict[str, str]) -> None:
    if _may_start(request, session):
        started = services.start(session, task.id, mode, answers)
        if started.joined and started.attempt.mode != mode:
            messages.info(request, _OTHER_UNDER_WAY[mode])


def _may_start(request: SignedInRequest, session: LabSession) -> bool:
    if not pages.place_of(session).ready:
        messages.warning(request, "Your subscription is still being prepared. Try again in a moment.")
        return False
    return _not_too_often(request, session)


def _not_too_often(request: SignedInRequest, session: LabSession) -> bool:
    allowed = STARTS.take(str(session.pk))
    if not allowed:
        messages.warning(request, "That was very often in one minute. Wait a moment, then try again.")
    return allowed


def _panel_or_page(
    request: SignedInRequest, session: LabSession, task: Task, answers: Answers | None = None
) -> HttpResponse:
    """Text that could not be used is told of at once and never sent back."""
    unusable = answers.unusable if answers else frozenset[str]()
    if request.htmx:
        panel = pages.panel_of(session, task)
        context = {"place": pages.place_of(session), "panel": panel, "unusable": unusable}
        return render(request, "labs/_panel_update.html", context)
    for ask in task.asks:
        if ask.id in unusable:
            messages.error(request, f"{ask.label}: what you entered holds nothing this check can use. {ask.help}")
    return SeeOther(resolve_url("labs:task", session.lab_id, task.id))
