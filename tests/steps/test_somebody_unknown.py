"""Task 3: what a role tells of somebody who was let in, and whom nobody can name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.key_vault_managed_identity.grant_access.task import TASK
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from tests.steps.fake_azure import (
    OWNER,
    SECRETS_USER,
    SUBSCRIPTION_PATH,
    FakeAzure,
    a_vault,
    after_task,
    assignment,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.walking import context, walk

SOMEBODY = "12345678-1234-4234-8234-123456789abc"


def found(azure: FakeAzure, pool: ThreadPoolExecutor) -> str:
    return walk(TASK, Mode.VALIDATE, context(azure), pool).finding("policy-exists").found


@pytest.fixture
def azure() -> FakeAzure:
    made = after_task(2)
    set_vault(made, access_policies=(policy_for(SOMEBODY),))
    return made


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("User", "a person with the role Owner on the whole subscription, you yourself perhaps"),
        ("Group", "a group with the role Owner on the whole subscription"),
        ("ServicePrincipal", "an app or a managed identity with the role Owner on the whole subscription"),
    ],
)
def test_a_role_tells_what_somebody_is(azure: FakeAzure, pool: ThreadPoolExecutor, kind: str, said: str) -> None:
    azure.assignments.append(assignment(SECRETS_USER, SOMEBODY, a_vault().id, principal_type=kind))
    azure.assignments.append(assignment(OWNER, SOMEBODY, SUBSCRIPTION_PATH, principal_type=kind))
    told = found(azure, pool)
    assert f"{SOMEBODY}: {said}" in told, "the role furthest up tells most"
    assert ("perhaps an identity that vm-anna had before" in told) is (kind == "ServicePrincipal")


def test_a_role_at_the_vault_tells_only_the_type_for_that_is_where_they_were_met(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    azure.assignments.append(assignment(SECRETS_USER, SOMEBODY, a_vault().id, principal_type="ServicePrincipal"))
    assert f"{SOMEBODY}: an app or a managed identity; perhaps" in found(azure, pool)


def test_without_a_role_it_may_be_anybody(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    assert f"{SOMEBODY}. Azure does not tell the portal who that is: you yourself, a group, an app" in found(
        azure, pool
    )


def test_who_may_not_see_roles_hears_the_rest(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.before["role_assignments"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
    assert f"{SOMEBODY}. Azure does not tell the portal who that is: you yourself, a group, an app" in found(
        azure, pool
    )


def test_a_role_of_a_group_says_nothing_of_its_members(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.groups[SOMEBODY] = ("a-group",)
    azure.assignments.append(assignment(OWNER, "a-group", SUBSCRIPTION_PATH, principal_type="Group"))
    assert "Azure does not tell the portal who that is" in found(azure, pool)
