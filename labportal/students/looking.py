"""A student's own pages as they see them, for those who teach: to look at, and noted where the student can read it.

Nobody is signed in as somebody else: the pages are made from the student's walk, put under glass, and handed to the one
who looks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from labportal.accounts.access import SignedInRequest, task_of
from labportal.accounts.class_access import Seat, for_staff, student_of, walk_of
from labportal.accounts.models import User
from labportal.classes.audit import note_act
from labportal.classes.models import Act, Membership
from labportal.labs import contexts
from labportal.labs.ideas import ideas_of
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from labportal.students.glass import under_glass
from labportal.support.own import support_of
from steps.kit.task import Task

NOTED_AGAIN_AFTER = timedelta(minutes=15)
"""Somebody who looks from page to page has looked once."""
NO_HINTS: dict[str, int] = {}
"""Which hints are shown only the student's own browser knows."""
UNDER_GLASS = {
    "labs:lab": "students:as_lab",
    "labs:task": "students:as_task",
    "labs:clean_up": "students:as_clean_up",
    "labs:challenge": "students:as_challenge",
    "labs:history": "students:as_history",
    "labs:ideas": "students:as_ideas",
    "runs:attempt": "students:as_attempt",
}
"""Where what a link of the student's leads to is seen here; every other link leads nowhere."""


@dataclass(frozen=True, slots=True)
class Onlooked:
    """What a page of the student's asks of its request: whose it is. Nothing was sent, nothing is to be said."""

    user: User
    method: str = "GET"
    htmx: bool = False
    GET: dict[str, str] = field(default_factory=dict)


@require_GET
@for_staff
def lab(request: SignedInRequest, seat: Seat, member_id: int) -> HttpResponse:
    student, session = _walk(seat, member_id)
    context = contexts.of_overview(session)
    now_at = context["steps"].next or context["steps"].all[-1]
    context["support"] = support_of(session, seat.lab.task(now_at.id))
    return _shown(request, seat, student, "labs/lab.html", context)


@require_GET
@for_staff
def task(request: SignedInRequest, seat: Seat, member_id: int, task_id: str) -> HttpResponse:
    student, session = _walk(seat, member_id)
    the_task = task_of(seat.lab.id, task_id)
    if the_task is seat.lab.clean_up:
        return redirect("students:as_clean_up", seat.lab_class.pk, member_id)
    if the_task is seat.lab.challenge:
        return redirect("students:as_challenge", seat.lab_class.pk, member_id)
    context = contexts.of_task(session, the_task, NO_HINTS)
    context["support"] = support_of(session, the_task)
    return _shown(request, seat, student, "labs/task.html", context)


@require_GET
@for_staff
def clean_up(request: SignedInRequest, seat: Seat, member_id: int) -> HttpResponse:
    student, session = _walk(seat, member_id)
    the_task = _there(seat.lab.clean_up)
    context = contexts.of_clean_up(session, the_task)
    context["support"] = support_of(session, the_task)
    return _shown(request, seat, student, "labs/clean_up.html", context)


@require_GET
@for_staff
def challenge(request: SignedInRequest, seat: Seat, member_id: int) -> HttpResponse:
    student, session = _walk(seat, member_id)
    the_task = _there(seat.lab.challenge)
    context = contexts.of_challenge(session, the_task, NO_HINTS)
    context["support"] = support_of(session, the_task)
    return _shown(request, seat, student, "labs/challenge.html", context)


@require_GET
@for_staff
def history(request: SignedInRequest, seat: Seat, member_id: int) -> HttpResponse:
    student, session = _walk(seat, member_id)
    return _shown(request, seat, student, "labs/history.html", contexts.of_history(session, request.GET.get("page")))


@require_GET
@for_staff
def attempt(request: SignedInRequest, seat: Seat, member_id: int, attempt_id: int) -> HttpResponse:
    student, _ = _walk(seat, member_id)
    theirs = Attempt.objects.select_related("session__connection").filter(
        session__user=student.user, session__lab_id=seat.lab.id
    )
    the_attempt = get_object_or_404(theirs, pk=attempt_id)
    return _shown(request, seat, student, "runs/attempt.html", contexts.of_attempt(the_attempt))


@require_GET
@for_staff
def ideas(request: SignedInRequest, seat: Seat, member_id: int) -> HttpResponse:
    student, session = _walk(seat, member_id)
    context = {"lab": seat.lab, "place": contexts.of_overview(session)["place"], "ideas": ideas_of(seat.lab)}
    return _shown(request, seat, student, "labs/ideas.html", context)


def _walk(seat: Seat, member_id: int) -> tuple[Membership, LabSession]:
    """404 for who has not begun: there is nothing to see."""
    student = student_of(seat, member_id)
    session = walk_of(student)
    if session is None:
        raise Http404("This student has not begun the lab.")
    return student, session


def _there(task: Task | None) -> Task:
    if task is None:
        raise Http404("This lab has no such page.")
    return task


def _shown(
    request: SignedInRequest, seat: Seat, student: Membership, template: str, context: dict[str, Any]
) -> HttpResponse:
    """The student's page in a frame that says what it is. What a request carries of its own (a token, what is said to
    a click) is the onlooker's, and not handed on."""
    _note(request.user, seat, student)
    page = render_to_string(template, {**context, "request": Onlooked(student.user), "user": student.user})

    def leads(address: str) -> str | None:
        return where_it_leads(address, seat.lab_class.pk, student.pk)

    shown = {"seat": seat, "student": student, "sheet": under_glass(page, leads), "at": timezone.now()}
    return render(request, "students/as_they_see_it.html", shown)


def where_it_leads(address: str, class_id: int, member_id: int) -> str | None:
    """Under glass; None for nowhere. On the same page, to another of its own pages, and out of the portal it leads
    where it led."""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https") or not parts.path:
        return address
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    name = UNDER_GLASS.get(match.view_name)
    if name is None:
        return None
    named = {key: value for key, value in match.kwargs.items() if key != "lab_id"}
    there = reverse(name, kwargs={"class_id": class_id, "member_id": member_id, **named})
    return parts._replace(path=there).geturl()


def _note(by: User, seat: Seat, student: Membership) -> None:
    """Once in a while."""
    lately = Act.objects.filter(
        by=by,
        person=student.user_id,
        lab_class=seat.lab_class,
        kind=Act.Kind.LOOKED,
        at__gt=timezone.now() - NOTED_AGAIN_AFTER,
    )
    if not lately.exists():
        note_act(by, student.user, seat.lab_class, Act.Kind.LOOKED, "looked at your lab as you see it")
