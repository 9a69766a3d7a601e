"""Why somebody needs help, or does not, in words with the figures that the rule goes by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from labportal.board.need import GONE_AFTER, Need, Rule
from labportal.board.words import PORTAL_FAILED, meaning_of, minutes, ordinal, task_name
from labportal.labs.templatetags.portal import duration
from labportal.runs.models import ACTIVE, Attempt
from labportal.standings.models import Standing


@dataclass(frozen=True, slots=True)
class Why:
    """``words`` is the reason, whole; ``since``, where time is part of it, when it began or they were last seen."""

    words: str
    since: datetime | None = None


def why_of(rule: Rule, need: Need, standing: Standing | None) -> Why:
    """``need`` is what ``rule`` says of the student whose standing it is. Nothing is asked of the database."""
    if standing is None or need is Need.NOT_BEGUN:
        return Why("Has not begun")
    return _WORDED[need](rule, standing, task_name(rule.lab, standing.task_id))


def _hand(rule: Rule, standing: Standing, at: str) -> Why:
    return Why(f"Is at {at}. Raised a hand" if at else "Raised a hand", standing.hand_at)


def _failing(rule: Rule, standing: Standing, at: str) -> Why:
    times = f"The {ordinal(standing.failures)} time in a row at {at}"
    return _or_gone(rule, standing, f"{times}: {meaning_of(rule.lab, standing.verdict, standing.reason)}")


def _slow(rule: Rule, standing: Standing, at: str) -> Why:
    most = minutes(rule.pace[standing.task_id].most)
    took = duration(max(standing.seconds, 60 * most))  # as the column has it, but never less than what it is beyond
    took = f"{took} at {at}; nine of ten took at most {most}"
    return _or_gone(rule, standing, took)


def _idle(rule: Rule, standing: Standing, at: str) -> Why:
    if standing.state == Attempt.State.WAITING:
        return Why(f"No sign of life at {at}, which waits for the student", standing.last_at)
    looked = "" if standing.tries else ", which has not been checked yet"
    return Why(f"No sign of life at {at}{looked}", standing.last_at)


def _azure(rule: Rule, standing: Standing, at: str) -> Why:
    if standing.reason:
        return Why(f"At {at}: {meaning_of(rule.lab, standing.verdict, standing.reason)}")
    if standing.state == Attempt.State.WAITING:
        return Why(f"An attempt waits for Azure at {at}")
    return Why(f"At {at}: {PORTAL_FAILED}")


def _working(rule: Rule, standing: Standing, at: str) -> Why:
    if standing.state == Attempt.State.WAITING:  # for the student: who waits for Azure has a state of their own
        return Why(f"At {at}: {meaning_of(rule.lab, standing.verdict, standing.reason)}")
    return Why(f"Something is under way at {at}" if standing.state in ACTIVE else f"At {at}")


def _away(rule: Rule, standing: Standing, at: str) -> Why:
    return Why(f"Left at {at}", standing.last_at)


def _done(rule: Rule, standing: Standing, at: str) -> Why:
    alone = "" if standing.hints or standing.repaired or standing.by_portal else " alone"
    return Why(f"All tasks{alone}, and the challenge" if standing.mastered_at else f"All tasks{alone}")


def _or_gone(rule: Rule, standing: Standing, words: str) -> Why:
    """With when who is not here any more was last seen: nobody can be helped who has left."""
    if standing.last_at is None or standing.last_at > rule.now - GONE_AFTER:
        return Why(words)
    return Why(f"{words.removesuffix('.')}; left", standing.last_at)


_WORDED: Mapping[Need, Callable[[Rule, Standing, str], Why]] = {
    Need.HAND: _hand,
    Need.FAILING: _failing,
    Need.SLOW: _slow,
    Need.IDLE: _idle,
    Need.AZURE: _azure,
    Need.WORKING: _working,
    Need.AWAY: _away,
    Need.DONE: _done,
}
