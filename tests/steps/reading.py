"""Task 4 against the Azure in memory: all done right, but for what a test changes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from steps.key_vault_managed_identity.read_secret.task import TASK
from steps.kit.course import Mode
from tests.steps.fake_azure import NAMES, PRINCIPAL, SECRETS_USER, VERSION, FakeAzure, a_vault, after_task, assignment
from tests.steps.walking import Walk, context, walk

RIGHT = f"https://{NAMES.vault}.vault.azure.net/secrets/{NAMES.secret}/{VERSION}"
ROLES = replace(NAMES, permission_model="roles")


def validate(azure: FakeAzure, pool: ThreadPoolExecutor, identifier: str = RIGHT, *, by_roles: bool = False) -> Walk:
    ctx = context(azure, identifier=identifier)
    return walk(TASK, Mode.VALIDATE, replace(ctx, names=ROLES) if by_roles else ctx, pool)


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, context(azure), pool)


def answering(change: dict[str, Any], *, times: int = 1000, azure: FakeAzure | None = None) -> FakeAzure:
    """What the script prints is changed, in its first ``times`` answers."""
    azure, left = azure or after_task(3), [times]

    def answer(said: dict[str, Any]) -> str:
        left[0] -= 1
        return json.dumps(said | change if left[0] >= 0 else said)

    azure.answer = answer
    return azure


def by_role(role: str = SECRETS_USER, scope: str = "") -> FakeAzure:
    """The lab done by roles: a vault that goes by them, and one for the VM."""
    azure = after_task(2)
    azure.kept_vaults = [replace(vault, rbac=True) for vault in azure.kept_vaults]
    azure.assignments.append(assignment(role, PRINCIPAL, scope or a_vault().id))
    return azure
