"""Trouble that several checks of a task run into is told by one of them; the others wait for that."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.registry import LABS
from tests.steps.fake_azure import NAMES, FakeAzure, after_task, problem, set_vault
from tests.steps.walking import Walk, context, walk

LAB = LABS["key-vault-managed-identity"]
CALLS = ("vault", "secret", "virtual_machine", "role_assignments")


def complaints(azure: FakeAzure, task: str, pool: ThreadPoolExecutor, *, by_roles: bool = False) -> list[str]:
    ctx = replace(context(azure), names=replace(NAMES, permission_model="roles" if by_roles else "policies"))
    walked: Walk = walk(LAB.task(task), Mode.VALIDATE, ctx, pool)
    told = [evidence.finding for evidence in walked.tape.evidence.values()]
    return [one.reason for one in told if one.verdict.value != "passed" and not one.waits_for]


@pytest.mark.parametrize("call", CALLS[:3])
@pytest.mark.parametrize("task", ["create-vault", "create-secret", "grant-access", "read-secret"])
def test_azure_in_trouble_is_told_once(pool: ThreadPoolExecutor, task: str, call: str) -> None:
    azure = after_task(3)
    azure.before[call] = [problem(ProblemKind.AZURE_UNAVAILABLE) for _ in range(200)]
    told = complaints(azure, task, pool)
    assert told.count("azure_unavailable") <= 1
    assert set(told) <= {"azure_unavailable", "answer_missing"}


@pytest.mark.parametrize("task", ["create-vault", "create-secret", "grant-access", "read-secret"])
def test_a_connection_that_does_not_work_is_told_once(pool: ThreadPoolExecutor, task: str) -> None:
    azure = after_task(3)
    for call in CALLS:
        azure.before[call] = [problem(ProblemKind.CREDENTIAL_REJECTED) for _ in range(200)]
    assert complaints(azure, task, pool) == ["credential_rejected"]


def test_roles_that_cannot_be_looked_at_are_told_once(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    set_vault(azure, rbac=True)
    azure.before["role_assignments"] = [problem(ProblemKind.AZURE_UNAVAILABLE) for _ in range(200)]
    assert complaints(azure, "grant-access", pool, by_roles=True) == ["azure_unavailable"]


def test_what_the_connection_may_not_do_is_told_action_by_action(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    for call in ("vault", "virtual_machine"):
        azure.before[call] = [problem(ProblemKind.NOT_AUTHORIZED, message=f"may not {call}") for _ in range(200)]
    assert complaints(azure, "grant-access", pool) == ["not_authorized", "not_authorized"]
