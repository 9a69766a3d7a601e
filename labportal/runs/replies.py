"""What a click is answered with: its panel to htmx, else the way to the page; or that it is not offered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from labportal.accounts.access import SignedInRequest
from labportal.labs import pages, panels
from labportal.labs.hints import shown_hints
from labportal.labs.models import LabSession
from labportal.labs.names import worded_for
from labportal.runs.forms import Answers
from steps.kit.task import Task

_OF_NO_USE = "what you entered holds nothing this check can use."
_TO_CHOOSE = "Choose one of the answers first."


class SeeOther(HttpResponseRedirect):
    """After a POST: go and get that page. Reloading it then posts nothing again."""

    status_code = 303


def panel_or_page(
    request: SignedInRequest, session: LabSession, task: Task, answers: Answers | None = None
) -> HttpResponse:
    """Text that could not be used is told of at once and never sent back."""
    unusable = answers.unusable if answers else frozenset[str]()
    if request.htmx:
        return panel_update(request, session, task, unusable)
    for ask in task.asks:
        if ask.id in unusable:
            messages.error(
                request, f"{ask.label} {_TO_CHOOSE}" if ask.options else f"{ask.label}: {_OF_NO_USE} {ask.help}"
            )
    return SeeOther(pages.address_of_panel(session, task))


def panel_update(
    request: SignedInRequest, session: LabSession, task: Task, unusable: frozenset[str] = frozenset()
) -> HttpResponse:
    """The live part of a task's page, or of the page that cleans up, or of the challenge."""
    place = pages.place_of(session)
    if task is place.lab.challenge:
        taking = panels.challenge_of(session, task, shown_hints(request.session, session, task.id))
        context = {"place": place, "panel": taking, "unusable": unusable}
        return render(request, "labs/_challenge_update.html", context)
    if task is place.lab.clean_up:
        context = {"place": place, "clean_up": panels.clean_up_of(session, task)}
        return render(request, "labs/_clean_up_update.html", context)
    panel = panels.panel_of(session, task, shown_hints(request.session, session, task.id))
    return render(request, "labs/_panel_update.html", {"place": place, "panel": panel, "unusable": unusable})


def has_grown_old(request: SignedInRequest, session: LabSession) -> bool:
    """The page, or rather the plan beside its button: it was worded with names that have been changed since."""
    shown = request.POST.get("names")
    return shown is not None and shown != worded_for(session.names)


def not_offered(
    request: SignedInRequest, session: LabSession, task: Task, refusals: tuple[str, ...] = ()
) -> HttpResponse:
    """A button of a page that has grown old, or of none. ``refusals``: what the student's classes say to it."""
    context = {
        "place": pages.place_of(session),
        "back": pages.address_of_panel(session, task),
        "renamed": has_grown_old(request, session),
        "refusals": refusals,
    }
    return render(request, "labs/not_offered.html", context, status=409)
