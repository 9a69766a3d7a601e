"""What stands behind the verdicts of the preflight and Task 1: why, hints, ideas, remedies, and guides by roles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.reasons import create_vault, preflight, shared
from steps.kit.reasons import Reason
from steps.registry import LABS
from tests.steps.fake_azure import NAMES

LAB = LABS["key-vault-managed-identity"]
REASONS = {**preflight.REASONS, **create_vault.REASONS, **shared.REASONS}
EXPLAINED = {id_: reason for id_, reason in REASONS.items() if reason.why}
PASSES = {
    "credential_accepted", "subscription_enabled", "subscription_past_due", "rights_sufficient",
    "rights_sufficient_for_lab", "provider_registered", "provider_at_work", "group_there", "vm_up", "vm_identity_on",
    "vault_name_yours", "vault_name_free", "policy_allows_vault", "policy_not_looked_at", "policy_denies_no_matter",
    "vault_there", "vault_in_region", "vault_ready", "vault_uses_policies", "vault_uses_roles", "vault_network_open",
    "vault_there_protected",
    "vault_network_by_rules",
    "vault_network_lets_vm_in",
    "no_lock_in_the_way",
    "locks_not_looked_at",
}  # fmt: skip
explained = pytest.mark.parametrize("reason", EXPLAINED.values(), ids=EXPLAINED)


def test_whatever_is_no_pass_is_explained() -> None:
    assert set(REASONS) - set(EXPLAINED) == PASSES


@explained
def test_hints_go_from_a_nudge_on_and_end_in_whole_sentences(reason: Reason) -> None:
    said = [hint(NAMES) for hint in reason.hints]
    assert len(said) in ({2, 3} if reason.idea else {0, 2, 3})
    assert len(set(said)) == len(said)
    for text in (reason.why, *said):
        assert text.rstrip("`").endswith((".", "?")), text
        assert "{" not in text


@explained
def test_ideas_and_remedies_are_those_the_lab_has(reason: Reason) -> None:
    assert not reason.idea or reason.idea in LAB.ideas
    assert set(reason.remedies) <= set(LAB.remedies)


def test_most_explanations_name_something_of_the_students_own() -> None:
    named = [
        id_
        for id_, reason in EXPLAINED.items()
        if any(name in hint(NAMES) for hint in reason.hints for name in (NAMES.vault, NAMES.vm, NAMES.resource_group))
    ]
    assert len(named) > len(EXPLAINED) // 2


@pytest.mark.parametrize("task_id", ["preflight", "create-vault"])
def test_a_task_has_hints_of_its_own(task_id: str) -> None:
    said = [hint(NAMES) for hint in LAB.task(task_id).hints]
    assert len(set(said)) == 3
    assert any(NAMES.resource_group in text for text in said)


def test_by_roles_the_guide_asks_for_roles_in_every_way() -> None:
    guide = LAB.task("create-vault").guide(replace(NAMES, permission_model="roles"))
    for text in (guide.intro, *guide.ways.values()):
        assert "Vault access policy" not in text
        assert "Disable" not in text
    assert "Azure role-based access control" in guide.ways["portal"]
    assert "--enable-rbac-authorization true" in guide.ways["az"]
    assert "`EnableRbacAuthorization` should be `True`" in guide.ways["powershell"]


def test_words_say_what_comes_later_and_which_role_is_meant() -> None:
    by_roles = replace(NAMES, permission_model="roles")
    assert "an older one it leaves" in LAB.remedies["recover-vault"].action.plan(NAMES)
    assert "User Access Administrator" in LAB.reasons["rights_missing"].hints[-1](by_roles)
    assert "User Access Administrator" not in LAB.reasons["rights_missing"].hints[-1](NAMES)
    assert LAB.challenge is not None
    assert "-BypassObjectIdValidation" in LAB.challenge.guide(NAMES).ways["powershell"]


@pytest.mark.parametrize("reason", ["subscription_not_enabled", "policy_denies_vault", "vault_name_taken"])
def test_no_idea_is_given_where_none_fits(reason: str) -> None:
    assert not LAB.reasons[reason].idea
