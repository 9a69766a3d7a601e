"""The pages a student walks through. Each has a fragment that htmx fetches again when something has happened."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from labportal.accounts.access import SignedInRequest, find_session, lab_of, session_of, signed_in, task_of
from labportal.classes.allowed import allowed_in
from labportal.labs import contexts, pages
from labportal.labs.forms import NamesForm
from labportal.labs.hints import shown_hints
from labportal.labs.ideas import ideas_of
from labportal.labs.names import rename
from labportal.labs.services import open_session, start_over
from labportal.runs.replies import panel_update
from labportal.support.letters import show
from steps.registry import LABS


@require_GET
@signed_in
def overview(request: SignedInRequest) -> HttpResponse:
    """Where people land after signing in: the first lab."""
    return redirect("labs:lab", next(iter(LABS)))


@require_GET
@signed_in
def lab(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """The lab's overview, or how to begin it."""
    the_lab = lab_of(lab_id)
    session = find_session(request.user, lab_id)
    if session is None:
        return render(request, "labs/begin.html", {"lab": the_lab})
    context = {"stream": pages.stream_of(request.user, session), **contexts.of_overview(session)}
    now_at = context["steps"].next or context["steps"].all[-1]
    return render(request, "labs/lab.html", {**context, "support": show(session, the_lab.task(now_at.id))})


@require_POST
@signed_in
def begin(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """Opens the lab on a practice subscription of the student's own; a second click finds it open."""
    open_session(request.user, lab_of(lab_id).id)
    return redirect("labs:lab", lab_id)


@require_GET
@signed_in
def progress(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """The live part of the overview."""
    session = session_of(request.user, lab_id)
    return render(request, "labs/_progress.html", contexts.of_overview(session))


@require_GET
@signed_in
def ready(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """What a page shows while the subscription is being prepared; once it is ready, the page starts over."""
    place = pages.place_of(session_of(request.user, lab_id))
    if place.ready:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "labs/_preparing.html", {"place": place})


@require_GET
@signed_in
def live(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """A fresh key to the event stream, for a page whose key has run out."""
    session = session_of(request.user, lab_id)
    return render(request, "labs/_stream.html", {"stream": pages.stream_of(request.user, session)})


@require_GET
@signed_in
def task(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """The guide beside the panel."""
    the_task = task_of(lab_id, task_id)
    session = find_session(request.user, lab_id)
    if session is None:  # a link from somebody else, perhaps followed by signing up
        return redirect("labs:lab", lab_id)
    if the_task not in lab_of(lab_id).tasks:
        return redirect(pages.address_of_task(session, the_task))
    context = {
        "stream": pages.stream_of(request.user, session),
        **contexts.of_task(session, the_task, shown_hints(request.session, session, the_task.id)),
        "support": show(session, the_task),
    }
    return render(request, "labs/task.html", context)


@require_GET
@signed_in
def panel(request: SignedInRequest, lab_id: str, task_id: str) -> HttpResponse:
    """The live part of a task page, or of the one that cleans up, or of the challenge."""
    the_task = task_of(lab_id, task_id)
    return panel_update(request, session_of(request.user, lab_id), the_task)


@require_GET
@signed_in
def clean_up(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """What the lab made is removed here, and the receipt of it is read."""
    the_task = lab_of(lab_id).clean_up
    if the_task is None:
        raise Http404("This lab leaves nothing behind.")
    session = session_of(request.user, lab_id)
    context = {
        "stream": pages.stream_of(request.user, session),
        **contexts.of_clean_up(session, the_task),
        "support": show(session, the_task),
    }
    return render(request, "labs/clean_up.html", context)


@require_GET
@signed_in
def challenge(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """What happens is foreseen here, and then seen: for who has done the last task."""
    the_task = lab_of(lab_id).challenge
    if the_task is None:
        raise Http404("This lab has no challenge.")
    session = session_of(request.user, lab_id)
    context = {
        "stream": pages.stream_of(request.user, session),
        **contexts.of_challenge(session, the_task, shown_hints(request.session, session, the_task.id)),
        "support": show(session, the_task),
    }
    return render(request, "labs/challenge.html", context)


@require_GET
@signed_in
def ideas(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """What the lab teaches, in short texts with drawings. Open to everybody who is signed in."""
    the_lab = lab_of(lab_id)
    session = find_session(request.user, lab_id)
    place = pages.place_of(session) if session else None
    return render(request, "labs/ideas.html", {"lab": the_lab, "place": place, "ideas": ideas_of(the_lab)})


@require_http_methods(["GET", "POST"])
@signed_in
def names(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """The names the student may choose."""
    session = session_of(request.user, lab_id)
    chosen = {field: getattr(session, field) for field in NamesForm.base_fields}
    form = NamesForm(request.POST or None, initial=chosen, allowed=allowed_in(session))
    if form.is_valid():
        if rename(session, **form.cleaned_data):
            messages.success(
                request,
                "Your names are saved. The guides and the checks now use them. What you have done stays done: Check "
                "all tasks shows what has to be made once more under the new names.",
            )
            return redirect("labs:lab", lab_id)
        form.add_error(None, "A check is under way with the old names. Wait for its end, or cancel it, and save again.")
    status = 422 if form.errors else 200
    return render(request, "labs/names.html", {"place": pages.place_of(session), "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def start_anew(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """A fresh practice subscription, for who has deleted what cannot be made again, or wants to do it all once more."""
    session = session_of(request.user, lab_id)
    place = pages.place_of(session)
    if not place.practice:
        return redirect("labs:lab", lab_id)
    if request.method == "POST":
        # The form names the walk it was shown for: a second click must not end the one that the first has begun.
        if request.POST.get("walk") != str(session.pk) or start_over(session):
            return redirect("labs:lab", lab_id)
        messages.warning(request, "Something is still under way. Wait for its end, or cancel it, and try again.")
    return render(request, "labs/start_anew.html", {"place": place})


@require_GET
@signed_in
def history(request: SignedInRequest, lab_id: str) -> HttpResponse:
    """All attempts of this walk through the lab, the newest first."""
    session = session_of(request.user, lab_id)
    return render(request, "labs/history.html", contexts.of_history(session, request.GET.get("page")))
