"""Sending messages to students of a class, and keeping what became of each copy: the only writer of both."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.utils import timezone

from labportal.classes.models import Membership
from labportal.labs.models import LabSession
from labportal.nudges import publish_to_many
from labportal.support.audience import Audience
from labportal.support.models import Message, Receipt
from labportal.support.own import Support, support_of
from labportal.writes import writing
from steps.kit.task import Task

AT_ONCE = 1000
"""Rows in one statement."""
A_SECOND = 50
"""Pages that fetch a message to many."""


def send(audience: Audience, by: Membership, text: str, remedy: str = "") -> int:
    """How many it went to: those who belong to the audience now. With nobody in it, nothing is sent."""
    with writing():
        users = list(audience.members.values_list("user", flat=True))
        if not users:
            return 0
        message = Message.objects.create(
            lab_class=by.lab_class,
            by_id=by.user_id,
            by_name=by.name,
            text=text,
            to=audience.to,
            to_words=audience.words[: Message._meta.get_field("to_words").max_length],
            task_id=audience.task_id,
            remedy=remedy,
        )
        Receipt.objects.bulk_create((Receipt(message=message, user_id=user) for user in users), batch_size=AT_ONCE)
        transaction.on_commit(partial(_tell, message))
    return len(users)


def show(session: LabSession, task: Task) -> Support | None:
    """What the student's page about that task has of it; noted is that they have got it."""
    support = support_of(session, task)
    if support is not None:
        note_seen([one.receipt_id for one in support.told if not one.seen])
    return support


def note_seen(receipt_ids: Collection[int]) -> None:
    """They stand on a page that their student has got. The first time counts."""
    if receipt_ids:
        with writing():
            Receipt.objects.filter(pk__in=receipt_ids, seen_at=None).update(seen_at=timezone.now())


def dismiss(receipt: Receipt) -> None:
    """It shows no more on the student's pages. Harmless when it did not."""
    with writing():
        Receipt.objects.filter(pk=receipt.pk, dismissed_at=None).update(dismissed_at=timezone.now())


def note_accepted(receipt: Receipt) -> None:
    """The student has had the portal do what the message offers."""
    with writing():
        Receipt.objects.filter(pk=receipt.pk, accepted_at=None).update(accepted_at=timezone.now())


def _tell(message: Message) -> None:
    """Their pages look again. Of many who have one open, ``A_SECOND`` do so in a second, that clicks come between."""
    open_walks = LabSession.objects.filter(
        lab_id=message.lab_class.lab_id, ended_at=None, user__receipts__message=message
    )
    sessions = list(open_walks.values_list("pk", flat=True))
    publish_to_many(sessions, {"support": "message", "within": round(len(sessions) / A_SECOND, 1)})
