"""What is done on another person's behalf: written down where that person can read it, and read there.

Nobody can change or take away what stands here, neither who did it nor whom it is about: it goes with that person's
account. Whoever did it and is gone stays in it as somebody without a name (``labportal.accounts.deletion``).
"""

from __future__ import annotations

from uuid import uuid4

from django.core.paginator import Page, Paginator

from labportal.accounts.models import User
from labportal.classes.models import Act, LabClass

ACTS_A_PAGE = 25


def note_act(
    by: User, person: User, lab_class: LabClass | None, kind: Act.Kind, text: str, *, deed: str | None = None
) -> Act:
    """``text``: a sentence without its subject, in the past tense, as ``person`` is to read it. In the caller's
    transaction: what is done and that it was done are stored together.

    What is noted with the same ``deed`` was done for many at once, and stands in one line of the log of the class.
    """
    what = {"by": by, "by_name": by.get_username(), "lab_class": lab_class, "kind": kind, "text": text}
    line = Act.objects.get_or_create(what, deed=deed)[0] if deed else None
    return Act.objects.create(**what, person=person, part_of=line)


def one_deed(kind: Act.Kind, people: int) -> str | None:
    """The name of something new that is done for so many at once; what is done for one needs none."""
    return f"{kind}-{uuid4()}" if people > 1 else None


def acts_about(person: User, page_number: str | None) -> Page[Act]:
    """What others did for one person, the newest first. Two queries. An impossible number gives the nearest page."""
    acts = Act.objects.filter(person=person).select_related("lab_class").order_by("-id")
    return Paginator(acts, ACTS_A_PAGE).get_page(page_number)
