"""A deleted vault of somebody else's group is not brought back there, whatever was found under another name before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from steps.kit.course import Mode
from steps.registry import LABS
from tests.steps.fake_azure import NAMES, FakeAzure, a_vault_named
from tests.steps.walking import context, walk

LAB = LABS["key-vault-managed-identity"]


def test_a_vault_that_was_in_another_group_is_left_alone(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(kept_vaults=[a_vault_named(NAMES.vault, resource_group="rg-ben")])
    azure.delete_vault("rg-ben", NAMES.vault)
    remedy = LAB.remedies["recover-vault"].action
    walked = walk(LAB.task("create-vault"), Mode.REPAIR, context(azure), pool, remedy=remedy)
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.finding("vault-exists").reason == "vault_deleted_elsewhere"
    assert azure.calls["recover_vault"] == 0
    assert NAMES.vault in azure.gone_vaults
