"""What came of each student of a round: read models for the pages, three queries for a page of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, OrderBy, Value, When

from labportal.board.words import meaning_of, task_name
from labportal.classes.finding import LONGEST_QUERY, called
from labportal.classes.names import one_line
from labportal.labs.badges import Badge, verdict_badge
from labportal.rounds.models import Round, RoundEntry, RoundLook
from labportal.rounds.progress import Progress
from labportal.runs.models import Attempt
from labportal.standings.models import TaskStanding
from steps.kit.lab import Lab
from steps.kit.task import Task
from steps.kit.verdict import Verdict
from steps.registry import LABS

State = RoundEntry.State
STUDENTS_A_PAGE = 50

_TO_DO = Badge("To do", "todo", "circle")
_CHECKING = Badge("Checking", "active", "play")
_NO_VERDICT = Badge("No verdict", "todo", "stop")
_LEFT_OUT = Badge("Left out", "todo", "stop")
_WAITS = Badge("Waits for Azure", "unknown", "clock")
_OTHER_ENDS = {
    Attempt.State.WAITING: _WAITS,
    Attempt.State.CANCELLED: Badge("Cancelled", "todo", "stop"),
    Attempt.State.LOST: Badge("Lost by the portal", "unknown", "question"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One task of one student. ``own``: what the student had asked for themselves answers for it. ``stays_done``: it
    has been done, as the board says, and stays so, though the round found something missing."""

    task: Task
    badge: Badge
    own: bool
    stays_done: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One student. ``words`` say what stops them, or why they were left out; "" where there is nothing to say."""

    member_id: int
    name: str
    badge: Badge
    words: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which students are shown, as the address says: ``show`` is a part by what came of them, "" for all; ``q`` is in
    their names."""

    show: str = ""
    q: str = ""

    @property
    def told(self) -> str:
        """As it stands in an address; "" for everybody."""
        return urlencode({name: value for name, value in (("show", self.show), ("q", self.q)) if value})


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of the students that can be looked at alone; ``told`` is what the address says to show it."""

    told: str
    label: str
    number: int
    current: bool


@dataclass(frozen=True, slots=True)
class Results:
    tasks: tuple[Task, ...]
    rows: tuple[Row, ...]
    page: Page[RoundEntry]
    choices: tuple[Choice, ...]
    narrowed: Narrowed

    @property
    def found(self) -> int:
        return self.page.paginator.count


_PARTS: Mapping[str, Mapping[str, str]] = {
    "": {},
    Verdict.NOT_YET.value: {"verdict": Verdict.NOT_YET.value},
    Verdict.COULD_NOT_TELL.value: {"verdict": Verdict.COULD_NOT_TELL.value},
    Verdict.PASSED.value: {"verdict": Verdict.PASSED.value},
    "no_verdict": {"state": State.ENDED, "verdict": ""},
    "left_out": {"state": State.SKIPPED},
    "under_way": {"state": State.UNDER_WAY},
    "to_do": {"state": State.TO_DO},
}


def narrowed_by(address: Mapping[str, str]) -> Narrowed:
    """What makes no sense in it counts as not said."""
    show = address.get("show", "")
    return Narrowed(show if show in _PARTS else "", one_line(address.get("q", ""))[:LONGEST_QUERY])


def results_of(the_round: Round, progress: Progress, narrowed: Narrowed, number: str) -> Results:
    """``number`` is that of a page; what is none is taken for the first. Four queries."""
    lab = LABS[the_round.lab_class.lab_id]
    entries = the_round.entries.filter(called(narrowed.q, of="member__"), **_PARTS[narrowed.show])
    page = Paginator(
        entries.select_related("member").order_by(*_order(the_round)),
        STUDENTS_A_PAGE,
    ).get_page(number)
    tasks = (lab.task(the_round.task_id),) if the_round.task_id else lab.tasks
    rows = _rows(list(page.object_list), tasks, lab)
    return Results(tasks, rows, page, _choices(progress, narrowed), narrowed)


def _order(the_round: Round) -> tuple[OrderBy | Case | str, ...]:
    """While it goes on as they come, the latest first; then who needs something first, by name."""
    if the_round.open:
        ranks = (State.UNDER_WAY, State.ENDED, State.SKIPPED, State.TO_DO)
        rank = _rank(*(When(state=state, then=Value(at)) for at, state in enumerate(ranks)))
        return rank, F("ended_at").desc(nulls_last=True), "pk"
    ends = (Verdict.NOT_YET, Verdict.COULD_NOT_TELL, Verdict.PASSED)
    rank = _rank(*(When(verdict=verdict.value, then=Value(at)) for at, verdict in enumerate(ends)))
    return rank, F("skipped").asc(), "member__name", "pk"


def _rank(*cases: When) -> Case:
    return Case(*cases, default=Value(9), output_field=IntegerField())


def _rows(entries: list[RoundEntry], tasks: tuple[Task, ...], lab: Lab) -> tuple[Row, ...]:
    looks: defaultdict[int, dict[str, RoundLook]] = defaultdict(dict)
    for look in RoundLook.objects.filter(entry__in=[entry.pk for entry in entries]):
        looks[look.entry_id][look.task_id] = look
    done = _done(entries)
    return tuple(_row(entry, looks[entry.pk], done[entry.member.standing_id], tasks, lab) for entry in entries)


def _done(entries: list[RoundEntry]) -> defaultdict[int | None, set[str]]:
    """By standing, the tasks that are done."""
    standings = [entry.member.standing_id for entry in entries if entry.member.standing_id is not None]
    tasks = TaskStanding.objects.filter(standing__in=standings, done_at__isnull=False)
    done: defaultdict[int | None, set[str]] = defaultdict(set)
    for standing_id, task_id in tasks.values_list("standing_id", "task_id"):
        done[standing_id].add(task_id)
    return done


def _row(
    entry: RoundEntry, looks: Mapping[str, RoundLook], done: Collection[str], tasks: tuple[Task, ...], lab: Lab
) -> Row:
    theirs = [looks[task.id] for task in tasks if task.id in looks]
    return Row(
        member_id=entry.member_id,
        name=entry.member.name,
        badge=_entry_badge(entry),
        words=str(RoundEntry.Skipped(entry.skipped).label) if entry.skipped else _what_stops(theirs, lab),
        cells=tuple(_cell(look, lab, done) for look in theirs),
    )


def _cell(look: RoundLook, lab: Lab, done: Collection[str]) -> Cell:
    stays_done = look.task_id in done and look.verdict not in ("", Verdict.PASSED)
    return Cell(lab.task(look.task_id), _look_badge(look), look.joined, stays_done)


def _what_stops(looks: list[RoundLook], lab: Lab) -> str:
    """The first task that the student has to do something for, or else the first that nobody could look at."""
    for verdict in (Verdict.NOT_YET, Verdict.COULD_NOT_TELL):
        for look in looks:
            if look.verdict == verdict:
                name = task_name(lab, look.task_id)
                return f"{name}: {meaning_of(lab, look.verdict, look.reason)}"
    return ""


def _entry_badge(entry: RoundEntry) -> Badge:
    match entry.state:
        case State.TO_DO:
            return _TO_DO
        case State.UNDER_WAY:
            return _CHECKING
        case State.SKIPPED:
            return _LEFT_OUT
    return verdict_badge(entry.verdict) if entry.verdict else _NO_VERDICT


def _look_badge(look: RoundLook) -> Badge:
    if not look.state:
        return _CHECKING
    other = _OTHER_ENDS.get(Attempt.State(look.state))
    return other or verdict_badge(look.verdict)


def _choices(progress: Progress, narrowed: Narrowed) -> tuple[Choice, ...]:
    """All, and those that there are."""
    numbers = {
        "": ("All", progress.total),
        Verdict.NOT_YET.value: ("Not yet", progress.not_yet),
        Verdict.COULD_NOT_TELL.value: ("Could not tell", progress.could_not_tell),
        Verdict.PASSED.value: ("Passed", progress.passed),
        "no_verdict": ("No verdict", progress.no_verdict),
        "left_out": ("Left out", progress.skipped),
        "under_way": ("Under way", progress.under_way),
        "to_do": ("To do", progress.to_do),
    }
    return tuple(
        Choice(replace(narrowed, show=key).told, label, number, key == narrowed.show)
        for key, (label, number) in numbers.items()
        if number or key in ("", narrowed.show)
    )
