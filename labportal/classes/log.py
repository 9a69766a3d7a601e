"""The log of a class, for those who teach it: a line for each thing that was done, however many it was done for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from labportal.classes.audit import ACTS_A_PAGE
from labportal.classes.finding import called
from labportal.classes.log_form import Wanted
from labportal.classes.models import Act, LabClass, Membership

PARTS_A_PAGE = 50
NO_MEMBER = "Somebody who is not in the class"
"""Whom an act was about who has left since, or never came in."""


@dataclass(frozen=True, slots=True)
class Line:
    """``about`` is whom the act is about, as the class calls them; "" for what was done for many at once. Then
    ``number`` is how many of them still have an account."""

    act: Act
    about: str
    number: int


@dataclass(frozen=True, slots=True)
class Log:
    """``lines`` are those of the ``page``."""

    lines: tuple[Line, ...]
    page: Page[Act]


def log_of(lab_class: LabClass, wanted: Wanted, page_number: str | None) -> Log:
    """The newest first; an impossible number gives the nearest page. Four queries."""
    return _log(lab_class, Paginator(_found(lab_class, wanted), ACTS_A_PAGE).get_page(page_number))


def parts_of(line: Act, lab_class: LabClass, page_number: str | None) -> Log:
    """For whom it was done, the newest first. Four queries."""
    return _log(lab_class, Paginator(_newest_first(line.parts.all()), PARTS_A_PAGE).get_page(page_number))


def _found(lab_class: LabClass, wanted: Wanted) -> QuerySet[Act]:
    """Lines; of the students that are looked for, each act about them, also one that is part of a line."""
    acts = Act.objects.filter(lab_class=lab_class)
    if wanted.student:
        students = Membership.objects.filter(called(wanted.student), lab_class=lab_class)
        acts = acts.filter(person__in=students.values("user"))
    else:
        acts = acts.filter(part_of=None)
    return _newest_first(acts.filter(wanted.conditions))


def _newest_first(acts: QuerySet[Act]) -> QuerySet[Act]:
    return acts.order_by("-at", "-id")


def _log(lab_class: LabClass, page: Page[Act]) -> Log:
    """Names and numbers are asked for these lines alone: asked for all, they would cost more than to find the lines."""
    acts = tuple(page)
    people = Membership.objects.filter(lab_class=lab_class, user__in={act.person_id for act in acts})
    names = dict(people.values_list("user", "name"))
    numbers = _how_many(act.pk for act in acts if act.person_id is None)
    return Log(tuple(_line(act, names, numbers) for act in acts), page)


def _line(act: Act, names: Mapping[int, str], numbers: Mapping[int, int]) -> Line:
    if act.person_id is None:
        return Line(act, "", numbers.get(act.pk, 0))
    return Line(act, names.get(act.person_id, NO_MEMBER), 0)


def _how_many(lines: Iterable[int]) -> dict[int, int]:
    counted = Act.objects.filter(pk__in=list(lines)).order_by().annotate(number=Count("parts"))
    return dict(counted.values_list("pk", "number"))
