"""Read models of a lab's pages: the same number of queries however much has happened, and none in a template."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Max
from django.urls import reverse

from labportal.accounts.models import User
from labportal.classes.allowed import allowed_in
from labportal.connections.models import Connection
from labportal.labs.attempts import AttemptSummary, AttemptView, attempt_view, summary_of
from labportal.labs.guides import GuidePage, guide_page
from labportal.labs.models import LabSession
from labportal.labs.names import worded_for
from labportal.labs.offers import Offers
from labportal.runs.models import Attempt, AttemptEvent
from labportal.runs.stream import token_for
from steps.kit.lab import Lab
from steps.kit.task import Names, Task
from steps.registry import LABS

ATTEMPTS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: which walk through which lab. ``broken`` is a connection that Azure refuses: it is to be
    signed in again, and everything can be read meanwhile."""

    lab: Lab
    session: LabSession
    names: Names
    ready: bool
    broken: bool
    practice: bool

    @property
    def worded_for(self) -> str:
        return worded_for(self.names)

    @property
    def connection(self) -> Connection:
        return self.session.connection


@dataclass(frozen=True, slots=True)
class Stream:
    """The address of the session's events from a moment before the page's own data was read."""

    address: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    attempts: tuple[AttemptSummary, ...]
    page: Page[Attempt]


@dataclass(frozen=True, slots=True)
class AttemptPage:
    attempt: AttemptView
    in_open_session: bool


def place_of(session: LabSession) -> Place:
    connection = session.connection
    return Place(
        lab=LABS[session.lab_id],
        session=session,
        names=session.names,
        ready=connection.state != Connection.State.PREPARING,
        broken=connection.state == Connection.State.BROKEN,
        practice=connection.cloud == Connection.Cloud.PRACTICE,
    )


def stream_of(user: User, session: LabSession) -> Stream:
    """Ask for this before reading what the page shows: whatever happens later is then sent as a nudge."""
    events = AttemptEvent.objects.filter(attempt__session=session)
    cursor = events.aggregate(last=Max("id"))["last"] or 0
    token = token_for(user, session)
    return Stream(address=f"/events/sessions/{session.pk}/?token={token}&after={cursor}")


def address_of_task(session: LabSession, task: Task) -> str:
    """Its page; cleaning up and the challenge have pages of their own."""
    if task is LABS[session.lab_id].clean_up:
        return reverse("labs:clean_up", args=[session.lab_id])
    if task is LABS[session.lab_id].challenge:
        return reverse("labs:challenge", args=[session.lab_id])
    return reverse("labs:task", args=[session.lab_id, task.id])


def address_of_panel(session: LabSession, task: Task) -> str:
    """Where a click is answered: the part of the task's page that shows what it began.

    ``look`` has a page without JavaScript come back there each time it looks again (templates/labs/_refresh.html).
    """
    return f"{address_of_task(session, task)}?look#panel"


def guide_of(session: LabSession, task: Task) -> GuidePage:
    return guide_page(task.guide(session.names))


def history_of(session: LabSession, page_number: str | None) -> HistoryPage:
    """The newest first. An impossible page number gives the nearest page there is. Two queries."""
    attempts = Attempt.objects.filter(session=session).select_related("session__connection").order_by("-id")
    page = Paginator(attempts, ATTEMPTS_A_PAGE).get_page(page_number)
    lab = LABS[session.lab_id]
    return HistoryPage(tuple(summary_of(attempt, lab) for attempt in page), page)


def attempt_page(attempt: Attempt) -> AttemptPage:
    """What was found, and why it matters: nothing is offered here, for it may be long ago."""
    session = attempt.session
    offers = Offers(LABS[session.lab_id], session.names, shown=None, allowed=allowed_in(session))
    return AttemptPage(attempt_view(attempt, offers), in_open_session=attempt.session.ended_at is None)
