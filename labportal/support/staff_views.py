"""What those who teach do here: see who asks for help, go there, and write to students."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from labportal.accounts.access import SignedInRequest
from labportal.accounts.class_access import Seat, for_instructors, for_staff
from labportal.accounts.limits import Allowance
from labportal.board.looking import Kind
from labportal.board.stream import address_of, moment_now
from labportal.board.words import task_name
from labportal.classes.audit import note_act
from labportal.classes.models import Act
from labportal.classes.roll import students_of
from labportal.runs.replies import SeeOther
from labportal.support import hands, letters
from labportal.support.audience import audience_of, preview_of
from labportal.support.forms import MessageForm
from labportal.support.models import Hand
from labportal.support.queue import queue_of
from labportal.support.sent import sent_of
from labportal.writes import writing

WRITTEN = Allowance("messages", times=30, seconds=300)
"""Of one person: each makes a row, and a page that looks again, for everybody it goes to."""
TOO_OFTEN = "That was very many messages in a few minutes. Wait five minutes, then send it again."
NOBODY = "Nobody is held up by this any more, so nothing was sent."


@require_GET
@for_staff
def hands_up(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Who asks for help, first come first served; htmx fetches the queue alone."""
    return _queue(request, seat, "support/_queue.html" if request.htmx else "support/hands.html")


@require_POST
@for_instructors
def take(request: SignedInRequest, seat: Seat, hand_id: int) -> HttpResponse:
    """I am going there. Whoever was first has it."""
    if not hands.take(_hand(seat, hand_id), request.user, seat.membership.name):
        messages.info(request, "Somebody else has just taken it, or it has been lowered.")
    return _back(request, seat)


@require_POST
@for_instructors
def give_back(request: SignedInRequest, seat: Seat, hand_id: int) -> HttpResponse:
    """It waits again, at its old place."""
    if not hands.give_back(_hand(seat, hand_id)):
        messages.info(request, "It waits already, or it has been lowered.")
    return _back(request, seat)


@require_POST
@for_instructors
def done(request: SignedInRequest, seat: Seat, hand_id: int) -> HttpResponse:
    """The student has been helped: their hand is lowered for them."""
    hand = _hand(seat, hand_id)
    with writing():
        if hands.lower(hand, request.user):
            at = task_name(seat.lab, hand.task_id)
            note_act(request.user, hand.user, seat.lab_class, Act.Kind.HAND, f"lowered your hand at {at}")
        else:
            messages.info(request, "It had been lowered already.")
    return _back(request, seat)


@require_http_methods(["GET", "POST"])
@for_instructors
def compose(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """A message to whom the address names; how many that are is said before, and counted again when it is sent."""
    audience = audience_of(seat, request.GET.dict())
    form = MessageForm(audience, request.POST or None)
    if request.method == "POST" and form.is_valid() and not WRITTEN.take(str(request.user.pk)):
        form.add_error(None, TOO_OFTEN)
    elif request.method == "POST" and form.is_valid():
        sent_to = letters.send(
            audience, seat.membership, form.cleaned_data["text"], form.cleaned_data.get("remedy", "")
        )
        if sent_to:
            messages.success(request, f"Sent to {sent_to} student{'' if sent_to == 1 else 's'}.")
            return SeeOther(resolve_url("support:sent", seat.lab_class.pk))
        form.add_error(None, NOBODY)
    context = {"seat": seat, "audience": audience, "preview": preview_of(audience), "form": form}
    return render(request, "support/compose.html", context, status=422 if form.errors else 200)


@require_GET
@for_staff
def sent(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """What was written to students of the class, and what became of it."""
    context = {"seat": seat, "sent": sent_of(seat, request.GET.get("page"))}
    return render(request, "support/sent.html", context)


def _hand(seat: Seat, hand_id: int) -> Hand:
    """One of a student of the class, in its lab; 404 for any other."""
    theirs = Hand.objects.select_related("user").filter(lab_id=seat.lab.id)
    return get_object_or_404(theirs.filter(user__in=students_of(seat.lab_class).order_by().values("user")), pk=hand_id)


def _back(request: SignedInRequest, seat: Seat) -> HttpResponse:
    if request.htmx:
        return _queue(request, seat, "support/_queue.html")
    return SeeOther(resolve_url("support:hands", seat.lab_class.pk))


def _queue(request: SignedInRequest, seat: Seat, template: str) -> HttpResponse:
    stream = address_of(request.user, seat.lab_class, Kind.HANDS, moment_now())
    return render(request, template, {"seat": seat, "queue": queue_of(seat), "stream": stream})
