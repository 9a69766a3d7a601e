"""What is done on another person's behalf: written down where that person can read it, and read there.

Nobody can change or take away what stands here, neither who did it nor whom it is about: it goes with that person's
account. Whoever did it and is gone stays in it as somebody without a name (``labportal.accounts.deletion``).
"""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from labportal.accounts.models import User
from labportal.classes.models import Act, LabClass, Membership

ACTS_A_PAGE = 25
NO_MEMBER = "Somebody who has left"
"""Whom an act was about, in the log of a class that they are not in any more."""


def note_act(by: User, person: User, lab_class: LabClass | None, kind: str, text: str) -> Act:
    """``text``: a sentence without its subject, in the past tense, as ``person`` is to read it. In the caller's
    transaction: what is done and that it was done are stored together."""
    return Act.objects.create(
        by=by, by_name=by.get_username(), person=person, lab_class=lab_class, kind=kind, text=text
    )


def acts_about(person: User, page_number: str | None) -> Page[Act]:
    """What others did for one person, the newest first. Two queries."""
    return _page(Act.objects.filter(person=person).select_related("lab_class"), page_number)


def acts_in(lab_class: LabClass, page_number: str | None) -> Page[Act]:
    """What was done in a class, for whoever teaches it, the newest first; ``about`` is the person's name in the class.
    Two queries."""
    names = Membership.objects.filter(lab_class=lab_class, user=OuterRef("person")).values("name")
    acts = Act.objects.filter(lab_class=lab_class)
    return _page(acts.annotate(about=Coalesce(Subquery(names), Value(NO_MEMBER))), page_number)


def _page(acts: QuerySet[Act], number: str | None) -> Page[Act]:
    """An impossible number gives the nearest page there is."""
    return Paginator(acts.order_by("-id"), ACTS_A_PAGE).get_page(number)
