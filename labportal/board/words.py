"""How the board's pages speak of tasks, reasons and times."""

from __future__ import annotations

import math

from steps.kit import problems
from steps.kit.azure import ProblemKind
from steps.kit.lab import Lab
from steps.kit.problems import Whose
from steps.kit.task import Task
from steps.kit.verdict import Verdict

PORTAL_FAILED = "The portal failed on this, and the student can do nothing about it."
NOT_TRIED = "Not tried"
"""What an instructor's check found missing before the student had a try: no failure of theirs."""
FOUND = "found by an instructor's check"
"""Of what is done, where no check of the student's own found so. How it was done is another matter."""
UNKNOWN = "A reason that the lab does not know any more."
PROBLEMS: dict[str, str] = {
    ProblemKind.THROTTLED: "Azure asks for fewer requests in a while.",
    ProblemKind.AZURE_UNAVAILABLE: "Azure has an error of its own.",
    ProblemKind.TIMED_OUT: "Azure gives no answer in time.",
    ProblemKind.UNREACHABLE: "Azure cannot be reached from the portal.",
    ProblemKind.CONFLICT: "Azure is busy with another operation on the same resource.",
    ProblemKind.CREDENTIAL_REJECTED: "Azure does not accept the credential: the student has to sign in again.",
    ProblemKind.CREDENTIAL_EXPIRED: "The client secret has run out: the student has to sign in again.",
    ProblemKind.NOT_AUTHORIZED: "Azure does not let the connection's identity do this: it lacks a role.",
    ProblemKind.NOT_REGISTERED: "The subscription has not registered a resource provider.",
    ProblemKind.POLICY_DENIED: "An Azure Policy of the subscription forbids this.",
    ProblemKind.PROTECTED: "Purge protection keeps what was to be purged.",
    ProblemKind.NAME_TAKEN: "The name is in use somewhere in Azure.",
    ProblemKind.NAME_IN_DELETED_STATE: "Something deleted keeps the name.",
    ProblemKind.NOT_FOUND: "Azure does not find what this works on.",
    ProblemKind.BLOCKED: "Something that this builds on is not there.",
    ProblemKind.OPERATION_FAILED: "Azure took the order, and failed to carry it out.",
    ProblemKind.INVALID_REQUEST: "Azure did not accept what the portal asked of it.",
    ProblemKind.UNEXPECTED: "Azure answered something the portal cannot read.",
}
"""What a problem means to whoever counts causes; its words for the student are in ``steps.kit.problems``."""
THEIRS_TO_MEND = tuple(kind for kind in PROBLEMS if problems.whose_kind(kind) is Whose.STUDENT)
"""Problems that only the student can end, such as a credential that has run out: waiting is no use."""


def task_name(lab: Lab, task_id: str) -> str:
    """As one says it across a room: "Task 3". What has no number goes by its title; "" for no task."""
    task = next((one for one in lab.all_tasks if one.id == task_id), None)
    if task is None:
        return ""
    if task is lab.challenge:
        return "the challenge"
    return f"Task {task.number}" if task.number else f"“{task.title}”"


def heading(lab: Lab, task: Task) -> tuple[str, str]:
    """Its short name, and what it is about; "" where the short name says all."""
    if task is lab.challenge:
        return "Challenge", task.title.removeprefix("Challenge: ").capitalize()
    return (f"Task {task.number}", task.title) if task.number else (task.title, "")


def meaning_of(lab: Lab, verdict: str, reason: str) -> str:
    """A whole sentence that holds nothing of one student's."""
    if not reason:
        return PORTAL_FAILED if verdict == Verdict.COULD_NOT_TELL else UNKNOWN
    known = lab.reasons.get(reason)
    if known is not None:
        return known.meaning
    return PROBLEMS.get(reason, UNKNOWN)


def whose(verdict: str, reason: str) -> Whose:
    """Who can do something about an open verdict; "" is that of an attempt that waits and has seen nothing yet."""
    if verdict == Verdict.NOT_YET:
        return Whose.STUDENT
    if not reason:
        return Whose.PORTAL if verdict else Whose.AZURE
    return problems.whose_kind(reason) if reason in PROBLEMS else Whose.AZURE


def minutes(seconds: int) -> int:
    """Begun ones: what is told must not be less than what was counted."""
    return max(1, math.ceil(seconds / 60))


def ordinal(number: int) -> str:
    """In figures: 3rd, 11th, 22nd."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def count(number: int, one: str, many: str = "") -> str:
    """``1 student``, ``3 students``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
