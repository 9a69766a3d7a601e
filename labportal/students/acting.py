"""What an instructor does for a student, each time noted where the student can read it."""

from __future__ import annotations

from dataclasses import dataclass

from labportal.accounts.class_access import Seat
from labportal.accounts.models import User
from labportal.board.words import task_name
from labportal.classes.audit import note_act
from labportal.classes.models import Act, Membership
from labportal.labs.models import LabSession
from labportal.labs.pages import place_of
from labportal.labs.panels import kept_answers
from labportal.runs import services
from labportal.standings.services import touch
from labportal.support import letters
from labportal.support.audience import just
from labportal.writes import writing
from steps.kit.course import Mode
from steps.kit.task import Task

OPENED = "{task} is open again for you. Nothing in your subscription was changed: check it when you are ready. {counts}"
COUNTS = {
    False: "It counts from when you did it first.",
    True: "It counts from when you do it again, and only a check of your own closes it.",
}
"""By whether it is to be done anew."""


@dataclass(frozen=True, slots=True)
class Errand:
    """An instructor, a student of their class who has begun the lab, and the task it is about."""

    by: User
    seat: Seat
    student: Membership
    session: LabSession
    task: Task

    @property
    def task_name(self) -> str:
        return task_name(self.seat.lab, self.task.id)

    def note(self, kind: Act.Kind, text: str) -> None:
        note_act(self.by, self.student.user, self.seat.lab_class, kind, text)


def check(errand: Errand) -> str:
    """Asks for an ordinary check, with what the student answered last. "" once it is asked for; else why not."""
    session, task = errand.session, errand.task
    place = place_of(session)
    if not place.ready:
        return "Their subscription is being prepared. Try again in a moment."
    if place.broken:
        return "Azure does not accept their credential any more: only they can sign in again."
    with writing():
        answers = kept_answers(session, task) if task.asks else {}
        services.start(session, task.id, Mode.VALIDATE, answers, asked_by=errand.by)
        errand.note(Act.Kind.CHECK, f"checked {errand.task_name} for you")
    return ""


def reset(errand: Errand, why: str, *, anew: bool) -> str:
    """Marks a task that is done as open again; nothing in Azure is touched. The student is told, with ``why``.
    ``anew``: it counts from when they do it again. "" once it is open; else why not."""
    session, name = errand.session, errand.task_name
    with writing():
        if not services.reopen(session, errand.task.id, anew=anew):
            return f"{name} is not done, or something is under way there. Nothing was changed."
        touch(session.user_id, session.lab_id)
        again = ", to be done anew" if anew else ""
        errand.note(Act.Kind.RESET, f"opened {name} again for you{again}; nothing in Azure was touched")
        told = OPENED.format(task=f"{name[0].upper()}{name[1:]}", counts=COUNTS[anew])
        audience = just(errand.seat, errand.student, errand.task.id)
        letters.send(audience, errand.seat.membership, f"{told}\n{why}" if why else told)
    return ""
