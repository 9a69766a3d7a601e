"""How long an attempt waits for Azure, or for the student to sign in again, before it tries once more."""

from __future__ import annotations

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.progress import Progress

STEP_WAITS = (5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0, 60.0)
"""Seconds before a step in transient trouble is tried again; after the last one it gives up."""

RECHECK_WAITS = (5.0, 10.0, 20.0, 40.0, 60.0, 60.0)
"""Seconds before checks that could not tell are looked at again; after the last one that is the verdict."""

SIGN_IN_WAIT = 300.0
"""Seconds between two tries with a credential that Azure has refused, while the student is asked to sign in again."""

LONGEST_WAIT = 3600.0
"""Azure's own Retry-After is honoured up to here."""


def patience(progress: Progress, problem: AzureProblem) -> float | None:
    """Seconds to wait before trying again, or None to give up.

    While checks are being looked at again, a probe in trouble gives up at once: the re-checks
    are the waiting, and waiting inside waiting would last for hours.
    """
    if not problem.may_pass or progress.rechecks or progress.troubles >= len(STEP_WAITS):
        return None
    if for_sign_in(progress, problem):
        return SIGN_IN_WAIT
    return min(max(STEP_WAITS[progress.troubles], problem.retry_after or 0.0), LONGEST_WAIT)


def for_sign_in(progress: Progress, problem: AzureProblem) -> bool:
    """Only the student can help. A token may be refused once although the credential is good: that is tried again; and
    so is one that a worker had kept, of which each worker may have its own."""
    if problem.kind is ProblemKind.CREDENTIAL_REJECTED:
        return not problem.token_was_kept and progress.troubles + progress.rechecks > 0
    return problem.needs_sign_in
