"""Tasks 2 and 3 through the real gateway: what students get wrong in a practice cloud is told for what it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from labportal.gateway import Cloud, ServicePrincipal, open_azure
from steps.kit.course import Mode
from steps.kit.task import Action, Context, Names
from steps.kit.verdict import Finding, Verdict
from steps.registry import LABS
from tests.practice.services.clients import Azure
from tests.steps.walking import Walk, walk

if TYPE_CHECKING:
    from tests.practice_process import Json, Practice

LAB = LABS["key-vault-managed-identity"]


@dataclass
class Student:
    """``hand`` is what the student does by hand; ``names`` and ``noted`` are those of the walk."""

    hand: Azure
    names: Names
    pool: ThreadPoolExecutor
    noted: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def go(self, task_id: str, mode: Mode = Mode.VALIDATE, remedy: str = "") -> Walk:
        told, cloud = self.hand.student, self.hand.cloud
        who = ServicePrincipal(
            told["tenant_id"], told["subscription_id"], client_id=told["client_id"], client_secret=told["client_secret"]
        )
        azure = open_azure(Cloud(cloud.proxy, cloud.ca_bundle), who, may_write=mode is not Mode.VALIDATE)
        ctx = Context(self.names, azure, lambda text: "d" * 64, noted=self.noted)
        action: Action | None = LAB.remedies[remedy].action if remedy else None
        return walk(LAB.task(task_id), mode, ctx, self.pool, remedy=action)

    def carry_out(self, *task_ids: str) -> None:
        for task_id in task_ids:
            assert self.go(task_id, Mode.CARRY_OUT).verdict is Verdict.PASSED, task_id

    def finding(self, task_id: str, check_id: str) -> Finding:
        return self.go(task_id).finding(check_id)

    @property
    def vault(self) -> str:
        group = f"{self.hand.scope}/resourceGroups/{self.names.resource_group}"
        return f"{group}/providers/Microsoft.KeyVault/vaults/{self.names.vault}"

    def by_hand(self, method: str, path: str, body: Json | None = None, *, version: str = "2024-11-01") -> Json:
        answer = self.hand.arm(method, f"{path}?api-version={version}", body)
        answer.raise_for_status()
        return dict(answer.json())

    def let_in(self, object_id: str, *secrets: str, **more: object) -> None:
        permissions = {"secrets": list(secrets), "keys": [], "certificates": []}
        entry = {"tenantId": self.hand.tenant, "objectId": object_id, "permissions": permissions, **more}
        self.by_hand("PUT", f"{self.vault}/accessPolicies/add", {"properties": {"accessPolicies": [entry]}})

    def use_roles(self) -> None:
        self.by_hand("PATCH", self.vault, {"properties": {"enableRbacAuthorization": True}})
        self.names = replace(self.names, permission_model="roles")


@pytest.fixture
def student(practice: Practice, pool: ThreadPoolExecutor) -> Iterator[Student]:
    hand = Azure(practice, practice.student())
    names = Names(
        tenant_id=hand.tenant,
        subscription_id=hand.sid,
        resource_group=hand.group,
        location=hand.student["location"],
        vm=hand.vm,
        vault=f"kv-{uuid.uuid4().hex[:12]}",
        secret="mi-test",
    )
    at_once = dict.fromkeys(("vault_create", "run_command", "policy_propagation", "rbac_propagation", "vm_power"), 0)
    with practice.conduct("timings", **at_once):
        yield Student(hand, names, pool)


def test_a_deleted_secret_is_seen_and_brought_back(student: Student) -> None:
    student.carry_out("create-vault", "create-secret")
    student.hand.secrets(student.names.vault).begin_delete_secret("mi-test").wait()
    assert student.finding("create-secret", "secret-exists").reason == "secret_deleted"
    walked = student.go("create-secret", Mode.REPAIR, "recover-secret")
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did


def test_a_disabled_secret_is_enabled(student: Student) -> None:
    student.carry_out("create-vault", "create-secret")
    student.hand.secrets(student.names.vault).update_secret_properties("mi-test", enabled=False)
    assert student.finding("create-secret", "secret-usable").reason == "secret_disabled"
    assert student.go("create-secret", Mode.REPAIR, "enable-secret").verdict is Verdict.PASSED


def test_a_vault_that_lets_nobody_in_shows_its_secret_all_the_same(student: Student) -> None:
    student.carry_out("create-vault")
    student.by_hand("PATCH", student.vault, {"properties": {"accessPolicies": []}})
    assert student.finding("create-secret", "secret-exists").reason == "secret_missing_nobody_may_set"
    student.carry_out("create-secret")
    student.by_hand("PATCH", student.vault, {"properties": {"accessPolicies": []}})
    assert student.go("create-secret").verdict is Verdict.PASSED


def test_the_application_id_the_former_identity_and_a_compound_policy_are_told_apart(student: Student) -> None:
    student.carry_out("create-vault", "create-secret")
    look = student.finding("grant-access", "vm-identity")
    former = student.hand.student["vm_principal_id"]
    assert look.notes == {"vm_principal": f"{former} {student.names.vm}"}
    its_identity = f"{student.hand.vm_id}/providers/Microsoft.ManagedIdentity/identities/default"
    identity = student.by_hand("GET", its_identity, version="2024-11-30")
    student.let_in(identity["properties"]["clientId"], "get")
    assert student.finding("grant-access", "policy-exists").reason == "policy_for_application_id"
    student.let_in(former, "get", applicationId=str(uuid.uuid4()))
    assert student.finding("grant-access", "policy-exists").reason == "policy_with_application"


def test_access_of_the_identity_that_was_there_before_does_not_pass_on(student: Student) -> None:
    student.carry_out("create-vault", "create-secret", "grant-access")
    before = student.hand.student["vm_principal_id"]
    student.noted = {kind: (one,) for kind, one in student.finding("grant-access", "vm-identity").notes.items()}
    for kind in ("None", "SystemAssigned"):
        student.by_hand("PATCH", student.hand.vm_id, {"identity": {"type": kind}})
    finding = student.finding("grant-access", "policy-exists")
    assert finding.reason == "policy_for_former_identity"
    assert before in finding.found
    assert student.go("grant-access", Mode.REPAIR, "add-policy-for-vm").verdict is Verdict.PASSED


def test_by_roles_the_lab_is_carried_out_and_validated(student: Student) -> None:
    student.carry_out("create-vault")
    student.use_roles()
    assert student.finding("create-secret", "secret-exists").reason == "secret_missing_no_role_to_set"
    student.carry_out("create-secret")
    assert student.finding("grant-access", "policy-exists").reason == "role_only_for_caller"
    student.carry_out("grant-access")
    walked = student.go("grant-access")
    assert set(walked.reasons().values()) == {"vm_can_be_granted", "roles_count", "role_for_vm", "role_reads_secrets"}


@pytest.mark.parametrize(
    ("role", "where", "check", "reason"),
    [
        ("Secrets User", "/secrets/mi-test", "policy-exists", "role_on_the_secret"),
        ("Secrets User", "/secrets/other", "policy-exists", "role_on_other_scope"),
        ("Secrets User", "group", "policy-exists", "role_inherited"),
        ("Secrets Officer", "", "policy-rights", "role_wider_than_needed"),
        ("Owner", "group", "policy-rights", "role_of_control_plane"),
    ],
)
def test_by_roles_what_was_given_and_where_is_told_for_what_it_is(
    student: Student, role: str, where: str, check: str, reason: str
) -> None:
    student.carry_out("create-vault")
    student.use_roles()
    student.carry_out("create-secret")
    student.hand.secrets(student.names.vault).set_secret("other", "canary")
    scope = student.vault.partition("/providers/")[0] if where == "group" else student.vault + where
    student.hand.assign(role, student.hand.student["vm_principal_id"], scope, str(uuid.uuid4()))
    assert student.finding("grant-access", check).reason == reason
