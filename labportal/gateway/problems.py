"""From what the SDKs raise to ``AzureProblem``: by what Azure answered, else by how the answer failed to come."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceRequestTimeoutError,
    ServiceResponseError,
    ServiceResponseTimeoutError,
)
from azure.core.polling.base_polling import BadResponse, BadStatus, OperationFailed

from labportal.gateway import guard, violations
from labportal.gateway.calls import Call, Exchange
from labportal.redaction import redact
from steps.kit.azure import AzureProblem, ProblemKind

FROM_AZURE = (AzureError, BadResponse, BadStatus, OSError, ValueError)
"""What the SDKs raise for trouble outside. OSError: a CA file that is not there; ValueError: JSON that is none."""

MISREAD = (AttributeError, KeyError, TypeError)
"""What reading an answer raises when it has another shape than Azure documents, in the SDKs' code and in ours."""

_TIMEOUTS = (ServiceRequestTimeoutError, ServiceResponseTimeoutError)
_NO_ANSWER = (ServiceRequestError, ServiceResponseError, IncompleteReadError, OSError)
_LONGEST_MESSAGE = 600
_QUERY = re.compile(r"(?<=[\w/])\?[\w$.-]+=[^\s)'\"]*")
_PURGE_PROTECTION = re.compile(r"purge protection|DeletedVaultPurge", re.IGNORECASE)
"""ARM refuses with 405 MethodNotAllowed, a vault with 403 Forbidden, and both have more reasons for those."""

_BY_CODE = {
    "AADSTS7000222": ProblemKind.CREDENTIAL_EXPIRED,
    "MissingSubscriptionRegistration": ProblemKind.NOT_REGISTERED,
    violations.CODE: ProblemKind.POLICY_DENIED,
    "InsufficientPermissions": ProblemKind.NOT_AUTHORIZED,  # 400, for whoever may not switch the permission model
    "ScopeLocked": ProblemKind.PROTECTED,
    "DenyAssignmentAuthorizationFailed": ProblemKind.PROTECTED,  # 403, and no role helps against it
    "ReadOnlyDisabledSubscription": ProblemKind.PROTECTED,
    "VaultAlreadyExists": ProblemKind.NAME_TAKEN,
    "ObjectIsDeletedButRecoverable": ProblemKind.NAME_IN_DELETED_STATE,
}
_BY_STATUS = {
    400: ProblemKind.INVALID_REQUEST,
    401: ProblemKind.CREDENTIAL_REJECTED,
    403: ProblemKind.NOT_AUTHORIZED,
    404: ProblemKind.NOT_FOUND,
    408: ProblemKind.TIMED_OUT,
    409: ProblemKind.CONFLICT,
    429: ProblemKind.THROTTLED,
}


def problem_from(error: Exception, call: Call) -> AzureProblem:
    """The problem behind ``error``. Raises ``guard.Refused`` again where an SDK has wrapped it: that is no problem
    of Azure's."""
    exchange = call.last
    for cause in _causes(error, exchange):
        if isinstance(cause, guard.Refused):
            raise cause
        if isinstance(cause, _NO_ANSWER):
            kind = ProblemKind.TIMED_OUT if isinstance(cause, _TIMEOUTS) else ProblemKind.UNREACHABLE
            return _problem(kind, "", str(cause), call)
        if isinstance(cause, OperationFailed):
            return _problem(ProblemKind.OPERATION_FAILED, *_told(exchange), call)
    code, message = _told(exchange)
    return _problem(_kind(error, exchange, code, message), code, message or str(error), call)


def scrub(text: str, secrets: tuple[str, ...] = ()) -> str:
    """``text`` without tokens, credentials, ``secrets`` and the queries of addresses, which may be signed; on one
    line and cut to a readable length."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "[redacted]")
    return " ".join(_QUERY.sub("", redact(text)).split())[:_LONGEST_MESSAGE]


def _problem(kind: ProblemKind, code: str, message: str, call: Call) -> AzureProblem:
    return AzureProblem(
        kind,
        code=scrub(code, call.secrets),
        message=scrub(message, call.secrets),
        source=call.source,
        retry_after=call.last.retry_after if call.last is not None else None,
    )


def _kind(error: Exception, exchange: Exchange | None, code: str, message: str) -> ProblemKind:
    status = exchange.source.status if exchange is not None else None
    if isinstance(error, ClientAuthenticationError) and (status is None or status < 400):
        return ProblemKind.CREDENTIAL_REJECTED  # nobody refused: there is nothing to ask with any more
    if status is None:
        return ProblemKind.UNEXPECTED
    if status >= 500:
        return ProblemKind.AZURE_UNAVAILABLE
    named = _named(code, message)
    if named is not None:
        return named
    if status in (400, 404) and isinstance(error, ClientAuthenticationError):  # Entra rejects with more than 401
        return ProblemKind.CREDENTIAL_REJECTED
    return _BY_STATUS.get(status, ProblemKind.UNEXPECTED)


def _named(code: str, message: str) -> ProblemKind | None:
    """The kind that Azure's words make plain whatever the status; None where they do not."""
    if code == "ConflictError" and "deleted" in message:
        return ProblemKind.NAME_IN_DELETED_STATE
    if _PURGE_PROTECTION.search(message):
        return ProblemKind.PROTECTED
    return _BY_CODE.get(code)


def _told(exchange: Exchange | None) -> tuple[str, str]:
    """Azure's own code and message in the last answer, in any of the three shapes Azure has for errors.

    The innermost code is taken: Key Vault says "Forbidden" for a missing policy, a missing role and a firewall
    alike, and names the cause inside.
    """
    try:
        body: Any = json.loads(exchange.body()) if exchange is not None else None
    except ValueError:
        return "", ""
    told = body.get("error") if isinstance(body, dict) else None
    if isinstance(told, str):  # Entra
        text = str(body.get("error_description", "")).split(" Trace ID:")[0]
        number = re.match(r"AADSTS\d+", text)
        return (number[0] if number else told), text
    if not isinstance(told, dict):
        return "", ""
    code = _innermost(told)
    return code, violations.in_words(told) if code == violations.CODE else str(told.get("message") or "")


def _innermost(told: dict[str, Any]) -> str:
    inner = told.get("innererror")
    if isinstance(inner, dict) and inner.get("code"):
        return _innermost(inner)
    return str(told.get("code") or "")


def _causes(error: BaseException, exchange: Exchange | None) -> Iterator[BaseException]:
    """The failure of the last exchange first: the SDKs do not always keep it among the causes."""
    if exchange is not None and exchange.failure is not None:
        yield exchange.failure
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__
