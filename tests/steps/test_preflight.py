"""Before the first task."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.preflight import TASK
from steps.kit.azure import NameAvailability, Subscription
from steps.kit.runner import Mode
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import NAMES, FakeAzure, a_vault, a_vm, after_task
from tests.steps.walking import Walk, context, walk


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, context(azure), pool)


def test_it_cannot_be_carried_out() -> None:
    assert not TASK.can_carry_out


def test_a_fresh_student_passes_and_each_thing_is_asked_once(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure()
    assert validate(azure, pool).verdict is Verdict.PASSED
    assert dict(azure.calls) == {
        "subscription": 1, "provider": 2, "resource_group": 1, "virtual_machine": 1, "vault": 1,
        "vault_name_availability": 1,
    }  # fmt: skip


def test_a_vault_already_made_does_not_make_its_name_taken(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.availability = NameAvailability(False, "AlreadyExists", "")
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("vault-name").reason == "vault_name_yours"


Change = Callable[[FakeAzure], None]


def setting(**changes: object) -> Change:
    def change(azure: FakeAzure) -> None:
        for name, value in changes.items():
            setattr(azure, name, value)

    return change


DISABLED = Subscription(NAMES.subscription_id, "Anna's", "Disabled")
TAKEN, ODD = NameAvailability(False, "AlreadyExists", ""), NameAvailability(False, "AccountNameInvalid", "")


def providers(vault: str, compute: str = "Registered") -> Change:
    return setting(providers={"Microsoft.KeyVault": vault, "Microsoft.Compute": compute})


@pytest.mark.parametrize(
    ("change", "check", "reason"),
    [
        (setting(seen_subscription=None), "subscription", "subscription_not_visible"),
        (setting(seen_subscription=DISABLED), "subscription", "subscription_not_enabled"),
        (providers("NotRegistered"), "provider-keyvault", "provider_not_registered"),
        (providers("Registered", ""), "provider-compute", "provider_not_registered"),
        (setting(group=None), "resource-group", "group_missing"),
        (setting(vm=a_vm(power_state="deallocated")), "vm", "vm_not_running"),
        (setting(vm=a_vm(os_type="Linux")), "vm", "vm_not_windows"),
        (setting(vm=a_vm(principal_id="", identity_type="")), "vm-identity", "vm_identity_off"),
        (setting(availability=TAKEN), "vault-name", "vault_name_taken"),
        (setting(availability=ODD), "vault-name", "vault_name_not_allowed"),
        (
            setting(availability=TAKEN, kept_vaults=[replace(a_vault(), resource_group="rg-x")]),
            "vault-name",
            "vault_elsewhere",
        ),
    ],
)
def test_each_thing_missing_is_named_alone(pool: ThreadPoolExecutor, change: Change, check: str, reason: str) -> None:
    azure = FakeAzure()
    change(azure)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.NOT_YET
    wrong = {id_ for id_, one in walked.tape.evidence.items() if one.finding.verdict is not Verdict.PASSED}
    assert wrong == {check}
    assert walked.finding(check).reason == reason
    assert walked.finding(check).next_step


def test_a_practice_student_without_a_vm_is_told_the_way_out(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(vm=None)
    step = validate(azure, pool).finding("vm").next_step
    assert f"Create a Windows VM named {NAMES.vm}" in step
    assert "start over on the lab's page" in step


@pytest.mark.parametrize(
    ("change", "check", "reason"),
    [
        (providers("Registering"), "provider-keyvault", "provider_registering"),
        (setting(vm=a_vm(power_state="starting")), "vm", "vm_not_up_yet"),
        (setting(vm=a_vm(power_state="")), "vm", "vm_not_up_yet"),
        (setting(vm=a_vm(agent_status="Not Ready")), "vm", "vm_agent_not_ready"),
    ],
)
def test_what_is_on_its_way_is_looked_at_again(
    pool: ThreadPoolExecutor, change: Change, check: str, reason: str
) -> None:
    azure = FakeAzure()
    change(azure)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finding(check).reason == reason
    assert walked.waits


def test_a_vm_that_is_gone_is_told_in_both_checks_about_it(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(vm=None)
    reasons = validate(azure, pool).reasons()
    assert reasons["vm"] == "vm_missing"
    assert reasons["vm-identity"] == "vm_missing"
