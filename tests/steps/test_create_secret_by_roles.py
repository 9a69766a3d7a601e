"""Task 2 in a vault that goes by Azure roles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.key_vault_managed_identity.create_secret.task import TASK
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CALLER,
    OWNER,
    SECRETS_OFFICER,
    SUBSCRIPTION_PATH,
    after_task,
    assignment,
    problem,
    set_vault,
)
from tests.steps.test_create_secret import by_roles
from tests.steps.walking import Killed, Tape, walk


def test_by_roles_who_has_none_to_set_secrets_is_told_that_owning_is_not_it(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, rbac=True)
    azure.assignments = [assignment(OWNER, CALLER, SUBSCRIPTION_PATH)]
    finding = walk(TASK, Mode.VALIDATE, by_roles(azure), pool).finding("secret-exists")
    assert finding.reason == "secret_missing_no_role_to_set"
    assert CALLER in finding.found
    assert 'az role assignment create --role "Key Vault Secrets Officer"' in finding.next_step
    azure.assignments.append(assignment(SECRETS_OFFICER, CALLER, azure.kept_vaults[0].id))
    assert walk(TASK, Mode.VALIDATE, by_roles(azure), pool).finding("secret-exists").reason == "secret_missing"


def test_by_roles_a_look_at_roles_that_fails_hides_nothing(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, rbac=True)
    azure.before["role_assignments"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    assert walk(TASK, Mode.VALIDATE, by_roles(azure), pool).finding("secret-exists").reason == "secret_missing"


def test_by_roles_the_portal_gives_itself_one_and_waits_until_it_counts(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, rbac=True)
    azure.before["set_secret"] = [problem(ProblemKind.NOT_AUTHORIZED, code="ForbiddenByRbac") for _ in range(3)]
    walked = walk(TASK, Mode.CARRY_OUT, by_roles(azure), pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits == [0.0, 10.0, 20.0, 30.0]
    assert [(one.role_id, one.principal_id) for one in azure.assignments] == [(SECRETS_OFFICER, CALLER)]


@pytest.mark.parametrize("effect", ["assign_role", "set_secret"])
def test_by_roles_a_worker_killed_after_an_effect_costs_nothing(pool: ThreadPoolExecutor, effect: str) -> None:
    azure, tape = after_task(1), Tape()
    set_vault(azure, rbac=True)
    azure.after[effect] = [Killed()]
    with pytest.raises(Killed):
        walk(TASK, Mode.CARRY_OUT, by_roles(azure), pool, tape=tape)
    walked = walk(TASK, Mode.CARRY_OUT, by_roles(azure), pool, progress=tape.stored)
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did
    assert azure.calls["set_secret"] == len(azure.assignments) == 1


@pytest.mark.parametrize("kind", [ProblemKind.NOT_AUTHORIZED, ProblemKind.INVALID_REQUEST])
def test_by_roles_a_portal_that_may_not_give_itself_one_says_which_it_needs(
    pool: ThreadPoolExecutor, kind: ProblemKind
) -> None:
    azure = after_task(1)
    set_vault(azure, rbac=True)
    azure.before["assign_role"] = [problem(kind)]
    walked = walk(TASK, Mode.CARRY_OUT, by_roles(azure), pool)
    assert walked.finished.progress.gave_up == "blocked"
    assert "Key Vault Secrets Officer" in walked.finished.progress.facts["create-secret"]["message"]
