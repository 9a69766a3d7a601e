"""What stands behind the verdicts of Tasks 2 and 3: why, hints, ideas, remedies, in both permission models."""

from __future__ import annotations

from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.reasons import create_secret, grant_access
from steps.kit.reasons import Reason
from steps.kit.task import Names
from steps.registry import LABS
from tests.steps.fake_azure import NAMES

LAB = LABS["key-vault-managed-identity"]
REASONS = {**create_secret.REASONS, **grant_access.REASONS}
PASSES = {
    "secret_there", "secret_usable", "secret_expires_soon", "vm_can_be_granted", "policies_count", "policy_for_vm",
    "policy_is_template", "policy_leaner_than_template", "policy_wider_than_template", "roles_count", "role_for_vm",
    "role_on_the_secret", "role_inherited", "role_reads_secrets", "role_wider_than_needed",
    "policy_for_group_of_vm", "policy_of_group_gets",
}  # fmt: skip
EXPLAINED = {one: reason for one, reason in REASONS.items() if one not in PASSES}
BOTH = pytest.mark.parametrize("names", [NAMES, replace(NAMES, permission_model="roles")], ids=["policies", "roles"])


@pytest.mark.parametrize("reason", EXPLAINED.values(), ids=EXPLAINED)
def test_whatever_is_no_pass_is_explained_in_layers(reason: Reason) -> None:
    said = [hint(NAMES) for hint in reason.hints]
    assert len(set(said)) == len(said) in {2, 3}
    assert any(name in text for text in said for name in (NAMES.vault, NAMES.vm, NAMES.secret))
    assert reason.idea in LAB.ideas
    assert set(reason.remedies) <= set(LAB.remedies)


def test_what_passes_needs_no_explanation() -> None:
    assert not any(REASONS[one].why or REASONS[one].hints or REASONS[one].remedies for one in PASSES)


@BOTH
@pytest.mark.parametrize("task_id", ["create-secret", "grant-access"])
def test_a_task_has_three_hints_that_speak_of_what_the_student_works_with(task_id: str, names: Names) -> None:
    said = [hint(names) for hint in LAB.task(task_id).hints]
    assert len(set(said)) == 3
    assert names.vault in "".join(said)
    assert ("role" in said[-1] or "Officer" in said[-1]) == names.by_roles
    assert ("ccess policies" in said[-1]) != names.by_roles


@BOTH
@pytest.mark.parametrize("remedy", ["enable-secret", "new-version", "recover-secret"])
def test_a_plan_says_what_the_portal_is_given_for_it(remedy: str, names: Names) -> None:
    plan = LAB.remedies[remedy].action.plan(names)
    assert ("Key Vault Secrets Officer" in plan) == names.by_roles
    assert ("access policy" in plan) != names.by_roles


@BOTH
def test_guides_of_the_secret_say_how_to_let_oneself_in(names: Names) -> None:
    for way, text in LAB.task("create-secret").guide(names).ways.items():
        assert ("Key Vault Secrets Officer" in text) == names.by_roles, way
