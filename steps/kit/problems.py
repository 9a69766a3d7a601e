"""What an AzureProblem means in plain words, and what to do about it.

Three ways, told apart for every kind: Azure is at it (wait), the student can mend it, or the
portal is at fault. A problem never becomes *not yet*: what could not be seen is not held
against anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import GOES_ON, LOOKS_AGAIN
from steps.kit.verdict import Finding, Source, Verdict


class Whose(StrEnum):
    """Who can do something about a problem."""

    AZURE = "azure"
    STUDENT = "student"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Wording:
    """``happened`` and ``to_do`` are whole sentences for the student."""

    happened: str
    to_do: str
    whose: Whose


_WORDS: dict[ProblemKind, Wording] = {
    ProblemKind.THROTTLED: Wording(
        "Azure asked us to slow down: too many requests came in at once.", LOOKS_AGAIN, Whose.AZURE
    ),
    ProblemKind.AZURE_UNAVAILABLE: Wording("Azure had an error of its own while answering.", LOOKS_AGAIN, Whose.AZURE),
    ProblemKind.TIMED_OUT: Wording("Azure gave no answer in the time we allow it.", LOOKS_AGAIN, Whose.AZURE),
    ProblemKind.UNREACHABLE: Wording(
        "The connection to Azure could not be made, or broke off.", LOOKS_AGAIN, Whose.AZURE
    ),
    ProblemKind.CONFLICT: Wording(
        "Azure is busy with another operation on the same resource and took no second one.", LOOKS_AGAIN, Whose.AZURE
    ),
    ProblemKind.CREDENTIAL_REJECTED: Wording(
        "Azure does not accept the credential of your connection.",
        f"Sign in again: each page of the lab has a button for it now. {GOES_ON}",
        Whose.STUDENT,
    ),
    ProblemKind.CREDENTIAL_EXPIRED: Wording(
        "The client secret of your connection has run out.",
        f"Sign in again: each page of the lab has a button for it now. {GOES_ON}",
        Whose.STUDENT,
    ),
    ProblemKind.NOT_AUTHORIZED: Wording(
        "Azure knows the identity your connection uses, but does not let it do this.",
        "The first task of the lab names the identity, the role that it lacks, and the command that gives it. Wait a "
        "few minutes for Azure to apply it, and try once more.",
        Whose.STUDENT,
    ),
    ProblemKind.NOT_REGISTERED: Wording(
        "The subscription has not registered the resource provider this needs.",
        "In the Azure portal open your subscription, then Resource providers, and register "
        "Microsoft.KeyVault and Microsoft.Compute. It takes a minute or two.",
        Whose.STUDENT,
    ),
    ProblemKind.POLICY_DENIED: Wording(
        "A policy set on your subscription forbids this.",
        "Ask whoever looks after the subscription for an exception, or use another subscription.",
        Whose.STUDENT,
    ),
    ProblemKind.PROTECTED: Wording(
        "Purge protection guards this: nobody can purge it, not even its owner.",
        "Purge protection ends on a day of its own, and Azure removes it then. Until then choose another name.",
        Whose.STUDENT,
    ),
    ProblemKind.NAME_TAKEN: Wording(
        "The name is already in use. Vault names are unique across all of Azure.",
        "Choose another name and try once more.",
        Whose.STUDENT,
    ),
    ProblemKind.NAME_IN_DELETED_STATE: Wording(
        "Something with this name was deleted, and Azure keeps the name until it is purged.",
        "Recover or purge it (Key vaults, Manage deleted vaults; for a secret: Secrets, Manage deleted secrets), "
        "or choose another name.",
        Whose.STUDENT,
    ),
    ProblemKind.NOT_FOUND: Wording(
        "Azure does not find the resource this works on. It may have been deleted meanwhile.",
        "Check the tasks before this one: they show what is missing.",
        Whose.STUDENT,
    ),
    ProblemKind.BLOCKED: Wording(
        "Something this step builds on is not there.",
        "What the checks find says what to do about it.",
        Whose.STUDENT,
    ),
    ProblemKind.OPERATION_FAILED: Wording(
        "Azure took the order, worked on it, and reported that it failed.",
        "Try once more. If it fails again, the message from Azure says what to look at.",
        Whose.AZURE,
    ),
    ProblemKind.INVALID_REQUEST: Wording(
        "Azure did not accept what the portal asked of it.",
        "Check the names of your lab. If they are right, the fault is ours: show your instructor this message.",
        Whose.PORTAL,
    ),
    ProblemKind.UNEXPECTED: Wording(
        "Azure answered something the portal does not know how to read.",
        "The fault is ours, not yours. Try once more; if it stays, show your instructor this message.",
        Whose.PORTAL,
    ),
}

_BY_CODE: dict[str, Wording] = {
    "ScopeLocked": Wording(
        "A lock guards this against the change.",
        "Open what the lock is on (Azure's words name it), Settings, Locks, and delete the lock if it is yours; or ask "
        "whoever set it. Then try once more.",
        Whose.STUDENT,
    ),
    "DenyAssignmentAuthorizationFailed": Wording(
        "A deny assignment forbids this, whatever roles your connection has.",
        "Only what made it can change it: a managed application, a deployment stack, or Azure itself. Ask whoever "
        "looks after the subscription, or use another resource group.",
        Whose.STUDENT,
    ),
    "InternalExecutionError": Wording("Azure had an error of its own while working on it.", LOOKS_AGAIN, Whose.AZURE),
    "ReadOnlyDisabledSubscription": Wording(
        "The subscription is disabled, so nothing in it can be made or changed.",
        "Open Subscriptions, your subscription, and choose Reactivate, or ask whoever looks after it. Then try once "
        "more.",
        Whose.STUDENT,
    ),
}
"""Of a kind, those for which more can be said."""

_NOT_YOUR_WORK = "It says nothing about your work, and nothing that was found before is lost."

_WHY: dict[str, str] = {
    ProblemKind.THROTTLED: f"Azure limits how many requests it takes in a while, from everybody. {_NOT_YOUR_WORK}",
    ProblemKind.AZURE_UNAVAILABLE: f"Azure has such moments, and they pass. {_NOT_YOUR_WORK}",
    ProblemKind.TIMED_OUT: "Azure may still have done what it was asked, so the portal looks before it asks again. "
    f"{_NOT_YOUR_WORK}",
    ProblemKind.UNREACHABLE: f"Somewhere between the portal and Azure the network failed. {_NOT_YOUR_WORK}",
    ProblemKind.CONFLICT: "Azure changes a resource in one operation at a time, so that no two of them mix. "
    f"{_NOT_YOUR_WORK}",
    ProblemKind.CREDENTIAL_REJECTED: "Without a credential that Azure accepts, the portal can neither look nor do "
    "anything in your subscription. What you have made is still there.",
    ProblemKind.CREDENTIAL_EXPIRED: "A client secret is good until a set day only, so that a forgotten one does no "
    "harm for ever. What you have made is still there.",
    ProblemKind.NOT_AUTHORIZED: "In Azure even looking needs a role. Until the identity has one, the portal cannot see "
    "what you have made.",
    ProblemKind.NOT_REGISTERED: "A subscription offers only the services whose resource provider is registered in it.",
    ProblemKind.POLICY_DENIED: "Azure Policy decides before anything is made or changed, and it binds owners too: "
    "neither you nor the portal can go around it.",
    ProblemKind.NAME_IN_DELETED_STATE: "Soft-delete keeps what was deleted, and its name, so that a slip can be put "
    "right.",
}


def why(reason: str) -> str:
    """Why a problem matters, by its reason id; "" where there is nothing to add, or it is no problem's."""
    return _WHY.get(reason, "")


def wording(problem: AzureProblem) -> Wording:
    """The words for ``problem``, with Azure's own code and message behind them where there are any: what a library says
    of a connection that broke is for the log."""
    words = _BY_CODE.get(problem.code, _WORDS[problem.kind])
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
    return _WORDS[ProblemKind(reason)].whose


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
