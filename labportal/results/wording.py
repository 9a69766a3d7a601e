"""How points and dates of a class are told to people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from labportal.accounts.class_access import Seat
from labportal.board.words import FOUND
from labportal.classes.models import LabClass
from labportal.classes.zones import written
from labportal.results.points import Rules, rules_of
from labportal.results.ways import State
from steps.registry import LABS

Late = LabClass.Late
STATES = (
    f"{State.NOT_YET.words}: a try of the student's own found something missing. {State.NOT_TRIED.words}: only an "
    f"instructor's check has looked, and it is not there. {State.TO_DO.words}: nobody has looked."
)
FOUND_WORDS = (
    "Yes where an instructor's check, alone or of everyone, found the task done before one of the student's own."
)


def figures(points: Decimal) -> str:
    """Without zeros behind the point: 10, 7.5."""
    return f"{points.normalize():f}"


def late_words(lab_class: LabClass) -> str:
    """What being late takes, as a sentence; of a class where nothing is due as well."""
    if lab_class.due_at is None:
        return "Nothing is due at any time, so nothing is late."
    due = f"Due {written(lab_class.due_at, lab_class.time_zone)}."
    match lab_class.late:
        case Late.NOTHING:
            return f"{due} What is done later brings no points."
        case Late.DAILY:
            return f"{due} What is done later loses {lab_class.late_percent} % for each day begun after that."
        case _:
            return f"{due} What is done later counts in full, and is told as late."


def points_words(rules: Rules) -> str:
    """The sum, and that mastery is no part of it."""
    apart = "and mastery brings none"
    if rules.challenge is not None:
        apart = f"and mastery brings {figures(rules.challenge)} of its own, which are not part of the sum"
    return f"All tasks together bring {figures(rules.most)} points, {apart}."


def about_export(seat: Seat, made_at: datetime) -> list[tuple[str, str]]:
    """What whoever opens an export later has to know of it."""
    lab_class = seat.lab_class
    lab = LABS[lab_class.lab_id]
    rules = rules_of(lab_class, lab)
    return [
        ("Class", lab_class.name),
        ("Lab", lab.title),
        ("Made", written(made_at, lab_class.time_zone)),
        ("Times", f"As clocks show them in {lab_class.time_zone}."),
        *((f"Points for {task.title}", figures(rules.worth[task.id])) for task in lab.tasks),
        ("Points", points_words(rules)),
        ("Late", late_words(lab_class)),
        ("State", STATES),
        ("How", "What the portal did weighs more than hints, and hints more than nothing. It does not change points."),
        (FOUND.capitalize(), FOUND_WORDS),
        ("Minutes of work", "Without breaks: a pause counts for ten minutes at most."),
    ]
