"""What a student's own pages show of all this: whether their hand is up, and what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from labportal.board.words import ordinal
from labportal.classes.allowed import Help, allowed_in
from labportal.classes.models import LabClass, Membership
from labportal.labs.models import LabSession
from labportal.labs.offers import RemedyView, offered_remedies, plan_line
from labportal.support.models import Hand, Receipt
from steps.kit.task import Task
from steps.registry import LABS

SHOWN = 5
"""Messages on a page, the newest first; what is dismissed makes room for the next."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hand stands in the queue of one class, from 1 on."""

    class_name: str
    number: int

    @property
    def words(self) -> str:
        return "next" if self.number == 1 else f"{ordinal(self.number)} in the queue"


@dataclass(frozen=True, slots=True)
class OwnHand:
    """``places`` is empty once it is taken: then somebody is coming."""

    raised_at: datetime
    task: Task
    text: str
    taken_by: str
    taken_at: datetime | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A message. ``mends`` is what is offered along with it at ``task``, the change as it would be now; ``needed`` is
    whether the latest look still gives reason for it: None where the page is another task's, and nobody asked.
    ``refused`` is what classes of the student say against it that let the portal mend nothing."""

    receipt_id: int
    by: str
    class_name: str
    text: str
    sent_at: datetime
    task: Task | None
    mends: RemedyView | None
    needed: bool | None
    refused: tuple[str, ...]
    accepted: bool
    seen: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """What the portal could mend at a task now, and what classes of the student say against it."""

    needed: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()


NO_OFFERS = Offers()


@dataclass(frozen=True, slots=True)
class Support:
    """``task`` is the one that help would be asked for on this page."""

    task: Task
    hand: OwnHand | None
    told: tuple[Told, ...]


def support_of(session: LabSession, task: Task) -> Support | None:
    """None for who is in no class that does this lab, without a query where that is known. Else three, three more
    where a message offers to mend something at this task, and one for the places of a hand."""
    if session.in_class is False:
        return None
    seats = Membership.objects.filter(user=session.user_id, role=Membership.Role.STUDENT)
    here = seats.filter(lab_class__lab_id=session.lab_id, lab_class__archived_at=None)
    classes = dict(here.order_by("lab_class").values_list("lab_class", "lab_class__name"))
    if not classes:
        return None
    return Support(task, _own_hand(session, classes), _told(session, task, classes))


def _own_hand(session: LabSession, classes: dict[int, str]) -> OwnHand | None:
    hand = Hand.objects.filter(session=session, lowered_at=None).first()
    if hand is None:
        return None
    places = _places(hand, classes) if hand.taken_at is None else ()
    task = LABS[session.lab_id].task(hand.task_id)
    return OwnHand(hand.raised_at, task, hand.text, hand.taken_by_name, hand.taken_at, places)


def _places(hand: Hand, classes: dict[int, str]) -> tuple[Place, ...]:
    """Behind whoever asked earlier in the same class and waits still."""
    earlier = LabClass.objects.filter(
        pk__in=classes,
        memberships__role=Membership.Role.STUDENT,
        memberships__user__hands__lab_id=hand.lab_id,
        memberships__user__hands__lowered_at=None,
        memberships__user__hands__taken_at=None,
        memberships__user__hands__session__ended_at=None,
        memberships__user__hands__pk__lt=hand.pk,
    )
    before = dict(earlier.annotate(number=Count("memberships__user__hands")).values_list("pk", "number"))
    return tuple(Place(name, before.get(pk, 0) + 1) for pk, name in classes.items())


def _told(session: LabSession, task: Task, classes: dict[int, str]) -> tuple[Told, ...]:
    on_pages = Receipt.objects.filter(user=session.user_id, dismissed_at=None, message__lab_class__in=classes)
    receipts = list(on_pages.select_related("message").order_by("-id")[:SHOWN])
    asked = any(one.message.remedy and one.message.task_id == task.id for one in receipts)
    offers = _offers(session, task) if asked else NO_OFFERS
    return tuple(_one(receipt, session, task, classes[receipt.message.lab_class_id], offers) for receipt in receipts)


def _offers(session: LabSession, task: Task) -> Offers:
    return Offers(offered_remedies(session, task), allowed_in(session).left_to_you(Help.REPAIR))


def _one(receipt: Receipt, session: LabSession, task: Task, class_name: str, offers: Offers) -> Told:
    message, lab = receipt.message, LABS[session.lab_id]
    remedy = lab.remedies.get(message.remedy)
    return Told(
        receipt_id=receipt.pk,
        by=message.by_name,
        class_name=class_name,
        text=message.text,
        sent_at=message.sent_at,
        task=lab.task(message.task_id) if message.task_id else None,
        mends=RemedyView(remedy.id, plan_line(remedy.action, session.names)) if remedy else None,
        needed=message.remedy in offers.needed if message.task_id == task.id else None,
        refused=offers.refused,
        accepted=receipt.accepted_at is not None,
        seen=receipt.seen_at is not None,
    )
