"""The preflight, Task 1 and what mends them, through the real gateway against a practice cloud."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from labportal.gateway import Cloud, ServicePrincipal, open_azure
from steps.kit.azure import Azure
from steps.kit.course import Mode
from steps.kit.records import AccessPolicy, Done
from steps.kit.task import Context, Names
from steps.kit.verdict import Verdict
from steps.registry import LABS
from tests.steps.walking import Walk, walk

if TYPE_CHECKING:
    from tests.practice_process import Practice

LAB = LABS["key-vault-managed-identity"]
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
VAULT_CONTRIBUTOR = "f25e0fa2-a7c8-4377-a976-54943a77a395"
VM_CONTRIBUTOR = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c"
VAULT = "vault-exists"


@dataclass
class Ground:
    """A student's subscription, and by ``rest`` the hand of whoever changes it."""

    practice: Practice
    told: dict[str, Any]
    names: Names
    pool: ThreadPoolExecutor

    @property
    def azure(self) -> Azure:
        told = self.told
        who = ServicePrincipal(
            told["tenant_id"], told["subscription_id"], client_id=told["client_id"], client_secret=told["client_secret"]
        )
        return open_azure(Cloud(self.practice.proxy, self.practice.ca_bundle), who, may_write=True)

    def go(self, task_id: str, mode: Mode = Mode.VALIDATE, remedy: str = "") -> Walk:
        ctx = Context(self.names, self.azure, lambda text: "d" * 64)
        action = LAB.remedies[remedy].action if remedy else None
        return walk(LAB.task(task_id), mode, ctx, self.pool, remedy=action)

    def reason(self, task_id: str, check: str) -> str:
        return self.go(task_id).finding(check).reason

    def mend(self, task_id: str, remedy: str) -> Walk:
        walked = self.go(task_id, Mode.REPAIR, remedy)
        assert walked.tape.dones[0] == (remedy, True)
        return walked

    def rest(self, method: str, path: str, version: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """As the student's own account, which owns the subscription, would do it in the Azure portal."""
        told = self.told
        with self.practice.http() as http:
            form = {"grant_type": "client_credentials", "scope": "https://management.azure.com/.default"}
            form |= {"client_id": told["client_id"], "client_secret": told["client_secret"]}
            token = http.post(f"https://login.microsoftonline.com/{told['tenant_id']}/oauth2/v2.0/token", data=form)
            answer = http.request(
                method,
                f"https://management.azure.com/subscriptions/{self.names.subscription_id}{path}?api-version={version}",
                json=body,
                headers={"Authorization": f"Bearer {token.json()['access_token']}"},
            )
            answer.raise_for_status()
            return dict(answer.json()) if answer.content else {}

    def conditions(self, **changes: Any) -> None:
        self.practice.ask("PUT", f"/students/{self.names.subscription_id}/conditions", changes)

    def make_vault(self, **changes: Any) -> None:
        wanted = {"location": self.names.location} | changes
        policies = (AccessPolicy(self.azure.caller_object_id(), self.names.tenant_id, secrets=("get",)),)
        made = self.azure.create_vault(
            wanted.pop("resource_group", self.names.resource_group),
            self.names.vault,
            tenant_id=self.names.tenant_id,
            policies=policies,
            **wanted,
        )
        assert isinstance(made, Done)

    def patch_vault(self, **properties: Any) -> None:
        path = f"/resourceGroups/{self.names.resource_group}/providers/Microsoft.KeyVault/vaults/{self.names.vault}"
        self.rest("PATCH", path, "2026-02-01", {"properties": properties})


@pytest.fixture
def ground(practice: Practice, pool: ThreadPoolExecutor) -> Iterator[Ground]:
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
    with practice.conduct("timings", vault_create=0, vault_purge=0, vm_power=0, run_command=0, policy_propagation=0):
        yield Ground(practice, told, names, pool)


def test_a_preflight_looks_at_everything_once_and_finds_it_right(ground: Ground) -> None:
    since = ground.practice.seen()
    walked = ground.go("preflight")
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("rights").reason == "rights_sufficient"
    asked = ground.practice.requests(since=since, host="management", subscription_id=ground.names.subscription_id)
    assert len(asked) == 11, [one["path"] for one in asked]


@pytest.mark.parametrize(
    ("state", "reason"), [("Warned", "subscription_warned"), ("Disabled", "subscription_not_enabled")]
)
def test_the_state_of_the_subscription_is_told(ground: Ground, state: str, reason: str) -> None:
    ground.conditions(subscription_state=state)
    assert ground.reason("preflight", "subscription") == reason


def test_a_subscription_of_another_directory_is_told_by_one_check(ground: Ground, practice: Practice) -> None:
    stranger = practice.student()
    ground.names = replace(ground.names, subscription_id=stranger["subscription_id"])
    ground.told = ground.told | {"subscription_id": stranger["subscription_id"]}
    reasons = ground.go("preflight").reasons()
    assert reasons["connection"] == "credential_accepted"
    assert reasons["subscription"] == "subscription_in_other_directory"
    assert set(list(reasons.values())[2:]) == {"waits_for_another_check"}


def test_a_wrong_secret_is_told_by_the_connection_alone(ground: Ground) -> None:
    ground.told = ground.told | {"client_secret": "not-it"}
    reasons = ground.go("preflight").reasons()
    assert reasons.pop("connection") == "credential_rejected"
    assert set(reasons.values()) == {"waits_for_another_check"}


def roles(ground: Ground) -> list[dict[str, Any]]:
    listed = ground.rest("GET", "/providers/Microsoft.Authorization/roleAssignments", "2022-04-01")["value"]
    return [one for one in listed if one["properties"]["principalId"] == ground.azure.caller_object_id()]


def give_only(ground: Ground, role: str, scope: str, beside: str = "no other") -> None:
    """The connection's identity keeps this role alone, and what was given it ``beside``."""
    before = [one for one in roles(ground) if beside not in one["properties"]["roleDefinitionId"]]
    definition = (
        f"/subscriptions/{ground.names.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    )
    ground.rest(
        "PUT",
        f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}",
        "2022-04-01",
        {"properties": {"roleDefinitionId": definition, "principalId": ground.azure.caller_object_id()}},
    )
    own = sorted(
        before, key=lambda one: "18d7d88d" in one["properties"]["roleDefinitionId"]
    )  # the right to take goes last
    for one in own:
        ground.rest("DELETE", one["id"].partition(ground.names.subscription_id)[2], "2022-04-01")


def test_a_reader_hears_what_he_may_not_do_and_which_role_would_let_him(ground: Ground) -> None:
    give_only(ground, READER, "")
    finding = ground.go("preflight").finding("rights")
    assert finding.reason == "rights_missing"
    assert "Microsoft.KeyVault/vaults/write" in finding.found
    assert "Microsoft.Compute/virtualMachines/runCommand/action" in finding.found
    assert 'role "Contributor"' in finding.next_step


def test_a_contributor_of_the_group_alone_can_do_the_lab(ground: Ground) -> None:
    give_only(ground, CONTRIBUTOR, f"/resourceGroups/{ground.names.resource_group}")
    walked = ground.go("preflight")
    assert walked.verdict is not Verdict.NOT_YET
    assert walked.finding("rights").verdict is Verdict.PASSED
    assert ground.go("create-vault", Mode.CARRY_OUT).verdict is Verdict.PASSED
    assert ground.go("preflight").finding("vault-name").reason == "vault_name_yours"
    for task in ("create-secret", "grant-access", "read-secret"):
        assert ground.go(task, Mode.CARRY_OUT).verdict is Verdict.PASSED, task


def test_the_narrow_roles_that_the_portal_calls_enough_are_enough(ground: Ground) -> None:
    group = f"/resourceGroups/{ground.names.resource_group}"
    ground.rest(
        "PUT",
        f"{group}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}",
        "2022-04-01",
        {
            "properties": {
                "roleDefinitionId": f"/subscriptions/{ground.names.subscription_id}/providers/"
                f"Microsoft.Authorization/roleDefinitions/{VAULT_CONTRIBUTOR}",
                "principalId": ground.azure.caller_object_id(),
            }
        },
    )
    give_only(ground, VM_CONTRIBUTOR, group, beside=VAULT_CONTRIBUTOR)
    walked = ground.go("preflight")
    assert walked.finding("subscription").reason == "subscription_enabled"
    assert walked.finding("rights").verdict is Verdict.PASSED
    for task in ("create-vault", "create-secret", "grant-access", "read-secret"):
        assert ground.go(task, Mode.CARRY_OUT).verdict is Verdict.PASSED, task


def test_a_provider_that_is_not_registered_is_registered(ground: Ground) -> None:
    ground.rest("POST", "/providers/Microsoft.KeyVault/unregister", "2021-04-01")
    walked = ground.go("preflight")
    told = {check: one.finding for check, one in walked.tape.evidence.items()}
    assert told["provider-keyvault"].reason == "provider_not_registered"
    assert told["vault-name"].waits_for == "provider-keyvault"
    assert ground.reason("create-vault", VAULT) == "provider_not_registered"
    assert ground.mend("preflight", "register-providers").finding("provider-keyvault").verdict is not Verdict.NOT_YET


def test_a_vm_that_is_stopped_is_started(ground: Ground) -> None:
    path = (
        f"/resourceGroups/{ground.names.resource_group}/providers/Microsoft.Compute/virtualMachines/{ground.names.vm}"
    )
    ground.rest("POST", f"{path}/deallocate", "2024-11-01")
    assert ground.reason("preflight", "vm") == "vm_not_running"
    assert ground.mend("preflight", "start-vm").finding("vm").reason == "vm_up"


def test_an_identity_that_is_off_is_turned_on(ground: Ground) -> None:
    ground.azure.set_system_identity(ground.names.resource_group, ground.names.vm, on=False)
    assert ground.reason("preflight", "vm-identity") == "vm_identity_off"
    assert ground.mend("preflight", "turn-identity-on").finding("vm-identity").reason == "vm_identity_on"


def test_a_vm_of_another_name_is_offered(ground: Ground) -> None:
    right = ground.names.vm
    ground.names = replace(ground.names, vm="vm-mistyped")
    finding = ground.go("preflight").finding("vm")
    assert [(one.name, one.value) for one in finding.choices] == [("vm", right)]


def test_a_policy_that_would_refuse_the_vault_is_told_with_its_name(ground: Ground) -> None:
    ground.conditions(policy_denial="no-vaults-here")
    finding = ground.go("preflight").finding("policy")
    assert finding.reason == "policy_denies_vault"
    assert "no-vaults-here" in finding.found
    assert ground.reason("create-vault", VAULT) == "policy_denies_vault"


def test_a_deleted_vault_is_recovered_or_purged(ground: Ground) -> None:
    ground.make_vault()
    ground.azure.delete_vault(ground.names.resource_group, ground.names.vault)
    assert ground.reason("create-vault", VAULT) == "vault_name_deleted"
    assert ground.reason("preflight", "vault-name") == "vault_name_deleted"
    assert ground.mend("create-vault", "recover-vault").verdict is Verdict.PASSED
    ground.azure.delete_vault(ground.names.resource_group, ground.names.vault)
    assert ground.mend("create-vault", "purge-vault").finding(VAULT).reason == "vault_missing"
    assert ground.go("create-vault", Mode.CARRY_OUT).verdict is Verdict.PASSED


def test_a_vault_deleted_in_another_region_is_found_and_can_only_be_purged(ground: Ground) -> None:
    ground.make_vault(location="northeurope")
    ground.azure.delete_vault(ground.names.resource_group, ground.names.vault)
    finding = ground.go("create-vault").finding(VAULT)
    assert finding.reason == "vault_deleted_elsewhere"
    assert "northeurope" in finding.found
    assert ground.mend("create-vault", "purge-vault").finding(VAULT).reason == "vault_missing"


def test_a_protected_vault_that_was_deleted_can_only_be_recovered(ground: Ground) -> None:
    ground.make_vault()
    ground.patch_vault(enablePurgeProtection=True)
    assert "urge protection" in ground.go("create-vault").finding(VAULT).found
    ground.azure.delete_vault(ground.names.resource_group, ground.names.vault)
    assert ground.reason("create-vault", VAULT) == "vault_deleted_protected"
    assert ground.go("create-vault", Mode.REPAIR, "purge-vault").finished.progress.gave_up == "blocked"
    assert ground.mend("create-vault", "recover-vault").verdict is Verdict.PASSED


def test_a_vault_in_another_group_or_of_a_stranger_keeps_the_name(ground: Ground, practice: Practice) -> None:
    ground.rest("PUT", "/resourceGroups/rg-other", "2021-04-01", {"location": ground.names.location})
    ground.make_vault(resource_group="rg-other")
    assert ground.reason("create-vault", VAULT) == "vault_elsewhere"
    stranger = replace(ground, told=practice.student())
    stranger.names = replace(
        ground.names,
        tenant_id=stranger.told["tenant_id"],
        subscription_id=stranger.told["subscription_id"],
        resource_group=stranger.told["resource_group"],
        vm=stranger.told["vm"],
    )
    assert stranger.reason("create-vault", VAULT) == "vault_name_taken"
    assert stranger.reason("preflight", "vault-name") == "vault_name_taken"


def test_a_vault_by_roles_is_switched_and_a_closed_one_opened(ground: Ground) -> None:
    ground.make_vault()
    ground.patch_vault(enableRbacAuthorization=True, networkAcls={"defaultAction": "Deny"})
    walked = ground.go("create-vault")
    assert walked.finding("vault-permission-model").reason == "vault_in_rbac_mode"
    assert walked.finding("vault-network").reason == "vault_network_closed"
    ground.mend("create-vault", "use-access-policies")
    assert ground.mend("create-vault", "open-network").verdict is Verdict.PASSED
    ground.patch_vault(publicNetworkAccess="Disabled")
    assert ground.reason("create-vault", "vault-network") == "vault_network_private"
    assert ground.mend("create-vault", "open-network").verdict is Verdict.PASSED


def test_a_vault_in_another_region_is_made_anew_where_it_belongs(ground: Ground) -> None:
    ground.make_vault(location="westeurope")
    assert ground.reason("create-vault", "vault-region") == "vault_in_other_region"
    walked = ground.mend("create-vault", "remake-vault")
    assert walked.verdict is Verdict.PASSED
    assert ground.azure.deleted_vaults().value == ()


def test_without_the_right_to_purge_a_vault_in_another_region_is_left_as_it_is(ground: Ground) -> None:
    ground.make_vault(location="westeurope")
    give_only(ground, CONTRIBUTOR, f"/resourceGroups/{ground.names.resource_group}")
    seen = ground.practice.seen()
    walked = ground.go("create-vault", Mode.REPAIR, "remake-vault")
    assert walked.finished.progress.gave_up == "blocked"
    assert not ground.practice.requests(since=seen, method="DELETE")
    assert walked.finding("vault-region").reason == "vault_in_other_region"


def test_a_lock_is_seen_before_task_1_meets_it(ground: Ground) -> None:
    path = f"/resourceGroups/{ground.names.resource_group}/providers/Microsoft.Authorization/locks/keep"
    ground.rest("PUT", path, "2020-05-01", {"properties": {"level": "ReadOnly"}})
    assert ground.reason("preflight", "locks") == "lock_forbids_changes"
    walked = ground.go("create-vault", Mode.CARRY_OUT)
    assert walked.finished.progress.gave_up == "protected"
    assert walked.finding("vault-exists").reason == "lock_forbids_changes"
    ground.rest("DELETE", path, "2020-05-01")
    assert ground.reason("preflight", "locks") == "no_lock_in_the_way"


def test_a_firewall_rule_is_seen(ground: Ground) -> None:
    ground.make_vault()
    ground.patch_vault(networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.7"}]})
    assert "203.0.113.7" in ground.go("create-vault").finding("vault-network").found


def test_by_roles_the_portal_makes_a_vault_of_roles(ground: Ground) -> None:
    ground.names = replace(ground.names, permission_model="roles")
    walked = ground.go("create-vault", Mode.CARRY_OUT)
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("vault-permission-model").reason == "vault_uses_roles"
