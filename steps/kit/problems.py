"""What an AzureProblem means in plain words, and what to do about it. A problem never becomes *not yet*: what could not
be seen is not held against anyone.
"""

from __future__ import annotations

from collections.abc import Mapping

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import LOOKS_AGAIN
from steps.kit.problem_words import BY_CODE, WHY, WORDS, Whose, Wording
from steps.kit.verdict import Finding, Source, Verdict


def why(reason: str) -> str:
    """Why a problem matters, by its reason id; "" where there is nothing to add, or it is no problem's."""
    return WHY.get(reason, "")


def wording(problem: AzureProblem) -> Wording:
    """The words for ``problem``, with Azure's own code and message behind them where there are any: what a library says
    of a connection that broke is for the log."""
    words = BY_CODE.get(problem.code, WORDS[problem.kind])
    if problem.kind is ProblemKind.BLOCKED:
        return Wording(problem.message or words.happened, words.to_do, words.whose)
    message = problem.message.strip()
    code = "" if message.startswith(problem.code) else problem.code  # Entra's messages begin with it
    said = ": ".join(part for part in (code, message) if part)
    if not said or problem.source.status is None:
        return words
    return Wording(f"{words.happened} Azure's words: {said}", words.to_do, words.whose)


NOT_OVER, NOT_APPLIED = "StillNotOver", "RightNotApplied"
"""Codes of a BLOCKED problem that a step raises because Azure did not come to an end in time: with an operation, or
with applying what the portal was given."""


def whose(problem: AzureProblem) -> Whose:
    """Who can do something about ``problem``."""
    return Whose.AZURE if problem.code in {NOT_OVER, NOT_APPLIED} else wording(problem).whose


def whose_kind(reason: str) -> Whose:
    """As ``whose``, by the reason id alone. Raises ValueError for one that is no problem's."""
    return WORDS[ProblemKind(reason)].whose


def after_giving_up(problem: AzureProblem) -> str:
    """What the student can do once the portal has given an action up: it does not try again by itself."""
    to_do = wording(problem).to_do
    return "Try once more in a few minutes." if to_do == LOOKS_AGAIN else to_do


def finding(problem: AzureProblem, *, wanted: str) -> Finding:
    """What a check says whose look ended in ``problem``: it could not tell, and why.

    The reason id is the kind's own.
    """
    words = wording(problem)
    return Finding(
        verdict=Verdict.COULD_NOT_TELL,
        reason=problem.kind.value,
        wanted=wanted,
        found=words.happened,
        next_step=words.to_do,
        sources=(problem.source,),
    )


class LastingProblem(AzureProblem):
    """A problem that ended a step: it has been waited for as long as makes sense, or waiting is no use."""

    @property
    def transient(self) -> bool:
        return False


_MARK = "_problem"  # no step's own facts may use it
_KEYS = {_MARK, "code", "message", "lasting", "retry_after", "method", "path", "status", "request_id"}


def source_facts(source: Source) -> dict[str, str]:
    """A source as facts of a step; ``source_of`` reads it back."""
    return {
        "method": source.method,
        "path": source.path,
        "status": "" if source.status is None else str(source.status),
        "request_id": source.request_id,
    }


def source_of(facts: dict[str, str]) -> Source:
    """Raises KeyError if ``source_facts`` are not among ``facts``."""
    status = facts["status"]
    return Source(facts["method"], facts["path"], int(status) if status else None, facts["request_id"])


def to_facts(problem: AzureProblem, *, lasting: bool) -> dict[str, str]:
    """``problem`` as the facts of the step it ended. JSON-able; ``from_facts`` reads it back.

    ``lasting`` when no later try would tell more, or it has been tried long enough.
    """
    said = {_MARK: problem.kind.value, "code": problem.code, "message": problem.message}
    pause = "" if problem.retry_after is None else str(problem.retry_after)
    return {**said, "lasting": "yes" if lasting else "", "retry_after": pause, **source_facts(problem.source)}


def beside(facts: Mapping[str, str]) -> dict[str, str]:
    """What a step had noted as facts: all of them if it ended well, or those from before it ended in a problem."""
    return {key: said for key, said in facts.items() if key not in _KEYS} if _MARK in facts else dict(facts)


def from_facts(facts: dict[str, str]) -> AzureProblem | None:
    """The problem that ``to_facts`` wrote, or None if these are the facts of a step that ended well."""
    if _MARK not in facts:
        return None
    make = LastingProblem if facts["lasting"] else AzureProblem
    return make(
        ProblemKind(facts[_MARK]),
        code=facts["code"],
        message=facts["message"],
        source=source_of(facts),
        retry_after=float(facts["retry_after"]) if facts["retry_after"] else None,
    )


__all__ = [
    "NOT_APPLIED",
    "NOT_OVER",
    "LastingProblem",
    "Whose",
    "Wording",
    "after_giving_up",
    "beside",
    "finding",
    "from_facts",
    "source_facts",
    "source_of",
    "to_facts",
    "whose",
    "whose_kind",
    "why",
    "wording",
]
