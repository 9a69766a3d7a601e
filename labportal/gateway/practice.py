"""Asking the practice cloud for a student, and for what that student's Azure is to be like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import requests

from labportal.redaction import redact
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.verdict import Source

TIMEOUTS = (5.0, 10.0)  # seconds: to connect, to answer


@dataclass(frozen=True, slots=True)
class PracticeStudent:
    """A subscription of one's own in the practice cloud, and the service principal that works in it."""

    tenant_id: str
    subscription_id: str
    client_id: str
    client_secret: str = field(repr=False)
    resource_group: str
    location: str
    vm: str
    vm_principal_id: str


class PracticeControl:
    """The practice cloud's control plane at ``base_url``."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")

    def student(self, key: str) -> PracticeStudent:
        """The student made for ``key``, the same one every time. Raises as ``_post`` does, and UNEXPECTED when the
        answer lacks something."""
        told = self._post("/students", {"key": key})
        try:
            return PracticeStudent(**{wanted.name: told[wanted.name] for wanted in fields(PracticeStudent)})
        except (KeyError, TypeError) as error:
            raise _problem(ProblemKind.UNEXPECTED, f"The practice cloud's answer lacks a field: {error}") from error

    def renewed(self, student: PracticeStudent) -> PracticeStudent:
        """The same student with a new client secret; the old one counts no more. Raises as ``student`` does."""
        told = self._post(f"/students/{student.subscription_id}/credential", {})
        if not isinstance(told.get("client_secret"), str):
            raise _problem(ProblemKind.UNEXPECTED, "The practice cloud's answer lacks a field: client_secret")
        return replace(student, client_secret=told["client_secret"])

    def apply(
        self, subscription_id: str, scenario: str, *, vault: str, secret: str, parameters: Mapping[str, float]
    ) -> None:
        """Puts that student's Azure into a scenario by name (docs/scenarios.md). Raises as ``_post`` does."""
        body = {"name": scenario, "vault": vault, "secret": secret, "parameters": dict(parameters)}
        self._post(f"/students/{subscription_id}/scenarios", body)

    def _post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """The answer's object.

        Raises AzureProblem: UNREACHABLE or TIMED_OUT while the practice cloud is down, AZURE_UNAVAILABLE when it
        is in trouble, UNEXPECTED when it answers something else.
        """
        try:
            with requests.Session() as session:
                session.trust_env = False  # it is on loopback, where no proxy leads
                answer = session.post(f"{self._base_url}{path}", json=body, timeout=TIMEOUTS)
        except requests.Timeout as error:
            raise _problem(ProblemKind.TIMED_OUT, "The practice cloud did not answer in time.") from error
        except requests.RequestException as error:
            raise _problem(ProblemKind.UNREACHABLE, "The practice cloud is not running. Start it: ./lab run") from error
        if not answer.ok:
            kind = ProblemKind.AZURE_UNAVAILABLE if answer.status_code >= 500 else ProblemKind.UNEXPECTED
            raise _problem(kind, f"The practice cloud refused: {answer.text[:200]}", answer.status_code)
        try:
            told = answer.json()
        except ValueError as error:
            message = "The practice cloud answered something other than JSON."
            raise _problem(ProblemKind.UNEXPECTED, message, answer.status_code) from error
        return told if isinstance(told, dict) else {}


def _problem(kind: ProblemKind, message: str, status: int | None = None) -> AzureProblem:
    source = Source(method="POST", path="/students", status=status, request_id="")
    return AzureProblem(kind, code="PracticeCloud", message=redact(message), source=source)
