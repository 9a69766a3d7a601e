"""Undoing and cleaning up through the real gateway, in a practice subscription that has other things in it too."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from labportal.gateway import Cloud, ServicePrincipal, open_azure
from steps.kit.azure import Azure as Portal
from steps.kit.records import AccessPolicy
from steps.kit.task import Context, Names
from steps.kit.verdict import Verdict
from tests.practice.services.clients import Azure
from tests.steps.portals_hand import GRANT, SECRET, TASKS, VAULT, Hand

if TYPE_CHECKING:
    from tests.practice_process import Practice

PREFLIGHT, CONTRIBUTOR = TASKS["preflight"], "b24988ac-6180-42a0-ab88-20f7382dd24c"


@dataclass
class WireHand(Hand):
    """The portal at work in a real practice cloud; ``own`` is the student's own hand there."""

    own: Azure = field(kw_only=True)

    def __post_init__(self) -> None:
        told, cloud = self.own.student, self.own.cloud
        who = ServicePrincipal(
            told["tenant_id"], told["subscription_id"], client_id=told["client_id"], client_secret=told["client_secret"]
        )
        self.portal: Portal = open_azure(Cloud(cloud.proxy, cloud.ca_bundle), who, may_write=True)

    def context(self) -> Context:
        return replace(super().context(), azure=self.portal)

    def meanwhile(self, sitting: int) -> None:
        """The practice cloud does what it does."""

    def by_hand(self, method: str, path: str, body: dict[str, Any] | None = None, version: str = "2024-11-01") -> Any:
        answer = self.own.arm(method, f"{path}?api-version={version}", body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    @property
    def group(self) -> str:
        return f"{self.own.scope}/resourceGroups/{self.names.resource_group}"

    def vault(self, name: str) -> str:
        return f"{self.group}/providers/Microsoft.KeyVault/vaults/{name}"

    def make_vault(self, name: str, **tags: str) -> None:
        entry = {"tenantId": self.own.tenant, "objectId": self.own.oid, "permissions": {"secrets": ["get", "set"]}}
        properties: dict[str, Any] = {"tenantId": self.own.tenant, "sku": {"family": "A", "name": "standard"}}
        properties |= {"accessPolicies": [entry], "enableRbacAuthorization": False}
        body = {"location": self.names.location, "tags": tags, "properties": properties}
        self.by_hand("PUT", self.vault(name), body)

    def vaults(self) -> set[str]:
        return {one.name for one in self.portal.vaults_in_subscription().value}

    def deleted(self) -> set[str]:
        return {one.name for one in self.portal.deleted_vaults().value}

    def roles(self) -> list[dict[str, Any]]:
        path = f"{self.own.scope}/providers/Microsoft.Authorization/roleAssignments"
        found: list[dict[str, Any]] = self.by_hand("GET", path, version="2022-04-01")["value"]
        return found


@pytest.fixture
def hand(practice: Practice, pool: ThreadPoolExecutor) -> Iterator[WireHand]:
    own = Azure(practice, practice.student())
    names = Names(
        tenant_id=own.tenant,
        subscription_id=own.sid,
        resource_group=own.group,
        location=own.student["location"],
        vm=own.vm,
        vault=f"kv-{uuid.uuid4().hex[:12]}",
        secret="mi-test",
    )
    at_once = ("vault_create", "vault_purge", "policy_propagation", "rbac_propagation", "vm_power")
    with practice.conduct("timings", **dict.fromkeys(at_once, 0)):
        yield WireHand(cast("Any", None), pool, names, own=own)


@pytest.fixture
def decoys(hand: WireHand) -> Iterator[tuple[set[str], set[str]]]:
    """Vaults that are none of the lab's: there, and deleted. Cleaning up must leave them so."""
    tag = uuid.uuid4().hex[:8]
    there, gone = {f"kv-strange-{tag}", f"kv-tagged-{tag}"}, {f"kv-gone-{tag}"}
    for name in (*there, *gone):
        hand.make_vault(name, **{"created-by": "lab-portal"} if "strange" not in name else {})
    for name in gone:
        hand.by_hand("DELETE", hand.vault(name))
    yield there, gone
    assert (hand.vaults() & there, hand.deleted() & gone) == (there, gone)


def test_three_tasks_are_undone_one_after_the_other(hand: WireHand, decoys: tuple[set[str], set[str]]) -> None:
    hand.carry_out(VAULT, SECRET, GRANT)
    rights = hand.portal.vault(hand.names.resource_group, hand.names.vault).value
    assert rights is not None
    before = {one.object_id: set(one.secrets) for one in rights.access_policies}
    vm = hand.own.student["vm_principal_id"]
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert hand.undo(SECRET).verdict is Verdict.PASSED
    left = hand.portal.vault(hand.names.resource_group, hand.names.vault).value
    assert left is not None
    assert {one.object_id: set(one.secrets) for one in left.access_policies} == {
        who: given for who, given in before.items() if who != vm
    }
    assert hand.portal.secrets(hand.names.resource_group, hand.names.vault).value == ()
    assert hand.portal.deleted_secret(left.uri, hand.names.secret).value is None
    assert hand.undo(VAULT).verdict is Verdict.PASSED
    assert hand.portal.vault_name_availability(hand.names.vault).value.available


def test_only_what_the_portal_added_is_taken_from_an_entry_that_was_there(hand: WireHand) -> None:
    hand.carry_out(VAULT)
    own = AccessPolicy(hand.own.student["vm_principal_id"], hand.own.tenant, secrets=("get", "purge"), keys=("sign",))
    hand.portal.add_access_policy(hand.names.resource_group, hand.names.vault, own)
    hand.carry_out(GRANT)
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    vault = hand.portal.vault(hand.names.resource_group, hand.names.vault).value
    assert vault is not None
    (left,) = (one for one in vault.access_policies if one.object_id == own.object_id)
    assert (set(left.secrets), left.keys) == ({"get", "purge"}, ("sign",))


def test_the_lab_is_cleaned_up_and_nothing_else_and_a_second_time_changes_nothing(
    hand: WireHand, decoys: tuple[set[str], set[str]]
) -> None:
    hand.carry_out(VAULT, SECRET, GRANT)
    assert hand.look().verdict is Verdict.NOT_YET
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("vaults").found == f"Nothing is left. Deleted just now: {hand.names.vault}."
    for name in decoys[0]:
        assert name in walked.finding("left-alone").found
    assert hand.names.vault not in {*hand.vaults(), *hand.deleted()}
    since = hand.own.cloud.seen()
    again = hand.clean_up()
    assert again.verdict is Verdict.PASSED
    assert not again.finished.progress.did
    asked = hand.own.cloud.requests(since=since, subscription_id=hand.names.subscription_id)
    changing = [one["path"] for one in asked if one["method"] != "GET"]
    assert all(path.endswith("/checkNameAvailability") for path in changing), "which only asks"


def test_a_vault_deleted_by_hand_in_another_region_is_purged(hand: WireHand) -> None:
    hand.names = replace(hand.names, location="northeurope")
    hand.make_vault(hand.names.vault)
    hand.check(VAULT)
    hand.by_hand("DELETE", hand.vault(hand.names.vault))
    hand.names = replace(hand.names, location="westeurope")
    assert hand.clean_up().verdict is Verdict.PASSED
    assert hand.names.vault not in hand.deleted()


def test_a_protected_vault_is_deleted_and_its_date_told(hand: WireHand) -> None:
    hand.carry_out(VAULT)
    hand.by_hand("PATCH", hand.vault(hand.names.vault), {"properties": {"enablePurgeProtection": True}})
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    finding = walked.finding("deleted-vaults")
    assert finding.reason == "lab_names_protected"
    (kept,) = (one for one in hand.portal.deleted_vaults().value if one.name == hand.names.vault)
    assert kept.scheduled_purge_date is not None
    assert f"{kept.scheduled_purge_date:%d %B %Y}" in finding.found


def test_a_vault_that_was_there_before_the_walk_stays_without_what_the_portal_added_to_it(hand: WireHand) -> None:
    hand.make_vault(hand.names.vault)
    hand.began = datetime.now(UTC) + timedelta(hours=1)
    before = hand.portal.vault(hand.names.resource_group, hand.names.vault).value
    hand.carry_out(SECRET, GRANT)
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED, walked.reasons()
    assert "was there before you began this lab" in walked.finding("left-alone").found
    after = hand.portal.vault(hand.names.resource_group, hand.names.vault).value
    assert after == before


@pytest.mark.parametrize("undo", [True, False])
def test_a_deleted_vault_that_is_listed_a_while_later_is_purged_all_the_same(
    hand: WireHand, practice: Practice, *, undo: bool
) -> None:
    def later(sitting: int) -> None:
        practice.ask("PUT", "/clock", {"offset_seconds": 20 * (sitting + 1)})

    hand.carry_out(VAULT)
    with practice.conduct("timings", vault_delete=60), practice.conduct("clock", offset_seconds=0):
        walked = hand.undo(VAULT, between=later) if undo else hand.clean_up(between=later)
    assert walked.verdict is Verdict.PASSED, walked.reasons()
    assert walked.waits
    assert hand.names.vault not in hand.vaults() | hand.deleted()


def test_done_by_roles_no_role_is_left_behind(hand: WireHand) -> None:
    before = hand.roles()
    hand.names = replace(hand.names, permission_model="roles")
    hand.carry_out(VAULT, SECRET, GRANT)
    assert len(hand.roles()) == len(before) + 2, "the VM's, and the portal's own"
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert len(hand.roles()) == len(before) + 1
    assert hand.undo(SECRET).verdict is Verdict.PASSED
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert hand.roles() == before


def test_what_the_portal_switched_on_is_off_again(hand: WireHand) -> None:
    group, vm = hand.names.resource_group, hand.names.vm
    hand.portal.set_system_identity(group, vm, on=False)
    hand.portal.deallocate_vm(group, vm)
    hand.mend(PREFLIGHT, "start-vm")
    hand.mend(PREFLIGHT, "turn-identity-on")
    hand.carry_out(VAULT, SECRET, GRANT)
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("settings").found.startswith("Taken back: ")
    found = hand.portal.virtual_machine(group, vm).value
    assert found is not None
    assert (found.principal_id, found.power_state) == ("", "deallocated")


def test_with_rights_on_the_group_alone_the_vault_goes_and_what_cannot_be_seen_is_told(hand: WireHand) -> None:
    hand.carry_out(VAULT, SECRET, GRANT)
    only_on_the_group(hand)
    walked = hand.clean_up()
    assert walked.verdict is Verdict.COULD_NOT_TELL
    reasons = walked.reasons()
    assert reasons.pop("deleted-vaults") == "deleted_vaults_hidden"
    assert set(reasons.values()) == {"lab_vaults_gone", "lab_roles_hidden", "lab_settings_back", "left_alone"}
    assert hand.portal.vault(hand.names.resource_group, hand.names.vault).value is None


def test_who_may_not_give_roles_may_not_switch_the_permission_model(hand: WireHand) -> None:
    hand.make_vault(hand.names.vault)
    hand.by_hand("PATCH", hand.vault(hand.names.vault), {"properties": {"enableRbacAuthorization": True}})
    only_on_the_group(hand)
    walked = hand.mend(VAULT, "use-access-policies")
    told = walked.finished.progress.facts["use-access-policies"]
    assert walked.finished.progress.gave_up == "blocked"
    assert "needs the role Owner or User Access Administrator" in str(told)
    kept = hand.portal.vault(hand.names.resource_group, hand.names.vault).value
    assert kept is not None
    assert kept.rbac


def only_on_the_group(hand: WireHand) -> None:
    """The portal's identity becomes a Contributor of the group, and has no other role."""
    version = "2022-04-01"
    own = [one for one in hand.roles() if one["properties"]["principalId"] == hand.own.oid]
    definition = f"{hand.own.scope}/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}"
    hand.by_hand(
        "PUT",
        f"{hand.group}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}",
        {"properties": {"roleDefinitionId": definition, "principalId": hand.own.oid}},
        version,
    )
    for one in sorted(own, key=lambda one: "18d7d88d" in one["properties"]["roleDefinitionId"]):  # that lets it take
        hand.by_hand("DELETE", one["id"], version=version)
