"""Every kind of problem, caused at the practice cloud and seen through the real SDKs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labportal.gateway import Cloud, open_azure
from labportal.gateway.clients import clients_of
from labportal.gateway.sdk import SdkAzure
from labportal.gateway.transport import Limits
from steps.kit.azure import Azure, AzureProblem, ProblemKind
from steps.kit.records import Running
from tests.gateway.stage import Stage, Student, body, ended

K = ProblemKind


READS = [
    ({"status": 429, "headers": {"Retry-After": "17"}, "body": body("TooManyRequests")}, K.THROTTLED, 17.0),
    ({"status": 429, "body": body("Throttled")}, K.THROTTLED, None),
    ({"status": 500, "body": body("InternalServerError")}, K.AZURE_UNAVAILABLE, None),
    ({"status": 502, "body": "<html>Bad gateway</html>"}, K.AZURE_UNAVAILABLE, None),
    ({"status": 503, "headers": {"Retry-After": "5"}, "body": body("ServerBusy")}, K.AZURE_UNAVAILABLE, 5.0),
    ({"status": 401, "body": body("InvalidAuthenticationTokenTenant")}, K.CREDENTIAL_REJECTED, None),
    ({"status": 403, "body": body("AuthorizationFailed")}, K.NOT_AUTHORIZED, None),
    ({"status": 403, "body": body("DenyAssignmentAuthorizationFailed")}, K.PROTECTED, None),
    ({"status": 403, "body": body("RequestDisallowedByPolicy")}, K.POLICY_DENIED, None),
    ({"status": 409, "body": body("MissingSubscriptionRegistration", "'Microsoft.KeyVault'")}, K.NOT_REGISTERED, None),
    ({"status": 409, "body": body("AnotherOperationInProgress")}, K.CONFLICT, None),
    ({"status": 409, "body": body("ScopeLocked")}, K.PROTECTED, None),
    ({"status": 409, "body": body("ReadOnlyDisabledSubscription")}, K.PROTECTED, None),
    ({"status": 405, "body": body("MethodNotAllowed")}, K.UNEXPECTED, None),
    ({"status": 400, "body": body("InvalidParameter")}, K.INVALID_REQUEST, None),
    ({"status": 408, "body": body("RequestTimeout")}, K.TIMED_OUT, None),
    ({"status": 418, "body": body("Teapot")}, K.UNEXPECTED, None),
]


@pytest.mark.parametrize(("fault", "kind", "retry_after"), READS)
def test_an_answer_of_azures_becomes_its_kind_of_problem(
    student: Student, fault: dict[str, Any], kind: ProblemKind, retry_after: float | None
) -> None:
    student.fault(**fault)
    with pytest.raises(AzureProblem) as caught:
        student.azure(may_write=False).vault(student.group, student.vault_name)
    problem = caught.value
    assert (problem.kind, problem.retry_after) == (kind, retry_after)
    told = fault["body"]["error"] if isinstance(fault["body"], dict) else None
    assert problem.code == (told["code"] if told else "")
    assert problem.message == told["message"] if told else problem.message
    assert problem.source.status == fault["status"]
    assert problem.source.path.endswith("?api-version=2026-05-15")
    assert problem.__cause__ is not None


def test_nothing_is_asked_twice_when_azure_is_in_trouble(student: Student) -> None:
    azure = student.azure(may_write=False)
    azure.subscription()
    before = len(student.requests())
    student.fault(status=503, headers={"Retry-After": "0"})
    with pytest.raises(AzureProblem):
        azure.subscription()
    assert len(student.requests()) == before + 1


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_provider_is_never_registered_behind_the_students_back(student: Student, method: str) -> None:
    student.fault(
        method=method, path="/vaults/", status=409, body=body("MissingSubscriptionRegistration", "'Microsoft.KeyVault'")
    )
    azure = student.azure()
    asks: dict[str, Callable[[], object]] = {
        "PUT": student.begin_vault,
        "GET": lambda: azure.vault(student.group, student.vault_name),
    }
    with pytest.raises(AzureProblem) as caught:
        asks[method]()
    assert caught.value.kind is K.NOT_REGISTERED
    assert not any("register" in one for one in student.requests())


def test_a_redirect_is_not_followed(student: Student) -> None:
    student.fault(times=1, status=307, headers={"Location": "https://management.azure.com/elsewhere"})
    azure = student.azure(may_write=False)
    with pytest.raises(AzureProblem) as caught:
        azure.subscription()
    assert (caught.value.kind, caught.value.source.status) == (K.UNEXPECTED, 307)
    assert not student.stage.practice.requests(path="elsewhere")


@pytest.mark.parametrize("text", ["", "<html>", '{"id": "half'])
def test_an_answer_that_is_no_json_is_unexpected(student: Student, text: str) -> None:
    student.fault(status=200, body=text, headers={"Content-Type": "application/json"})
    with pytest.raises(AzureProblem) as caught:
        student.azure(may_write=False).subscription()
    assert caught.value.kind is K.UNEXPECTED
    assert caught.value.source.status == 200


# No answer at all


def impatient(student: Student, *, may_write: bool = True) -> Azure:
    limits = Limits(connect=0.3, read=0.2)
    return SdkAzure(clients_of(student.stage.cloud, student.who, limits), may_write=may_write)


@pytest.mark.parametrize("host", ["management", "login"])
def test_an_answer_that_does_not_come_in_time(student: Student, host: str) -> None:
    student.stage.fault(host=host, path=student.told.tenant_id if host == "login" else "", delay_ms=600)
    with pytest.raises(AzureProblem) as caught:
        impatient(student, may_write=False).subscription()
    assert caught.value.kind is K.TIMED_OUT
    assert caught.value.transient
    assert caught.value.source.status is None
    assert caught.value.source.method == "GET"


def test_a_write_that_times_out_is_no_answer_either(student: Student, vault_ready: str) -> None:
    student.stage.fault(host=vault_ready, delay_ms=600)
    with pytest.raises(AzureProblem) as caught:
        impatient(student).set_secret(f"https://{vault_ready}.vault.azure.net/", "name", "value")
    assert caught.value.kind is K.TIMED_OUT


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_cut_before_the_answer(student: Student, when: str) -> None:
    azure = student.azure(may_write=False)
    azure.subscription()
    student.fault(reset=when)
    with pytest.raises(AzureProblem) as caught:
        azure.subscription()
    assert caught.value.kind is K.UNREACHABLE
    assert caught.value.source.status is None


def test_a_cloud_that_is_not_running_or_whose_ca_is_missing(student: Student) -> None:
    there = student.stage.cloud
    for cloud in (Cloud("http://127.0.0.1:9", there.ca_bundle), Cloud(there.proxy, "/nowhere/ca.pem")):
        with pytest.raises(AzureProblem) as caught:
            open_azure(cloud, student.who, may_write=False).subscription()
        assert caught.value.kind is K.UNREACHABLE


def test_a_cloud_signed_by_someone_else_is_not_believed(student: Student) -> None:
    """Trusting only the public authorities, which did not sign the practice cloud's certificate."""
    with pytest.raises(AzureProblem) as caught:
        open_azure(Cloud(student.stage.cloud.proxy), student.who, may_write=False).subscription()
    assert caught.value.kind is K.UNREACHABLE
    assert "CERTIFICATE_VERIFY_FAILED" in caught.value.message


# Writing


def test_a_vault_name_that_someone_else_has(stage: Stage, student: Student) -> None:
    ended(student.begin_vault(), student.azure().resume_create_vault)
    other = stage.new_student()
    with pytest.raises(AzureProblem) as caught:
        other.azure().create_vault(
            other.group, student.vault_name, location="eastus", tenant_id=other.told.tenant_id, policies=()
        )
    assert (caught.value.kind, caught.value.code) == (K.NAME_TAKEN, "VaultAlreadyExists")


def test_a_vault_name_in_deleted_state(student: Student) -> None:
    azure = student.azure()
    ended(student.begin_vault(), azure.resume_create_vault)
    student.delete(f"Microsoft.KeyVault/vaults/{student.vault_name}")
    with pytest.raises(AzureProblem) as caught:
        student.begin_vault()
    assert (caught.value.kind, caught.value.code) == (K.NAME_IN_DELETED_STATE, "ConflictError")


def test_a_subscription_that_is_disabled_is_nothing_to_wait_for(student: Student) -> None:
    conditions = f"/students/{student.told.subscription_id}/conditions"
    student.stage.practice.ask("PUT", conditions, {"subscription_state": "Disabled"})
    with pytest.raises(AzureProblem) as caught:
        student.begin_vault()
    assert (caught.value.kind, caught.value.code) == (K.PROTECTED, "ReadOnlyDisabledSubscription")
    assert not caught.value.transient


def test_a_policy_that_forbids_vaults(student: Student) -> None:
    conditions = f"/students/{student.told.subscription_id}/conditions"
    student.stage.practice.ask("PUT", conditions, {"policy_denial": "no-vaults"})
    with pytest.raises(AzureProblem) as caught:
        student.begin_vault()
    assert caught.value.kind is K.POLICY_DENIED
    told = f"Resource '{student.vault_name}' was disallowed by policy. The policy: \"no-vaults\"."
    assert caught.value.message == told


def test_a_secret_name_in_deleted_state(student: Student, vault_ready: str) -> None:
    student.stage.fault(
        host=vault_ready, method="PUT", status=409, body=body("Conflict", inner="ObjectIsDeletedButRecoverable")
    )
    with pytest.raises(AzureProblem) as caught:
        student.azure().set_secret(f"https://{vault_ready}.vault.azure.net/", "name", "value")
    assert caught.value.kind is K.NAME_IN_DELETED_STATE
    assert caught.value.code == "ObjectIsDeletedButRecoverable"


AT_THE_VAULT = [
    (409, body("Conflict", inner="ObjectIsBeingDeleted"), K.CONFLICT),
    (409, body("Conflict", inner="ObjectIsBeingRecovered"), K.CONFLICT),
    (403, body("Forbidden", inner="ForbiddenByFirewall"), K.NOT_AUTHORIZED),
    (403, body("Forbidden", inner="ForbiddenByConnection"), K.NOT_AUTHORIZED),
    (403, body("Forbidden", 'Operation "purge" is not allowed because purge protection is enabled.'), K.PROTECTED),
    (404, body("VaultNotFound"), K.NOT_FOUND),
    (404, body("SecretNotFound"), K.NOT_FOUND),
]


@pytest.mark.parametrize(("status", "answer", "kind"), AT_THE_VAULT)
def test_what_a_vault_refuses_is_told_by_its_innermost_code(
    student: Student, vault_ready: str, status: int, answer: dict[str, Any], kind: ProblemKind
) -> None:
    student.stage.fault(host=vault_ready, method="PUT", status=status, body=answer)
    with pytest.raises(AzureProblem) as caught:
        student.azure().set_secret(f"https://{vault_ready}.vault.azure.net/", "name", "value")
    assert caught.value.kind is kind
    error = answer["error"]
    assert caught.value.code == error.get("innererror", error)["code"]


def test_a_write_into_a_group_or_machine_that_is_gone(student: Student) -> None:
    azure, told = student.azure(), student.told
    with pytest.raises(AzureProblem) as caught:
        azure.create_vault("gone", student.vault_name, location="eastus", tenant_id=told.tenant_id, policies=())
    assert (caught.value.kind, caught.value.code) == (K.NOT_FOUND, "ResourceGroupNotFound")
    with pytest.raises(AzureProblem) as caught:
        azure.run_powershell(student.group, "gone", "Write-Output 1")
    assert caught.value.kind is K.NOT_FOUND


def test_a_vault_that_does_not_let_the_portal_in(student: Student) -> None:
    azure = student.azure()
    ended(student.begin_vault(), azure.resume_create_vault)
    with pytest.raises(AzureProblem) as caught:
        azure.set_secret(f"https://{student.vault_name}.vault.azure.net/", "name", "value")
    assert caught.value.kind is K.NOT_AUTHORIZED
    assert caught.value.code in ("AccessDenied", "ForbiddenByPolicy")
    assert caught.value.source.path.startswith("/secrets/name")


def test_a_vault_name_that_is_not_azures_is_refused(student: Student) -> None:
    with pytest.raises(RuntimeError, match="not a host"):
        student.azure().set_secret("https://kv-one.vault.azure.net.example.org/", "name", "value")


OPERATION = "https://management.azure.com/subscriptions/{}/providers/Microsoft.Compute/locations/eastus/operations/1"


def under_way(student: Student) -> str:
    operation = OPERATION.format(student.told.subscription_id)
    student.fault(method="POST", path="/runCommand$", status=202, headers={"Azure-AsyncOperation": operation})
    begun = student.azure().run_powershell(student.group, student.told.vm, "Write-Output 1")
    assert isinstance(begun, Running)
    return begun.token


def test_an_operation_that_failed_says_why(student: Student) -> None:
    token = under_way(student)
    failed = {"status": "Failed", "error": {"code": "VMAgentStatusCommunicationError", "message": "No agent."}}
    student.fault(path="/operations/1$", status=200, body=failed)
    with pytest.raises(AzureProblem) as caught:
        student.azure().resume_run_powershell(token)
    assert (caught.value.kind, caught.value.code) == (K.OPERATION_FAILED, "VMAgentStatusCommunicationError")
    assert caught.value.message == "No agent."


@pytest.mark.parametrize(("status", "kind"), [(429, K.THROTTLED), (503, K.AZURE_UNAVAILABLE), (404, K.NOT_FOUND)])
def test_trouble_while_looking_at_an_operation_is_not_its_failure(
    student: Student, status: int, kind: ProblemKind
) -> None:
    token = under_way(student)
    student.fault(path="/operations/1$", status=status, body=body("Trouble"))
    with pytest.raises(AzureProblem) as caught:
        student.azure().resume_run_powershell(token)
    assert (caught.value.kind, caught.value.code) == (kind, "Trouble")


def test_a_token_of_an_operation_that_makes_no_sense(student: Student) -> None:
    with pytest.raises(AzureProblem) as caught:
        student.azure().resume_create_vault("bm90IGEgdG9rZW4=")
    assert caught.value.kind is K.UNEXPECTED
