"""The page of one student, and what can be done there for them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from labportal.accounts.access import SignedInRequest, task_of
from labportal.accounts.class_access import Seat, for_instructors, for_staff, student_of, walk_of
from labportal.accounts.limits import Allowance
from labportal.classes.models import Membership
from labportal.classes.zones import written
from labportal.labs import contexts
from labportal.runs.models import Attempt, TaskResult
from labportal.runs.replies import SeeOther
from labportal.students import acting
from labportal.students.acting import Errand
from labportal.students.forms import ANEW, ResetForm
from labportal.students.reading import student_page
from labportal.support import notes
from labportal.support.forms import NoteForm
from labportal.support.models import Note

CHECKS = Allowance("checks-for-others", times=40, seconds=60)
"""Of one instructor: each stands in its student's log, and asks Azure. More than a hand can click."""


@require_GET
@for_staff
def student(request: SignedInRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Everything about one student of the class."""
    return _page(request, seat, student_of(seat, member_id), NoteForm())


@require_GET
@for_staff
def attempt(request: SignedInRequest, seat: Seat, member_id: int, attempt_id: int) -> HttpResponse:
    """Everything that is kept of one attempt: what was found, where it was seen, what happened."""
    member = student_of(seat, member_id)
    theirs = Attempt.objects.select_related("session__connection").filter(
        session__user=member.user, session__lab_id=seat.lab.id
    )
    context = contexts.of_attempt(get_object_or_404(theirs, pk=attempt_id))
    return render(request, "students/attempt.html", {"seat": seat, "student": member, **context})


@require_POST
@for_instructors
def check(request: SignedInRequest, seat: Seat, member_id: int, task_id: str) -> HttpResponse:
    """Has one task looked at for the student."""
    errand = _errand(request, seat, member_id, task_id)
    if not CHECKS.take(str(request.user.pk)):
        messages.warning(request, "That was very often in one minute. Wait a moment, or check everyone at once.")
    elif not (why_not := acting.check(errand)):
        messages.success(request, f"Asked for a check of {errand.task_name}. The result shows here.")
    else:
        messages.warning(request, why_not)
    return SeeOther(f"{_address(seat, errand.student)}?task={errand.task.id}")


@require_http_methods(["GET", "POST"])
@for_instructors
def reset(request: SignedInRequest, seat: Seat, member_id: int, task_id: str) -> HttpResponse:
    """Marks a task as open again, after saying what that does and what it does not."""
    errand = _errand(request, seat, member_id, task_id)
    result = TaskResult.objects.filter(session=errand.session, task_id=errand.task.id).first()
    done_at = result.completed_at if result else None
    form = ResetForm(written(done_at, seat.lab_class.time_zone) if done_at else "then", request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not (why_not := acting.reset(errand, form.cleaned_data["why"], anew=form.cleaned_data["counts"] == ANEW)):
            messages.success(request, f"{errand.task.title}: open again. {errand.student.name} has been told.")
        else:
            messages.warning(request, why_not)
        return SeeOther(_address(seat, errand.student))
    context = {"seat": seat, "errand": errand, "result": result, "form": form}
    return render(request, "students/reset.html", context, status=422 if form.errors else 200)


@require_POST
@for_instructors
def note(request: SignedInRequest, seat: Seat, member_id: int) -> HttpResponse:
    """A note about the student, for those who teach the class."""
    member = student_of(seat, member_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, member, form, status=422)
    notes.write(seat.membership, member, form.cleaned_data["text"])
    return SeeOther(f"{_address(seat, member)}#notes")


@require_POST
@for_instructors
def drop_note(request: SignedInRequest, seat: Seat, member_id: int, note_id: int) -> HttpResponse:
    """Whoever wrote a note can take it back."""
    member = student_of(seat, member_id)
    own = Note.objects.filter(lab_class=seat.lab_class, about=member.user, by=request.user)
    notes.drop(get_object_or_404(own, pk=note_id))
    return SeeOther(f"{_address(seat, member)}#notes")


def _page(request: SignedInRequest, seat: Seat, member: Membership, form: NoteForm, status: int = 200) -> HttpResponse:
    page = student_page(seat, member, request.GET.get("page"), request.GET.get("task", ""))
    return render(request, "students/student.html", {"seat": seat, "page": page, "note_form": form}, status=status)


def _errand(request: SignedInRequest, seat: Seat, member_id: int, task_id: str) -> Errand:
    """A task to be done, of a student who has begun; 404 for the challenge, and for cleaning up."""
    member, task = student_of(seat, member_id), task_of(seat.lab.id, task_id)
    session = walk_of(member)
    if session is None or task not in seat.lab.tasks:
        raise Http404("There is nothing of the kind to do for this student.")
    return Errand(request.user, seat, member, session, task)


def _address(seat: Seat, member: Membership) -> str:
    return resolve_url("students:student", seat.lab_class.pk, member.pk)
