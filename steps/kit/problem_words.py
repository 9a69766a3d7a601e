"""The words for what can go wrong with Azure, and whose it is to mend. ``steps.kit.problems`` chooses among them.

Three ways, told apart for every kind: Azure is at it (wait), the student can mend it, or the portal is at fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from steps.kit.azure import ProblemKind
from steps.kit.findings import GOES_ON, LOOKS_AGAIN


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


WORDS: dict[ProblemKind, Wording] = {
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
        "Check Task 0, Before you start: it names the identity, the role that it lacks, and the command that gives it. "
        "Wait a few minutes for Azure to apply it, and try once more.",
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

BY_CODE: dict[str, Wording] = {
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

WHY: dict[str, str] = {
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
