"""The messages of a class, the newest first, with what became of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from labportal.accounts.class_access import Seat
from labportal.support.models import Message, Receipt
from steps.kit.task import Task

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Counted:
    """How many copies there are, and how many of them were seen, put away, and had their offer accepted."""

    number: int = 0
    seen: int = 0
    dismissed: int = 0
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """``offers`` is the title of what it offers to mend, "" for nothing."""

    message: Message
    task: Task | None
    offers: str
    copies: Counted


@dataclass(frozen=True, slots=True)
class SentPage:
    messages: tuple[Sent, ...]
    page: Page[Message]


def sent_of(seat: Seat, page_number: str | None) -> SentPage:
    """Three queries. An impossible page number gives the nearest page there is."""
    page = Paginator(Message.objects.filter(lab_class=seat.lab_class).order_by("-id"), A_PAGE).get_page(page_number)
    copies = counted(Receipt.objects.filter(message__in=[one.pk for one in page]))
    return SentPage(tuple(_sent(seat, one, copies.get(one.pk, Counted())) for one in page), page)


def counted(receipts: QuerySet[Receipt]) -> dict[int, Counted]:
    """By message. One query."""
    columns = ("pk", "seen_at", "dismissed_at", "accepted_at")
    rows = receipts.order_by().values_list("message").annotate(*(Count(column) for column in columns))
    return {message: Counted(*numbers) for message, *numbers in rows}


def _sent(seat: Seat, message: Message, copies: Counted) -> Sent:
    remedy = seat.lab.remedies.get(message.remedy)
    task = seat.lab.task(message.task_id) if message.task_id else None
    return Sent(message, task, remedy.action.title if remedy else "", copies)
