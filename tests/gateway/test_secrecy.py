"""A secret's value, a credential and a token stand nowhere but on the wire."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from labportal.gateway import ServicePrincipal
from labportal.gateway.calls import Call
from labportal.gateway.practice import PracticeControl
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import AccessPolicy
from tests.gateway.stage import Student

CANARY = "canary-7f3a91d2-value"

TROUBLE: list[dict[str, Any]] = [
    {},
    {"status": 403, "body": {"error": {"code": "Forbidden", "message": f"No place for {CANARY}."}}},
    {"status": 400, "body": {"error": {"code": "BadParameter", "message": f"The value {CANARY} is too long."}}},
    {"status": 500, "body": f"<html>{CANARY}</html>"},
    {"status": 200, "body": f'{{"value": "{CANARY}"'},
    {"reset": "before"},
    {"reset": "after"},
]


def told_by(problem: AzureProblem) -> str:
    return f"{problem!r} {problem} {problem.message} {problem.code} {problem.source}"


@pytest.mark.parametrize("fault", TROUBLE)
def test_the_value_of_a_secret_is_in_no_answer_problem_or_log(
    student: Student, vault_ready: str, fault: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    azure = student.azure()
    told = repr(azure)
    if fault:
        student.stage.fault(host=vault_ready, method="PUT", **fault)
    with caplog.at_level(logging.DEBUG):
        try:
            told += repr(azure.set_secret(f"https://{vault_ready}.vault.azure.net/", "name", CANARY))
        except AzureProblem as problem:
            told += told_by(problem)
    assert CANARY not in told
    assert CANARY not in caplog.text


@pytest.mark.parametrize("fault", [one for one in TROUBLE if CANARY not in str(one)])
def test_a_traceback_with_all_its_causes_holds_no_value(
    student: Student, vault_ready: str, fault: dict[str, Any]
) -> None:
    student.stage.fault(host=vault_ready, method="PUT", **(fault or {"status": 403}))
    with pytest.raises(AzureProblem) as caught:
        student.azure().set_secret(f"https://{vault_ready}.vault.azure.net/", "name", CANARY)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_credentials_have_no_place_in_what_is_printed(student: Student) -> None:
    secret = student.told.client_secret
    who = ServicePrincipal("t", "s", "c", secret)
    for one in (who, student.told, student.who, student.azure(), Call(may_write=False, secrets=(secret,))):
        assert secret not in f"{one!r} {one}"


def test_no_request_and_no_token_is_logged_at_any_level(student: Student, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        student.azure(may_write=False).subscription()
    assert [record.name for record in caplog.records if record.name.startswith(("azure", "msal", "urllib3"))] == []
    assert student.told.client_secret not in caplog.text


def test_a_reader_sends_no_write_and_fetches_no_token_for_one(student: Student) -> None:
    reader, told = student.azure(may_write=False), student.told
    mine = AccessPolicy("oid", told.tenant_id, ("get",))
    vault = (student.group, student.vault_name)
    identity = f"/subscriptions/{told.subscription_id}/resourceGroups/{student.group}/providers/Microsoft.KeyVault"
    scope, address = f"{identity}/vaults/{student.vault_name}", f"https://{student.vault_name}.vault.azure.net/"
    writes: list[Callable[[], object]] = [
        lambda: reader.create_vault(*vault, location="eastus", tenant_id=told.tenant_id, policies=(mine,)),
        lambda: reader.recover_vault(scope, "eastus"),
        lambda: reader.delete_vault(*vault),
        lambda: reader.purge_vault(student.vault_name, "eastus"),
        lambda: reader.add_access_policy(*vault, mine),
        lambda: reader.set_permission_model(*vault, rbac=True),
        lambda: reader.set_secret(address, "name", CANARY),
        lambda: reader.enable_secret(address, "name"),
        lambda: reader.delete_secret(address, "name"),
        lambda: reader.recover_secret(address, "name"),
        lambda: reader.purge_secret(address, "name"),
        lambda: reader.start_vm(student.group, told.vm),
        lambda: reader.deallocate_vm(student.group, told.vm),
        lambda: reader.register_provider("Microsoft.KeyVault"),
        lambda: reader.assign_role(scope, "role", "principal"),
        lambda: reader.remove_role(f"{scope}/providers/Microsoft.Authorization/roleAssignments/one"),
    ]
    for write in writes:
        with pytest.raises(RuntimeError, match="may only read"):
            write()
    assert student.requests() == []


def test_a_reader_that_has_looked_first_still_writes_nothing(student: Student, vault_ready: str) -> None:
    reader = student.azure(may_write=False)
    mine = AccessPolicy(reader.caller_object_id(), student.told.tenant_id, ("get",))
    student.azure().add_access_policy(student.group, vault_ready, mine)
    before = len(student.requests())
    for write in (
        lambda: reader.open_network(student.group, vault_ready),
        lambda: reader.restrict_network(student.group, vault_ready, public_access=False, default_action="Deny"),
        lambda: reader.remove_access_policy(student.group, vault_ready, mine),
        lambda: reader.set_system_identity(student.group, student.told.vm, on=False),
    ):
        with pytest.raises(RuntimeError, match="may only read"):
            write()
    assert all(one.startswith("GET") for one in student.requests()[before:])


def test_a_reader_fetches_no_token_for_a_vault_whose_challenge_is_known(student: Student, vault_ready: str) -> None:
    address = f"https://{vault_ready}.vault.azure.net/"
    student.azure().set_secret(address, "name", "value")
    other = student.stage.new_student()
    with pytest.raises(RuntimeError, match="may only read"):
        other.azure(may_write=False).set_secret(address, "name", CANARY)
    assert other.requests() == []


def test_a_practice_cloud_that_is_down_says_so() -> None:
    with pytest.raises(AzureProblem) as caught:
        PracticeControl("http://127.0.0.1:9").student("key")
    assert caught.value.kind is ProblemKind.UNREACHABLE
    assert "practice cloud is not running" in caught.value.message


def test_a_practice_student_is_the_same_one_for_the_same_key(student: Student) -> None:
    control = PracticeControl(student.stage.control + "/")
    assert control.student("one") == control.student("one")
    assert control.student("one") != control.student("two")
