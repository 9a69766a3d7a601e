"""The pages about rounds: read models, none of which asks more of the database for a larger class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from labportal.accounts.class_access import Seat
from labportal.board.words import task_name
from labportal.classes.models import LabClass
from labportal.classes.zones import written
from labportal.rounds.models import OPEN, Round
from labportal.rounds.progress import Going, Progress, going_of, progress_of
from labportal.rounds.results import Results, narrowed_by, results_of
from steps.registry import LABS

ROUNDS_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as a line, or as the head of its page. ``what`` as in "Check of Task 2"; ``going`` is None once over."""

    row: Round
    what: str
    progress: Progress
    going: Going | None
    planned_for: str

    @property
    def seconds(self) -> float | None:
        """How long it took; None before it has ended, and where it never began."""
        begun, ended = self.row.begun_at, self.row.ended_at
        return (ended - begun).total_seconds() if begun is not None and ended is not None else None


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """``under_way`` is the class's one round that is, if any; ``past`` are those that are over, the latest first."""

    under_way: RoundView | None
    planned: tuple[RoundView, ...]
    past: tuple[RoundView, ...]
    page: Page[Round]


def rounds_page(seat: Seat, number: str) -> RoundsPage:
    """``number`` is that of a page of past rounds. Three queries, and three more while a round is under way."""
    theirs = Round.objects.filter(lab_class=seat.lab_class)
    current = list(theirs.filter(state__in=(Round.State.PLANNED, *OPEN)).order_by("starts_at", "pk"))
    over = theirs.filter(state__in=(Round.State.ENDED, Round.State.STOPPED)).order_by("-ended_at", "-pk")
    page = Paginator(over, ROUNDS_A_PAGE).get_page(number)
    past = list(page.object_list)
    told = progress_of([*current, *past])
    views = {one.pk: _view(one, seat.lab_class, told[one.pk]) for one in [*current, *past]}
    return RoundsPage(
        under_way=next((views[one.pk] for one in current if one.open), None),
        planned=tuple(views[one.pk] for one in current if not one.open),
        past=tuple(views[one.pk] for one in past),
        page=page,
    )


def round_view(the_round: Round, lab_class: LabClass) -> RoundView:
    """One query, and three more while it is under way."""
    return _view(the_round, lab_class, progress_of([the_round])[the_round.pk])


def results(view: RoundView, address: Mapping[str, str]) -> Results:
    """``address``: what follows the question mark. As many queries as ``results_of``."""
    return results_of(view.row, view.progress, narrowed_by(address), address.get("page", ""))


def _view(the_round: Round, lab_class: LabClass, progress: Progress) -> RoundView:
    lab = LABS[lab_class.lab_id]
    the_round.lab_class = lab_class
    what = f"Check of {task_name(lab, the_round.task_id)}" if the_round.task_id else "Check of all tasks"
    going = going_of(the_round, progress) if the_round.open else None
    return RoundView(the_round, what, progress, going, written(the_round.starts_at, lab_class.time_zone))
