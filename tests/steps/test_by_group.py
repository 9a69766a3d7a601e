"""A policy for a group that the VM is in: as good as the VM's own where a role shows the membership, and perhaps so
where nothing does. With roles, Azure itself tells it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.kit.azure import ProblemKind
from steps.kit.verdict import Finding, Verdict
from tests.steps import by_policy, reading
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    OWNER,
    PRINCIPAL,
    SUBSCRIPTION_PATH,
    FakeAzure,
    after_task,
    assignment,
    policy_for,
    problem,
    refused,
    set_vault,
)

GROUP = "99999999-0000-4000-8000-00000000000a"
ROLE = f"the group's role Owner on the resource group {NAMES.resource_group} is its role, too"


def by_group(*rights: str) -> FakeAzure:
    """A policy is for the group, and a role that it has somewhere shows that the VM is in it."""
    azure = after_task(3)
    set_vault(azure, access_policies=(policy_for(CALLER), policy_for(GROUP, *rights)))
    azure.groups[PRINCIPAL] = (GROUP,)
    azure.assignments.append(assignment(OWNER, GROUP, GROUP_PATH, principal_type="Group"))
    return azure


def test_a_policy_for_a_group_that_the_vm_is_in_passes_with_a_remark(pool: ThreadPoolExecutor) -> None:
    walked = by_policy.validate(by_group(), pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["policy-exists"] == "policy_for_group_of_vm"
    assert walked.reasons()["policy-rights"] == "policy_of_group_gets"
    found = walked.finding("policy-exists").found
    assert f"for the group {GROUP}, and none for {NAMES.vm} itself" in found
    assert ROLE in found
    assert "A remark: whoever else is in the group" in found


def test_beside_a_policy_of_its_own_without_get_the_groups_counts(pool: ThreadPoolExecutor) -> None:
    azure = by_group()
    set_vault(azure, access_policies=(policy_for(PRINCIPAL, "list"), policy_for(GROUP)))
    walked = by_policy.validate(azure, pool)
    assert walked.reasons()["policy-exists"] == "policy_for_vm"
    assert walked.reasons()["policy-rights"] == "policy_of_group_gets"


def test_a_group_that_may_not_get_lets_nobody_in(pool: ThreadPoolExecutor) -> None:
    assert by_policy.validate(by_group("list"), pool).verdict is Verdict.NOT_YET


def told(azure: FakeAzure, pool: ThreadPoolExecutor) -> Finding:
    return by_policy.validate(azure, pool).finding("policy-exists")


def test_what_nothing_shows_is_told_as_what_may_be(pool: ThreadPoolExecutor) -> None:
    azure = by_group()
    azure.assignments.clear()
    finding = told(azure, pool)
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "policy_for_other_identity")
    assert f"If that is a group which {NAMES.vm} is in, the machine reads by it already" in finding.found
    assert "nothing shows the portal that it is" in finding.found
    assert "If not, let it stay." in finding.next_step


def test_a_group_that_the_vm_is_not_in_is_no_group_of_its(pool: ThreadPoolExecutor) -> None:
    azure = by_group()
    azure.groups.clear()
    assert told(azure, pool).reason == "policy_for_other_identity"


def test_who_may_not_see_roles_hears_what_may_be(pool: ThreadPoolExecutor) -> None:
    azure = by_group()
    azure.before["role_assignments"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
    assert told(azure, pool).reason == "policy_for_other_identity"


def test_of_somebody_known_to_be_a_person_no_group_is_spoken(pool: ThreadPoolExecutor) -> None:
    azure = by_group()
    azure.groups.clear()
    azure.assignments = [assignment(OWNER, GROUP, SUBSCRIPTION_PATH, principal_type="User")]
    assert "group" not in told(azure, pool).next_step.replace(f"--resource-group {NAMES.resource_group}", "")


@pytest.mark.parametrize("own", [True, False])
def test_with_a_policy_of_its_own_nobody_is_asked_about_groups(pool: ThreadPoolExecutor, own: bool) -> None:
    azure = by_group()
    mine = (policy_for(PRINCIPAL), policy_for(GROUP)) if own else (policy_for(CALLER),)
    set_vault(azure, access_policies=mine)
    azure.assignments.clear()
    by_policy.validate(azure, pool)
    assert azure.calls["role_assignments"] == (0 if own else 1), "what roles the VM has in vain is asked anyway"


READING = {"stage": "done", "status": 0, "body": "", "id": reading.RIGHT, "oid": PRINCIPAL, "digest": "x"}


def test_who_reads_by_such_a_group_has_been_let_in(pool: ThreadPoolExecutor) -> None:
    finding = reading.validate(reading.answering(READING, azure=by_group()), pool).finding("same-identity")
    assert (finding.verdict, finding.reason) == (Verdict.PASSED, "policy_of_group_matches")
    assert f"the group {GROUP}, and the object id in the token, {PRINCIPAL}, is in it" in finding.found


def test_a_group_that_the_token_does_not_name_yet_is_told(pool: ThreadPoolExecutor) -> None:
    denied = reading.answering(refused(403, "Forbidden", "AccessDenied"), azure=by_group())
    walked = reading.validate(denied, pool)
    finding = walked.finding("secret-read")
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "group_not_in_token_yet")
    assert f"a policy for the group {GROUP}, which {NAMES.vm} is in" in finding.found
    assert f"--object-id {PRINCIPAL}" in finding.next_step
    assert walked.finding("same-identity").waits_for == "secret-read"
