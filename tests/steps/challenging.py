"""The challenge, taken by a student of an Azure in memory, in either permission model."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import pytest

from steps.key_vault_managed_identity.challenge.prediction import RIGHT
from steps.kit.course import Mode
from steps.kit.task import Names
from tests.steps.fake_azure import (
    NAMES,
    PRINCIPAL,
    SECRETS_USER,
    FakeAzure,
    a_vault,
    after_task,
    assignment,
    set_vault,
)
from tests.steps.portals_hand import LAB
from tests.steps.walking import Tape, Walk, context, walk

assert LAB.challenge is not None


CHALLENGE = LAB.challenge


BY_ROLES = replace(NAMES, permission_model="roles")


BACK = {
    "what-happened": "challenge_refused",
    "prediction": "challenge_foreseen",
    "access-back": "challenge_access_back",
}


def by_roles(*more: Any) -> FakeAzure:
    azure = after_task(2)
    set_vault(azure, rbac=True, access_policies=())
    azure.assignments = [assignment(SECRETS_USER, PRINCIPAL, a_vault().id), *more]
    return azure


MODELS: dict[str, tuple[Callable[[], FakeAzure], Names]] = {
    "policies": (lambda: after_task(3), NAMES),
    "roles": (by_roles, BY_ROLES),
}


both = pytest.mark.parametrize("model", MODELS)


def begun(model: str) -> tuple[FakeAzure, Names]:
    make, names = MODELS[model]
    return make(), names


def take(
    azure: FakeAzure,
    pool: Executor,
    names: Names = NAMES,
    *,
    answer: str = RIGHT,
    tape: Tape | None = None,
    limit: int = 60,
    **more: Any,
) -> Walk:
    ctx = replace(context(azure, prediction=answer) if answer else context(azure), names=names)
    tape = tape or Tape()
    return walk(CHALLENGE, Mode.CARRY_OUT, replace(ctx, **more), pool, tape=tape, progress=tape.stored, limit=limit)


EFFECTS = {"policies": ("remove_access_policy", "add_access_policy"), "roles": ("remove_role", "assign_role")}
