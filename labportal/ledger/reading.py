"""Read models of the ledger: the same number of queries however much was asked, and none in a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from labportal.connections.models import Connection
from labportal.labs.attempts import AttemptSummary, summary_of
from labportal.labs.badges import Badge
from labportal.labs.models import LabSession
from labportal.ledger.models import AzureCall
from labportal.runs.models import Attempt
from steps.registry import LABS

CALLS_A_PAGE = 50
READ, WRITE = Badge("Read", "", "eye"), Badge("Write", "active", "pencil")


@dataclass(frozen=True, slots=True)
class CallView:
    """``pieces`` are host and path, cut where a line may break. ``milliseconds`` are until the answer, or until it was
    given up."""

    at: datetime
    method: str
    pieces: tuple[str, ...]
    mark: Badge
    answer: str
    no_answer: bool
    request_id: str
    milliseconds: int
    attempt: AttemptSummary | None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of the ledger is asked for: writes only, or what was asked for one attempt."""

    writes: bool = False
    attempt: Attempt | None = None


@dataclass(frozen=True, slots=True)
class CallsPage:
    calls: tuple[CallView, ...]
    page: Page[AzureCall]
    writes: bool
    attempt: AttemptSummary | None

    @property
    def narrowed(self) -> bool:
        return self.writes or self.attempt is not None


def calls_page(session: LabSession, narrowed: Narrowed, page_number: str | None) -> CallsPage:
    """The newest first. An impossible page number gives the nearest page there is. Three queries."""
    calls = calls_of(session)
    if narrowed.writes:
        calls = calls.filter(writes=True)
    if narrowed.attempt is not None:
        calls = calls.filter(attempt=narrowed.attempt)
    page = Paginator(calls, CALLS_A_PAGE).get_page(page_number)
    only_for = None if narrowed.attempt is None else about(narrowed.attempt)
    return CallsPage(tuple(call_view(call) for call in page), page, narrowed.writes, only_for)


def calls_of(session: LabSession) -> QuerySet[AzureCall]:
    """All that was asked in this student's name for this lab, the newest first: in earlier walks as well, whose
    subscriptions were others."""
    theirs = Connection.objects.filter(lab_sessions__user=session.user_id, lab_sessions__lab_id=session.lab_id)
    calls = AzureCall.objects.filter(connection__in=list(theirs.values_list("pk", flat=True).distinct()))
    return calls.select_related("attempt__session__connection").order_by("-id")


def number_for(attempt: Attempt) -> int:
    """How many requests were sent for it. One query."""
    return AzureCall.objects.filter(attempt=attempt).count()


def call_view(call: AzureCall) -> CallView:
    """No query: needs the attempt's session and connection loaded."""
    return CallView(
        at=call.at,
        method=call.method,
        pieces=tuple(_pieces(f"{call.host}{call.path}")),
        mark=WRITE if call.writes else READ,
        answer=answer_of(call),
        no_answer=call.status is None,
        request_id=call.request_id,
        milliseconds=call.milliseconds,
        attempt=None if call.attempt is None else about(call.attempt),
    )


def answer_of(call: AzureCall) -> str:
    """Its status, or why there is none, in words."""
    if call.status is not None:
        return str(call.status)
    return f"no answer: {AzureCall.NoAnswer(call.no_answer).label}"


def about(attempt: Attempt) -> AttemptSummary:
    """What a call was for. No query: needs the attempt's session and connection loaded."""
    return summary_of(attempt, LABS[attempt.session.lab_id])


def _pieces(address: str) -> Iterator[str]:
    """Before each slash and question mark a line may break."""
    return (piece for piece in re.split(r"(?=[/?])", address) if piece)
