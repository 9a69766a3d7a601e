"""Read models of attempts: what a panel, a history and an attempt's own page show. Two queries for one attempt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from labportal.labs.badges import (
    PENDING,
    WAITS,
    Badge,
    attempt_badge,
    is_ending,
    mode_words,
    verdict_badge,
    waits_for_sign_in,
)
from labportal.labs.offers import Offer, Offers
from labportal.labs.timeline import Failure, Line, SourceView, changes, failure_of, line_of, sources_of, waits_because
from labportal.runs.courses import course_for
from labportal.runs.models import Attempt, AttemptEvidence
from steps.kit.course import Mode
from steps.kit.findings import once_over
from steps.kit.lab import Lab
from steps.registry import LABS

RECENT_LINES = 40
"""How much of a long timeline a panel shows; the attempt's own page shows all of it."""

NOTHING = Offer()
_URGENCY = ("not-yet", "unknown", "waits", "passed")  # of badges' tones


@dataclass(frozen=True, slots=True)
class FindingView:
    """What a check found; without ``wanted`` it has not looked yet."""

    id: str
    title: str
    badge: Badge
    wanted: str = ""
    found: str = ""
    next_step: str = ""
    said_above: bool = False  # an earlier finding of the attempt says the same next step
    found_above: bool = False  # and one has found the same
    sources: tuple[SourceView, ...] = ()
    needs_attention: bool = False
    remark: bool = False  # passed, and what was found is worth reading
    waits: bool = False  # another finding of the attempt tells the cause: one line is enough
    offer: Offer = NOTHING


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """A row of the history. ``mended`` names what a repair was about, "" for everything else."""

    id: int
    task_id: str
    task_title: str
    mode_words: str
    mended: str
    cleaning_up: bool
    challenge: bool
    badge: Badge
    active: bool
    created_at: datetime
    seconds: float | None


@dataclass(frozen=True, slots=True)
class AttemptView:
    summary: AttemptSummary
    by_portal: bool
    can_check_now: bool
    can_cancel: bool
    waits_for_sign_in: bool
    next_look_at: datetime | None
    lines: tuple[Line, ...]
    earlier_lines: bool
    findings: tuple[FindingView, ...]
    failure: Failure | None
    waits_because: str

    @property
    def receipt(self) -> bool:
        """It has cleaned up, and looked at what is left: read on paper perhaps, with nothing folded away."""
        return self.summary.cleaning_up and self.by_portal and not self.summary.active and self.looked_at

    @property
    def passed(self) -> int:
        return sum(finding.badge.tone == "passed" for finding in self.findings)

    @property
    def countable(self) -> bool:
        """Azure has told something. Else "0 of 5 passed" would sound as if it were the student's doing."""
        return any(finding.badge.tone in ("passed", "not-yet") for finding in self.findings)

    @property
    def left_open(self) -> bool:
        """It is over, and something could not be told: nobody looks at that again before the next check."""
        return not self.summary.active and any(finding.badge.tone == "unknown" for finding in self.findings)

    @property
    def looked_at(self) -> bool:
        """Something has been looked at: until then there are only titles, and nothing to count."""
        return any(finding.wanted for finding in self.findings)


def summary_of(attempt: Attempt, lab: Lab) -> AttemptSummary:
    """No query: the lab says what the row does not."""
    ended, began = attempt.finished_at, attempt.created_at
    task = lab.task(attempt.task_id)
    cleaning_up, challenge = task is lab.clean_up, task is lab.challenge
    return AttemptSummary(
        id=attempt.pk,
        task_id=attempt.task_id,
        task_title=task.title if cleaning_up or challenge else f"{task.number}. {task.title}",
        mode_words=mode_words(attempt.mode, cleaning_up=cleaning_up, challenge=challenge, on_behalf=attempt.on_behalf),
        mended=lab.remedies[attempt.remedy].action.title if attempt.remedy in lab.remedies else "",
        cleaning_up=cleaning_up,
        challenge=challenge,
        badge=attempt_badge(attempt, cleaning_up=cleaning_up, challenge=challenge),
        active=attempt.active,
        created_at=began,
        seconds=(ended - began).total_seconds() if ended else None,
    )


def attempt_view(attempt: Attempt, offers: Offers, most_lines: int | None = None) -> AttemptView:
    """``most_lines`` keeps the newest lines only; None keeps all. Needs the attempt's session loaded."""
    events = list(attempt.events.order_by("-id")[: most_lines + 1 if most_lines else None])
    shown = events[:most_lines] if most_lines else events
    waiting = attempt.state == Attempt.State.WAITING and not attempt.cancel_requested
    return AttemptView(
        summary=summary_of(attempt, LABS[attempt.session.lab_id]),
        by_portal=attempt.mode != Mode.VALIDATE,
        can_check_now=waiting,
        can_cancel=attempt.active and not is_ending(attempt),
        waits_for_sign_in=waits_for_sign_in(attempt),
        next_look_at=attempt.due_at if waiting else None,
        lines=tuple(line_of(event) for event in (changes(reversed(shown)) if most_lines else reversed(shown))),
        earlier_lines=len(shown) < len(events),
        findings=_findings(attempt, attempt.evidence.all(), offers),
        failure=failure_of(attempt),
        waits_because=waits_because(attempt, events),
    )


def _findings(attempt: Attempt, evidence: Iterable[AttemptEvidence], offers: Offers) -> tuple[FindingView, ...]:
    """What was found, what the student can do first; under way also what is still to be looked at, at the end."""
    lab = LABS[attempt.session.lab_id]
    rows = [(row, _badge(row, lab)) for row in evidence]
    rows.sort(key=lambda one: _URGENCY.index(one[1].tone))
    found: list[FindingView] = []
    for row, badge in rows:
        remark = row.reason in lab.reasons and lab.reasons[row.reason].remark
        finding = _finding(row, badge, offers.of(row), over=not attempt.active, remark=remark)
        said = any(finding.next_step == one.next_step for one in found)
        seen_so = any(finding.found == one.found for one in found)
        found.append(replace(finding, said_above=said, found_above=seen_so))
    if not attempt.active:
        return tuple(found)
    seen = {finding.id for finding in found}
    checks = course_for(attempt).checks
    return (*found, *(FindingView(check.id, check.title, PENDING) for check in checks if check.id not in seen))


def _badge(row: AttemptEvidence, lab: Lab) -> Badge:
    """What only waits is not what could not be told: one cause, told once, is not drowned by what rests on it."""
    reason = lab.reasons.get(row.reason)
    return WAITS if reason is not None and reason.waits else verdict_badge(row.verdict)


def _finding(row: AttemptEvidence, badge: Badge, offer: Offer, *, over: bool, remark: bool) -> FindingView:
    return FindingView(
        id=row.check_id,
        title=row.title,
        badge=badge,
        wanted=row.wanted,
        found=row.found,
        next_step=once_over(row.next_step) if over else row.next_step,
        sources=sources_of(row.sources),
        needs_attention=badge is not WAITS and badge.tone != "passed",
        remark=remark,
        waits=badge is WAITS,
        offer=offer,
    )
