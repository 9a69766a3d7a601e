"""One student's turn in a round: their checks begin, or the entry says why they do not."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models.functions import Now

from labportal.accounts.models import User
from labportal.classes.allowed import allowed_in
from labportal.classes.audit import note_act
from labportal.classes.models import Act
from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from labportal.labs.panels import all_kept_answers, kept_answers
from labportal.rounds.models import Round, RoundEntry, RoundLook
from labportal.runs.models import ACTIVE, Attempt
from labportal.runs.services import check_all
from labportal.writes import writing
from steps.kit.lab import Lab
from steps.kit.verdict import Verdict
from steps.registry import LABS

Skipped = RoundEntry.Skipped
State = RoundEntry.State


def begin(the_round: Round, by: User, entry: RoundEntry) -> bool:
    """Whether a check of theirs is under way now. One transaction: all of it is stored, or the next turn does it.

    Needs the entry's member loaded. What the student has under way at a task is joined.
    """
    lab = LABS[the_round.lab_class.lab_id]
    session = _walk_of(entry, lab)
    skipped = _why_not(session, lab)
    if session is None or skipped:
        with writing():
            left_out = {"state": State.SKIPPED, "skipped": skipped or Skipped.NOT_BEGUN, "ended_at": Now()}
            RoundEntry.objects.filter(pk=entry.pk, state=State.TO_DO).update(**left_out)
        return False
    answers = _answers(the_round, session, lab)
    with writing():
        taken = RoundEntry.objects.filter(pk=entry.pk, state=State.TO_DO)
        if not taken.update(state=State.UNDER_WAY, began_at=Now()):
            return False
        _begin_looks(by, entry, session, answers)
        text, deed = f"checked {words_for(the_round, lab)}", f"round-{the_round.pk}"
        note_act(by, entry.member.user, the_round.lab_class, Act.Kind.ROUND, text, deed=deed)
    return True


def words_for(the_round: Round, lab: Lab) -> str:
    """As the student reads it: "all your tasks"."""
    if not the_round.task_id:
        return "all your tasks"
    task = lab.task(the_round.task_id)
    return f"Task {task.number} for you" if task.number else f"“{task.title}” for you"


def _answers(the_round: Round, session: LabSession, lab: Lab) -> dict[str, dict[str, str]]:
    """By the ids of the tasks that are checked: what the student answered last."""
    if not the_round.task_id:
        return all_kept_answers(session, lab)
    task = lab.task(the_round.task_id)
    return {task.id: kept_answers(session, task) if task.asks else {}}


def _begin_looks(by: User, entry: RoundEntry, session: LabSession, answers: Mapping[str, dict[str, str]]) -> None:
    begun = {attempt.task_id: attempt for attempt in check_all(session, answers, asked_by=by)}
    joined: dict[str, Attempt] = {}
    if len(begun) < len(answers):
        active = Attempt.objects.filter(session=session, task_id__in=answers, state__in=ACTIVE)
        joined = {attempt.task_id: attempt for attempt in active if attempt.task_id not in begun}
    RoundLook.objects.bulk_create(
        RoundLook(entry=entry, task_id=key, attempt=begun.get(key) or joined.get(key), joined=key in joined)
        for key in answers
    )


def _walk_of(entry: RoundEntry, lab: Lab) -> LabSession | None:
    walks = LabSession.objects.select_related("connection")
    return walks.filter(user=entry.member.user_id, lab_id=lab.id, ended_at=None).first()


def _why_not(session: LabSession | None, lab: Lab) -> Skipped | None:
    """None where there is something to look at, and Azure may be asked for it."""
    if session is None:
        return Skipped.NOT_BEGUN
    match session.connection.state:
        case Connection.State.PREPARING:
            return Skipped.PREPARING
        case Connection.State.BROKEN:
            return Skipped.BROKEN
    if session.names.by_roles and not allowed_in(session).roles:
        return Skipped.ROLES
    return _tidied(session, lab)


def _tidied(session: LabSession, lab: Lab) -> Skipped | None:
    """What was removed by the portal would only be missed, and that is no mistake of the student's."""
    if lab.clean_up is None:
        return None
    theirs = Attempt.objects.filter(session=session, on_behalf=False).order_by("-pk")
    cleaning = theirs.filter(task_id=lab.clean_up.id).first()
    if cleaning is None:
        return None
    if cleaning.active:
        return Skipped.CLEANING
    gone = cleaning.verdict == Verdict.PASSED and theirs.first() == cleaning
    return Skipped.CLEANED if gone else None
