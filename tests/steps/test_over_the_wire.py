"""The whole lab through the real gateway, against a practice cloud in a process of its own."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from labportal.gateway import Cloud, ServicePrincipal, open_azure
from steps.key_vault_managed_identity.read_secret.own_response.recognise import keep
from steps.kit.course import Mode
from steps.kit.task import Context, Names
from steps.kit.verdict import Verdict
from steps.registry import LABS
from tests.steps.walking import Walk, walk

if TYPE_CHECKING:
    from tests.practice_process import Practice

LAB = LABS["key-vault-managed-identity"]


@dataclass
class Student:
    practice: Practice
    told: dict[str, Any]
    names: Names
    pool: ThreadPoolExecutor

    def go(self, task_id: str, mode: Mode, **answers: str) -> Walk:
        told = self.told
        who = ServicePrincipal(
            told["tenant_id"], told["subscription_id"], client_id=told["client_id"], client_secret=told["client_secret"]
        )
        cloud = Cloud(self.practice.proxy, self.practice.ca_bundle)
        azure = open_azure(cloud, who, may_write=mode is Mode.CARRY_OUT)
        ctx = Context(self.names, azure, lambda text: "d" * 64, answers=answers)
        return walk(LAB.task(task_id), mode, ctx, self.pool)

    def carry_out(self, *task_ids: str) -> None:
        for task_id in task_ids:
            assert self.go(task_id, Mode.CARRY_OUT).verdict is Verdict.PASSED, task_id

    def writes(self) -> list[str]:
        """The changes the cloud made for this student, oldest first: of a/b/c, "b" is told."""
        received = self.practice.requests(subscription_id=self.told["subscription_id"])
        changes = [one for one in received if one["method"] in {"PUT", "PATCH", "DELETE"} and one["status"] < 400]
        return [f"{one['method']} {one['path'].split('/')[-2]}" for one in changes]

    def patch_vault(self, properties: dict[str, Any]) -> None:
        """A change in the Azure portal, by the student's own hand."""
        told, names = self.told, self.names
        with self.practice.http() as http:
            form = {"grant_type": "client_credentials", "scope": "https://management.azure.com/.default"}
            form |= {"client_id": told["client_id"], "client_secret": told["client_secret"]}
            answer = http.post(f"https://login.microsoftonline.com/{told['tenant_id']}/oauth2/v2.0/token", data=form)
            http.patch(
                f"https://management.azure.com/subscriptions/{names.subscription_id}/resourceGroups/"
                f"{names.resource_group}/providers/Microsoft.KeyVault/vaults/{names.vault}?api-version=2026-02-01",
                json={"properties": properties},
                headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
            ).raise_for_status()


@pytest.fixture
def student(practice: Practice, pool: ThreadPoolExecutor) -> Iterator[Student]:
    told = practice.student()
    names = Names(
        tenant_id=told["tenant_id"],
        subscription_id=told["subscription_id"],
        resource_group=told["resource_group"],
        location=told["location"],
        vm=told["vm"],
        vault=f"kv-{uuid.uuid4().hex[:12]}",
        secret="mi-test",
    )
    with practice.conduct("timings", vault_create=0, run_command=0, policy_propagation=0):
        yield Student(practice, told, names, pool)


def test_the_dates_of_a_secret_are_judged_by_azures_clock(student: Student) -> None:
    names, practice = student.names, student.practice
    asked = {"name": "secret-not-active", "vault": names.vault, "secret": names.secret}
    practice.ask("POST", f"/students/{names.subscription_id}/scenarios", asked)
    check = ("create-secret", Mode.VALIDATE)
    assert student.go(*check).finding("secret-usable").reason == "secret_not_active_yet"
    with practice.conduct("clock", offset_seconds=2 * 24 * 3600):
        time.sleep(1.5)  # the cloud writes a new date once a second
        assert student.go(*check).finding("secret-usable").reason == "secret_usable"


def test_a_fresh_student_passes_the_preflight_and_none_of_the_tasks(student: Student) -> None:
    assert student.go("preflight", Mode.VALIDATE).verdict is Verdict.PASSED
    for task in LAB.tasks[1:]:
        assert student.go(task.id, Mode.VALIDATE).verdict is Verdict.NOT_YET
    assert student.writes() == []


def test_the_lab_carried_out_passes_when_validated_and_nothing_is_done_twice(student: Student) -> None:
    tasks = [task.id for task in LAB.tasks[1:]]
    student.carry_out(*tasks, *tasks)
    read = student.go("read-secret", Mode.CARRY_OUT).finished.progress.facts["ask-vm"]
    for task_id in ("preflight", *tasks):
        walked = student.go(task_id, Mode.VALIDATE, identifier=keep(f"value : x\nid : {read['secret_id']}\n"))
        assert walked.verdict is Verdict.PASSED, task_id
    assert read["oid"] == student.told["vm_principal_id"]
    assert read["mirid"].endswith(student.names.vm)
    assert student.writes() == ["PUT vaults", "PUT secrets", "PUT accessPolicies"]


def test_without_a_policy_the_vault_itself_turns_the_vm_away(student: Student) -> None:
    student.carry_out("create-vault", "create-secret")
    walked = student.go("read-secret", Mode.CARRY_OUT)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("token").reason == "token_is_the_vms"
    assert walked.finding("secret-read").reason == "vault_denies_vm"
    assert not walked.finished.progress.did


def test_a_vault_switched_to_roles_is_noticed_by_every_task_that_needs_policies(student: Student) -> None:
    student.carry_out("create-vault", "create-secret", "grant-access")
    student.patch_vault({"enableRbacAuthorization": True})
    assert student.go("create-vault", Mode.VALIDATE).finding("vault-permission-model").reason == "vault_in_rbac_mode"
    assert student.go("grant-access", Mode.VALIDATE).finding("permission-model").reason == "vault_in_rbac_mode"
    walked = student.go("read-secret", Mode.VALIDATE)
    assert walked.finding("secret-read").reason == "vault_in_rbac_mode"
    assert walked.finding("same-identity").waits_for == "secret-read"
