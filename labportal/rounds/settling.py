"""What came of those whose checks are under way: look by look, and at the end for the student as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from labportal.connections.models import Connection
from labportal.rounds.models import Round, RoundEntry, RoundLook
from labportal.runs.models import Attempt, AttemptEvidence
from labportal.runs.services import call_off
from labportal.standings.making import weightiest
from labportal.standings.reading import Obstacle, obstacles_in
from labportal.writes import writing
from steps.kit.verdict import Verdict

State = RoundEntry.State
FOLLOWED_FOR = timedelta(minutes=3)
"""How long a round stays with what waits for Azure, or takes its time. The attempt goes on by itself."""
CALLED_OFF_AT_ONCE = 50


def settle(the_round: Round) -> int:
    """How many looks and students have come to their end since the last turn. A handful of queries, however many are
    under way."""
    entries = {one.pk: one for one in the_round.entries.filter(state=State.UNDER_WAY)}
    if not entries:
        return 0
    looks = list(_open_looks(entries).select_related("attempt__session__connection"))
    _follow_the_student(looks)
    over = [look for look in looks if _over(look, entries[look.entry_id])]
    _store_looks(over)
    still_open = {look.entry_id for look in looks} - {look.entry_id for look in over}
    still_open |= {look.entry_id for look in looks if not look.state}
    return len(over) + _store_entries((key for key in entries if key not in still_open), the_round)


def leave_out_the_rest(the_round: Round) -> int:
    """The round is called off: nobody new begins, and what no worker is at ends. How many do not begin any more."""
    with writing():
        left_out = the_round.entries.filter(state=State.TO_DO).update(
            state=State.SKIPPED, skipped=RoundEntry.Skipped.CALLED_OFF, ended_at=Now()
        )
    idle = RoundLook.objects.filter(
        entry__round=the_round,
        entry__state=State.UNDER_WAY,
        joined=False,
        attempt__state__in=(Attempt.State.QUEUED, Attempt.State.WAITING),
    )
    for look in idle.select_related("attempt__session")[:CALLED_OFF_AT_ONCE]:
        if look.attempt is not None:
            call_off(look.attempt)
    return left_out


def give_up(the_round: Round) -> None:
    """Nothing of it is looked at any more. What had begun goes on, and tells its student by itself."""
    called_off, now = RoundEntry.Skipped.CALLED_OFF, Now()
    the_round.entries.filter(state=State.TO_DO).update(state=State.SKIPPED, skipped=called_off, ended_at=now)
    the_round.entries.filter(state=State.UNDER_WAY).update(state=State.ENDED, ended_at=now)


def _open_looks(entries: Iterable[int]) -> QuerySet[RoundLook]:
    return RoundLook.objects.filter(entry__in=list(entries), state="").order_by("pk")


def _follow_the_student(looks: Iterable[RoundLook]) -> None:
    """Who clicked while the round waited for them took its place: what comes of their click answers for it."""
    for look in looks:
        attempt = look.attempt
        if look.joined or attempt is None or attempt.state != Attempt.State.CANCELLED:
            continue
        later = Attempt.objects.filter(session=attempt.session_id, task_id=look.task_id, pk__gt=attempt.pk)
        own = later.filter(on_behalf=False).select_related("session__connection").order_by("-pk").first()
        if own is not None:
            look.attempt, look.joined = own, True
            RoundLook.objects.filter(pk=look.pk).update(attempt=own, joined=True)


def _over(look: RoundLook, entry: RoundEntry) -> bool:
    """Sets ``state`` and ``verdict`` of a look that the round is done with."""
    attempt = look.attempt
    if attempt is None:  # the walk is gone, with all that was in it
        look.state = Attempt.State.LOST
    elif not attempt.active:
        look.state, look.verdict = attempt.state, attempt.verdict
    elif _not_waited_for(attempt, entry):
        look.state, look.verdict = Attempt.State.WAITING, Verdict.COULD_NOT_TELL.value
    return bool(look.state)


def _not_waited_for(attempt: Attempt, entry: RoundEntry) -> bool:
    waits = attempt.state == Attempt.State.WAITING
    if waits and attempt.session.connection.state == Connection.State.BROKEN:  # until the student has signed in again
        return True
    return entry.began_at is not None and timezone.now() - entry.began_at > FOLLOWED_FOR


def _store_looks(over: list[RoundLook]) -> None:
    if not over:
        return
    attempts = [look.attempt_id for look in over if look.attempt_id]
    found = obstacles_in(AttemptEvidence.objects.filter(attempt__in=attempts))
    for look in over:
        stop = weightiest(look.verdict, found[look.attempt_id]) if look.attempt_id else Obstacle("", "", "")
        look.check_id, look.reason = stop.check_id, stop.reason
    with writing():
        RoundLook.objects.bulk_update(over, ["state", "verdict", "check_id", "reason"])


def _store_entries(ended: Iterable[int], the_round: Round) -> int:
    """Whose looks are all over: with the verdict of all together, or none where no look came to one."""
    keys = list(ended)
    told: dict[int, list[str]] = {key: [] for key in keys}
    for key, verdict in RoundLook.objects.filter(entry__in=keys).values_list("entry_id", "verdict"):
        told[key].append(verdict)
    with writing():
        for key, verdicts in told.items():
            came_to = {"state": State.ENDED, "verdict": _together(verdicts)}
            if the_round.state == Round.State.STOPPING and not any(verdicts):
                came_to = {"state": State.SKIPPED, "skipped": RoundEntry.Skipped.CALLED_OFF}
            RoundEntry.objects.filter(pk=key, state=State.UNDER_WAY).update(**came_to, ended_at=Now())
    return len(keys)


def _together(verdicts: list[str]) -> str:
    """What the student has to mend comes first; one task that nobody could look at leaves the whole untold."""
    for verdict in (Verdict.NOT_YET.value, Verdict.COULD_NOT_TELL.value):
        if verdict in verdicts:
            return verdict
    return Verdict.PASSED.value if verdicts and all(verdicts) else ""
