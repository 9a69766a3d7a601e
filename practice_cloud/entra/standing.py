"""What becomes of somebody's sign-in besides their password: whether they may have tokens now.

An account (``user`` document) may have ``personal`` (it is no organization's), ``disabled``, ``blocked`` (a policy
refuses it everything), ``secondFactor`` (demanded), ``factorForChanges`` (``practice_cloud.arm.second_factor``),
``noDeviceCodes``, ``signInEvery`` (seconds after which a policy wants a new sign-in) and ``validFrom`` (seconds since
1970: what was signed in before was taken back, as by a change of the password).

Sources: https://learn.microsoft.com/entra/identity-platform/reference-error-codes for the codes,
https://learn.microsoft.com/entra/identity-platform/v2-conditional-access-dev-guide for the claims that are sent along;
``error`` and ``suberror`` as people report of each code (https://github.com/Azure/azure-cli/issues and others): the
first version says interaction_required where the second says invalid_grant.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from practice_cloud.cloud import Cloud
from practice_cloud.entra.errors import EntraError, bad_grant
from practice_cloud.entra.sessions import SECOND_FACTOR, Session
from practice_cloud.store import Doc

_BLOCKED = "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."
_FACTOR = (
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must use"
    " multi-factor authentication to access '{resource}'."
)
_REVOKED = (
    "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed"
    " or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before which tokens are"
    " not valid) for this user is '{valid}'."
)
_TOO_LONG = (
    "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was"
    " issued on {issued} and the maximum allowed lifetime for this request is {seconds}."
)


def admit(user: Doc, account: Doc) -> None:
    """Whether somebody who knows the password may go on. ``account`` is theirs in the tenant they sign in to, which for
    a guest is not ``user``. Raises EntraError."""
    if user.get("disabled") or account.get("disabled"):
        raise bad_grant(50057, "The user account is disabled.")
    if account.get("blocked"):
        raise _policy(account, 53003, _BLOCKED, "message_only", v1=False)


def admit_device(account: Doc) -> None:
    """Whether a device code may be used. Raises EntraError 530036 where a policy forbids it."""
    if account.get("noDeviceCodes"):
        text = "Access has been blocked by Conditional Access policies. The access policy does not allow"
        raise _policy(account, 530036, f"{text} authentication with device code flow.", "message_only", v1=False)


def demands_second_factor(account: Doc, *, step_up: bool = False) -> bool:
    """``step_up``: whether the program has asked for more than a password, as Azure has told it to."""
    return bool(account.get("secondFactor") or (step_up and account.get("factorForChanges")))


def check(cloud: Cloud, user: Doc, account: Doc, session: Session, *, resource: str, v1: bool) -> None:
    """Whether a session may still have tokens. Raises EntraError."""
    if user.get("disabled") or account.get("disabled"):
        raise bad_grant(50057, "The user account is disabled.")
    valid = max(float(one.get("validFrom", 0)) for one in (user, account))
    if session.at < valid:
        text = _REVOKED.format(issued=_day(session.at), valid=_day(valid))
        raise EntraError(400, "invalid_grant", 50173, text, suberror="bad_token")
    if account.get("blocked"):
        raise _policy(account, 53003, _BLOCKED, "message_only", v1=v1)
    every = account.get("signInEvery")
    if every is not None and cloud.clock.now().timestamp() >= session.at + every:
        text = _TOO_LONG.format(issued=_day(session.at), seconds=f"{every:.0f}")
        raise EntraError(400, _error(v1), 70043, text, suberror="token_expired")
    if demands_second_factor(account) and SECOND_FACTOR not in session.amr:
        raise _policy(account, 50076, _FACTOR.format(resource=resource), "basic_action", v1=v1)


def _policy(account: Doc, code: int, text: str, suberror: str, *, v1: bool) -> EntraError:
    """With the claims that a program sends along when it signs the person in again."""
    wanted = {"access_token": {"capolids": {"essential": True, "values": [account["id"]]}}}
    return EntraError(400, _error(v1), code, text, suberror=suberror, claims=json.dumps(wanted))


def _error(v1: bool) -> str:
    return "interaction_required" if v1 else "invalid_grant"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
