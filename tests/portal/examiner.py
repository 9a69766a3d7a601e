"""A lab in which everything is offered: hints, choices, remedies, undoing and cleaning up.

Its tasks are the real ones, so that the real pages are drawn; only what the examiner adds is made up.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt, AttemptEvidence, TaskResult
from steps.kit.course import Mode
from steps.kit.lab import Lab
from steps.kit.reasons import Idea, Reason, Remedy
from steps.kit.task import Action, ActionDone, Check, Context, Guide, Names, Task
from steps.kit.verdict import Choice, Verdict
from tests.portal import walks
from tests.portal.walks import LAB, TASK


def never(_ctx: Context, _token: str | None) -> ActionDone:
    raise AssertionError("pages do not call Azure")


def _action(key: str, title: str) -> Action:
    return Action(key, title, lambda names: f"{title} for {names.vault}, exactly so.", never, expected_seconds=30)


def _hint(words: str) -> Any:
    def worded(names: Names) -> str:
        return words.format(vault=names.vault)

    return worded


MENDS = Remedy(_action("mend-it", "Mend the vault"))
PURGES = Remedy(_action("purge-it", "Purge the vault"))
IDEA = Idea("an-idea", "An idea", "Text of *the idea*.", "soft-delete")
REASONS = {
    "broken": Reason(
        "broken",
        why="Because nothing works without it.",
        hints=(_hint("Look at {vault}."), _hint("Type `az keyvault show`.")),
        idea="an-idea",
        remedies=("mend-it", "purge-it"),
    ),
    "fine": Reason("fine"),
    "fine-but": Reason("fine, with a remark", remark=True),
    "rests-on-it": Reason("rests on another", why="One cause is told once.", waits=True),
}
TASK_HINTS = (_hint("First look around."), _hint("Then make {vault}."), _hint("It is nearly done."))
CLEAN_UP = Task(
    "clean-up",
    9,
    "Clean up",
    "The portal removes what the lab made.",
    lambda names: Guide(f"What was made around **{names.vault}** goes.", {}),
    checks=(Check("nothing-left", "Nothing is left of the lab", (), TASK.checks[0].judge),),
    actions=(_action("delete-all", "Delete what was made"),),
)


def lab() -> Lab:
    """Task 1 has hints and can be undone; Task 2 rests on it. No other does or can."""
    first = replace(
        TASK,
        hints=TASK_HINTS,
        undo=(_action("take-back", "Take the vault back"),),
        undo_reopens=(LAB.tasks[2].id,),
        to_undo=lambda walk: bool(walk.carried_out),
    )
    others = {task.id: replace(task, hints=(), undo=(), undone=(), undo_reopens=()) for task in LAB.tasks}
    tasks = tuple({**others, TASK.id: first}.values())
    return replace(
        LAB,
        tasks=tasks,
        clean_up=CLEAN_UP,
        reasons=REASONS,
        ideas={IDEA.id: IDEA},
        remedies={remedy.id: remedy for remedy in (MENDS, PURGES)},
    )


CHOICE = Choice("vault", "kv-other", "Use kv-other")


def found(session: LabSession, verdict: Verdict = Verdict.NOT_YET, *, mode: Mode = Mode.VALIDATE) -> Attempt:
    """A finished attempt whose first check says "broken", and offers a vault of another name."""
    attempt = walks.attempt(session, verdict=verdict, mode=mode)
    finding(attempt, "broken", verdict, choices=(CHOICE,))
    return attempt


def finding(
    attempt: Attempt, reason: str, verdict: Verdict = Verdict.NOT_YET, at: int = 0, choices: tuple[Choice, ...] = ()
) -> AttemptEvidence:
    row = walks.evidence(attempt, TASK, verdict, at)
    row.reason, row.choices = reason, [asdict(choice) for choice in choices]
    row.save()
    return row


def touched(session: LabSession, *, done: bool = True, repaired: bool = False) -> TaskResult:
    """The portal has made, or mended, something for Task 1."""
    deed(session, repaired=repaired)
    result = walks.completed(session, by_portal=not repaired)
    result.portal_changed, result.portal_repaired = not repaired, repaired
    result.provenance = TaskResult.Provenance.REPAIRED if repaired else TaskResult.Provenance.PORTAL
    if not done:
        result.completed_at = None
    result.save()
    return result


def deed(session: LabSession, *, repaired: bool = False) -> Attempt:
    """An attempt that did something."""
    progress = {"did": True, "facts": {MENDS.id: {"vault": "kv-ada"}}}
    mode, remedy = (Mode.REPAIR, MENDS.id) if repaired else (Mode.CARRY_OUT, "")
    return walks.attempt(session, verdict=Verdict.PASSED, mode=mode, remedy=remedy, progress=progress)


def cleaned(session: LabSession, verdict: Verdict = Verdict.PASSED) -> Attempt:
    """Cleaning up has been carried out."""
    attempt = walks.attempt(session, CLEAN_UP, verdict=verdict, mode=Mode.CARRY_OUT)
    walks.evidence(attempt, CLEAN_UP, verdict)
    walks.line(attempt, walks.Kind.DONE, "kv-ada was deleted and purged.")
    return attempt
