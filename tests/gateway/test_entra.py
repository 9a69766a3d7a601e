"""The portal's credential: refused, expired, revoked, or Entra itself in trouble."""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

import pytest

from labportal.gateway import open_azure
from steps.kit.azure import AzureProblem, ProblemKind
from tests.gateway.stage import Stage, Student, body

K = ProblemKind


def rejected(stage: Stage, student: Student, **changed: str) -> AzureProblem:
    who = dataclasses.replace(student.who, **changed)
    with pytest.raises(AzureProblem) as caught:
        open_azure(stage.cloud, who, may_write=False).subscription()
    return caught.value


def test_a_wrong_secret_an_unknown_app_and_an_unknown_tenant(stage: Stage, student: Student) -> None:
    nobody = "00000000-0000-4000-8000-00000000dead"
    for changed, code in (
        ({"client_secret": "wrong-secret"}, "AADSTS7000215"),
        ({"client_id": nobody}, "AADSTS700016"),
        ({"tenant_id": nobody}, "AADSTS90002"),
    ):
        problem = rejected(stage, student, **changed)
        assert (problem.kind, problem.code) == (K.CREDENTIAL_REJECTED, code)
        assert not problem.transient
        assert "wrong-secret" not in f"{problem} {problem.__cause__!r} {problem.__cause__}"


def test_of_a_refused_token_it_is_told_whether_it_was_kept(stage: Stage, student: Student) -> None:
    """As after a sleep of the portal's machine: the token looks good here, and is over there."""
    azure = open_azure(stage.cloud, student.who, may_write=False)
    azure.subscription()
    stage.put("clock", offset_seconds=7200)
    with pytest.raises(AzureProblem) as caught:
        azure.subscription()
    assert (caught.value.kind, caught.value.token_was_kept) == (K.CREDENTIAL_REJECTED, True)
    assert azure.subscription().value is not None
    assert not rejected(stage, student, client_secret="wrong-secret").token_was_kept
    stage.fault(host="management", status=401)
    azure = open_azure(stage.cloud, stage.new_student().who, may_write=False)
    with pytest.raises(AzureProblem) as caught:
        azure.subscription()
    assert not caught.value.token_was_kept


def test_an_expired_secret(stage: Stage, student: Student) -> None:
    stage.put("clock", offset_seconds=200 * 24 * 3600)
    problem = rejected(stage, student)
    assert (problem.kind, problem.code) == (K.CREDENTIAL_EXPIRED, "AADSTS7000222")


ENTRA = [
    ({"status": 503}, K.AZURE_UNAVAILABLE, None),
    ({"status": 429, "headers": {"Retry-After": "9"}, "body": {"error": "throttled"}}, K.THROTTLED, 9.0),
    ({"reset": "before"}, K.UNREACHABLE, None),
]


@pytest.mark.parametrize("trouble", ENTRA)
@pytest.mark.parametrize("path", ["openid-configuration", "/token"])
def test_entra_in_trouble_is_no_fault_of_the_credential_and_is_not_remembered(
    stage: Stage, student: Student, path: str, trouble: tuple[dict[str, Any], ProblemKind, float | None]
) -> None:
    fault, kind, retry_after = trouble
    stage.fault(host="login", path=f"{student.told.tenant_id}.*{path}", times=1, **fault)
    problem = rejected(stage, student)
    assert (problem.kind, problem.retry_after) == (kind, retry_after)
    assert problem.source.path.endswith(path)
    assert student.azure(may_write=False).subscription().value is not None


def test_a_refused_token_is_replaced_by_a_fresh_one_for_every_service(student: Student) -> None:
    azure = student.azure(may_write=False)
    azure.subscription()
    azure.virtual_machine(student.group, student.told.vm)
    student.fault(times=1, status=401, body=body("InvalidAuthenticationToken"))
    with pytest.raises(AzureProblem):
        azure.subscription()
    before = len(student.requests())
    assert azure.virtual_machine(student.group, student.told.vm).value is not None
    assert azure.subscription().value is not None
    since = [one.rpartition("/")[2] for one in student.requests()[before:]]
    assert since == ["openid-configuration", "token", student.told.vm, student.told.subscription_id]


def test_a_claims_challenge_is_answered_with_a_new_token_at_once(student: Student) -> None:
    """How Azure revokes a token early: the one refused answer is no problem to anybody."""
    azure = student.azure(may_write=False)
    azure.subscription()
    claims = base64.urlsafe_b64encode(b'{"access_token":{"nbf":{"essential":true,"value":"1"}}}').decode()
    challenge = f'Bearer error="insufficient_claims", claims="{claims}"'
    student.fault(times=1, status=401, headers={"WWW-Authenticate": challenge}, body=body("Revoked"))
    before = len(student.requests())
    assert azure.subscription().value is not None
    since = [one.rpartition("/")[2] for one in student.requests()[before:]]
    assert since == [student.told.subscription_id, "token", student.told.subscription_id]


def test_a_claims_challenge_while_entra_is_away_is_no_rejection(student: Student) -> None:
    azure = student.azure(may_write=False)
    azure.subscription()
    challenge = 'Bearer error="insufficient_claims", claims="e30="'
    student.fault(times=1, status=401, headers={"WWW-Authenticate": challenge}, body=body("Revoked"))
    student.stage.fault(host="login", path=student.told.tenant_id, reset="before")
    with pytest.raises(AzureProblem) as caught:
        azure.subscription()
    assert caught.value.kind is K.UNREACHABLE
    assert caught.value.source.path.endswith("/token")


def test_a_credential_goes_to_entra_only_whatever_discovery_says(stage: Stage, student: Student) -> None:
    elsewhere = "https://login.example.org/token"
    discovered = {"issuer": elsewhere, "authorization_endpoint": elsewhere, "token_endpoint": elsewhere}
    stage.fault(host="login", path="openid-configuration", status=200, body=discovered)
    with pytest.raises(RuntimeError, match=r"login\.example\.org: not a host"):
        student.azure(may_write=False).subscription()


def test_a_principal_without_a_secret_or_with_no_real_tenant_is_refused_at_once(student: Student) -> None:
    for changed in ({"client_secret": ""}, {"tenant_id": "no tenant"}):
        with pytest.raises(ValueError, match=r"secret|tenant"):
            open_azure(student.stage.cloud, dataclasses.replace(student.who, **changed), may_write=False)
