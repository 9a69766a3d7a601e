"""What a student can do here: ask for help, and read what they were told. Each click is answered with the part of the
page that shows it, or without htmx with the task's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from labportal.accounts.access import SignedInRequest, session_of, signed_in, task_of
from labportal.accounts.limits import Allowance
from labportal.labs.models import LabSession
from labportal.labs.offers import offered_remedies
from labportal.labs.pages import address_of_panel, address_of_task, place_of
from labportal.runs.replies import SeeOther
from labportal.runs.views import mend
from labportal.support import hands, letters
from labportal.support.forms import AskForm
from labportal.support.models import Hand, Receipt
from labportal.support.own import Support
from steps.kit.task import Task

RAISED = Allowance("raised-hands", times=10, seconds=60)
"""Hands raised in one walk: more than somebody who waits for an answer."""
NOT_NEEDED = "That is not needed any more, or something is under way. The page shows how things stand now."


@require_GET
@signed_in
def region(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """The live part of the student's pages that is about help."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    return _region(request, session, _own(session, task))


@require_POST
@signed_in
def raise_hand(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """Asks those who teach the student's classes to come. A second click finds the hand up."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    support = _own(session, task)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _region(request, session, support, form, status=422)
    if not RAISED.take(str(session.pk)):
        messages.warning(request, "That was very often in one minute. Wait a moment, then try again.")
    else:
        hands.raise_hand(session, task.id, form.cleaned_data["text"])
    return _answer(request, session, task)


@require_POST
@signed_in
def lower(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """The student needs no help any more. Harmless when nobody's hand is up."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    for hand in Hand.objects.filter(session=session, lowered_at=None):
        hands.lower(hand, request.user)
    return _answer(request, session, task)


@require_POST
@signed_in
def dismiss(request: SignedInRequest, lab_id: str, task_id: str, receipt_id: int) -> HttpResponse:
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    letters.dismiss(_receipt(request, session, receipt_id))
    return _answer(request, session, task)


@require_POST
@signed_in
def accept(request: SignedInRequest, lab_id: str, task_id: str, receipt_id: int) -> HttpResponse:
    """Has the portal mend what a message offers to mend: as if the student had pressed the button in the panel, if the
    latest attempt gives reason for it still."""
    task, session = task_of(lab_id, task_id), session_of(request.user, lab_id)
    receipt = _receipt(request, session, receipt_id)
    message = receipt.message
    if not message.remedy or message.task_id != task.id:
        raise Http404("That message offers nothing to mend here.")
    if message.remedy not in offered_remedies(session, task):
        messages.info(request, NOT_NEEDED)
        return SeeOther(address_of_panel(session, task))
    refused = mend(request, session, task, message.remedy)
    if refused is not None:
        return refused
    letters.note_accepted(receipt)
    return SeeOther(address_of_panel(session, task))


def _own(session: LabSession, task: Task) -> Support:
    """404 for who is in no class: there is nobody to ask."""
    support = letters.show(session, task)
    if support is None:
        raise Http404("You are in no class that does this lab.")
    return support


def _receipt(request: SignedInRequest, session: LabSession, receipt_id: int) -> Receipt:
    """One of the student's own, of a class that does this lab."""
    own = Receipt.objects.select_related("message").filter(user=request.user, message__lab_class__lab_id=session.lab_id)
    return get_object_or_404(own, pk=receipt_id)


def _answer(request: SignedInRequest, session: LabSession, task: Task) -> HttpResponse:
    if request.htmx:
        return _region(request, session, _own(session, task))
    return SeeOther(f"{address_of_task(session, task)}#support")


def _region(
    request: SignedInRequest, session: LabSession, support: Support, form: AskForm | None = None, status: int = 200
) -> HttpResponse:
    """Without htmx it is a page of its own: only a form that is to be mended comes to that."""
    context = {"place": place_of(session), "support": support, "ask_form": form or AskForm()}
    if request.htmx:
        return render(request, "support/_own.html", context)
    return render(request, "support/ask.html", context, status=status)
