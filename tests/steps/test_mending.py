"""What the portal can mend of Tasks 2 and 3, with the worker killed at every event."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from steps.key_vault_managed_identity.create_secret.task import TASK as SECRET_TASK
from steps.key_vault_managed_identity.grant_access.task import TASK as GRANT_TASK
from steps.kit import problems
from steps.kit.azure import ProblemKind
from steps.kit.records import AccessPolicy
from steps.kit.task import Context, Task
from steps.kit.verdict import Verdict
from tests.steps import mending
from tests.steps.fake_azure import (
    CALLER,
    NAMES,
    PRINCIPAL,
    SECRETS_USER,
    FakeAzure,
    a_secret,
    after_task,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.walking import context

pytestmark = pytest.mark.thorough

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
STRANGER = "99999999-9999-4999-8999-999999999999"


def disabled() -> FakeAzure:
    azure = after_task(2)
    azure.kept_secrets[NAMES.secret] = a_secret(enabled=False)
    return azure


def expired() -> FakeAzure:
    azure = after_task(2)
    azure.kept_secrets[NAMES.secret] = a_secret(expires=YESTERDAY)
    return azure


def deleted() -> FakeAzure:
    azure = after_task(2)
    azure.deleted_secrets[NAMES.secret] = azure.kept_secrets.pop(NAMES.secret)
    return azure


def nobody_let_in() -> FakeAzure:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(CALLER), policy_for(STRANGER)))
    return azure


def without_get() -> FakeAzure:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(STRANGER), policy_for(PRINCIPAL, "list")))
    return azure


def without_role() -> FakeAzure:
    azure = after_task(2)
    set_vault(azure, rbac=True, access_policies=())
    return azure


@dataclass(frozen=True)
class Case:
    remedy: str
    task: Task
    broken: Callable[[], FakeAzure]
    effect: str
    by_roles: bool = False

    def context(self, azure: FakeAzure) -> Context:
        return replace(context(azure), names=replace(NAMES, permission_model="roles" if self.by_roles else "policies"))

    def most(self, *, slow: bool) -> int:
        """Recovering is ordered twice where Azure does not show yet that it is done: that brings nothing back twice."""
        return 2 if slow and self.remedy == "recover-secret" else 1

    def made(self, *, slow: bool = False) -> tuple[FakeAzure, Context]:
        azure = self.broken()
        azure.slow = slow
        azure.calls.clear()
        return azure, self.context(azure)


CASES = [
    Case("enable-secret", SECRET_TASK, disabled, "enable_secret"),
    Case("new-version", SECRET_TASK, expired, "set_secret"),
    Case("new-version", SECRET_TASK, disabled, "set_secret"),
    Case("recover-secret", SECRET_TASK, deleted, "recover_secret"),
    Case("add-policy-for-vm", GRANT_TASK, nobody_let_in, "add_access_policy"),
    Case("complete-policy", GRANT_TASK, without_get, "add_access_policy"),
    Case("assign-role", GRANT_TASK, without_role, "assign_role", by_roles=True),
]
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.remedy}-{case.broken.__name__}")


@EACH
def test_what_is_found_broken_offers_the_remedy_which_says_beforehand_what_it_changes(
    pool: ThreadPoolExecutor, case: Case
) -> None:
    _, ctx = case.made()
    assert case.remedy in mending.offered(case.task, ctx, pool)
    plan = mending.remedy(case.remedy).action.plan(ctx.names)
    assert NAMES.vault in plan
    assert (NAMES.secret if case.task is SECRET_TASK else NAMES.vm) in plan


@EACH
@pytest.mark.parametrize("slow", [False, True])
def test_a_worker_killed_at_any_event_costs_nothing(pool: ThreadPoolExecutor, case: Case, slow: bool) -> None:
    mending.killed_at_every_event(
        case.remedy, case.task, lambda: case.made(slow=slow), pool, effect=case.effect, most=case.most(slow=slow)
    )


@EACH
@pytest.mark.parametrize("slow", [False, True])
def test_a_worker_killed_between_the_effect_and_its_answer_costs_nothing(
    pool: ThreadPoolExecutor, case: Case, slow: bool
) -> None:
    azure = mending.killed_after_the_effect(
        case.remedy, case.task, lambda: case.made(slow=slow), pool, effect=case.effect
    )
    assert azure.calls[case.effect] == case.most(slow=slow)


@EACH
def test_a_second_time_there_is_nothing_left_to_do(pool: ThreadPoolExecutor, case: Case) -> None:
    azure, ctx = case.made()
    mending.mend(case.remedy, case.task, ctx, pool)
    again = mending.mend(case.remedy, case.task, ctx, pool)
    assert again.verdict is Verdict.PASSED
    assert not again.finished.progress.did
    assert azure.calls[case.effect] == 1
    assert mending.offered(case.task, ctx, pool) == set()


@EACH
@pytest.mark.parametrize("kind", list(ProblemKind))
def test_what_azure_refuses_is_given_up_and_the_checks_tell_the_truth(
    pool: ThreadPoolExecutor, case: Case, kind: ProblemKind
) -> None:
    azure, ctx = case.made()
    azure.before[case.effect] = [problem(kind) for _ in range(50)]
    walked = mending.mend(case.remedy, case.task, ctx, pool)
    ended = problems.from_facts(walked.finished.progress.facts[case.remedy])
    assert ended is not None
    the_students = problems.whose(ended) is problems.Whose.STUDENT
    assert walked.verdict is (Verdict.NOT_YET if the_students else Verdict.COULD_NOT_TELL)
    assert not walked.finished.progress.did or kind is ProblemKind.NOT_FOUND
    assert walked.finished.progress.gave_up


@EACH
def test_nobody_elses_access_is_touched(pool: ThreadPoolExecutor, case: Case) -> None:
    azure, ctx = case.made()
    before = [one for one in azure.kept_vaults[0].access_policies if one.object_id != PRINCIPAL]
    mending.mend(case.remedy, case.task, ctx, pool)
    assert [one for one in azure.kept_vaults[0].access_policies if one.object_id != PRINCIPAL] == before
    assert azure.calls["remove_access_policy"] == azure.calls["remove_role"] == 0


@pytest.mark.parametrize("case", [one for one in CASES if one.task is SECRET_TASK], ids=lambda case: case.remedy)
def test_a_portal_without_a_right_in_the_vault_is_let_in_first(pool: ThreadPoolExecutor, case: Case) -> None:
    azure, ctx = case.made()
    set_vault(azure, access_policies=())
    azure.before[case.effect] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = mending.mend(case.remedy, case.task, ctx, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits[:2] == [0.0, 5.0]
    right = "recover" if case.remedy == "recover-secret" else "set"
    assert azure.kept_vaults[0].access_policies == (policy_for(CALLER, right),)
    assert walked.finished.progress.facts[case.remedy] == {"let_in": right, "vault": NAMES.vault}


def test_a_new_version_has_a_value_of_its_own_that_is_nowhere_but_in_the_vault(pool: ThreadPoolExecutor) -> None:
    azure, ctx = CASES[1].made()
    walked = mending.mend("new-version", SECRET_TASK, ctx, pool)
    value = azure.values[NAMES.secret]
    assert value != "canary"
    assert len(value) >= 32
    everything = json.dumps([asdict(walked.finished.progress), walked.tape.texts, walked.tape.events])
    assert value not in everything + str(walked.tape.evidence)


def test_completing_a_policy_adds_get_and_nothing_else(pool: ThreadPoolExecutor) -> None:
    azure, ctx = CASES[5].made()
    mending.mend("complete-policy", GRANT_TASK, ctx, pool)
    assert AccessPolicy(PRINCIPAL, NAMES.tenant_id, ("list", "get")) in azure.kept_vaults[0].access_policies


def test_the_role_given_is_the_smallest_one_on_the_vault_alone(pool: ThreadPoolExecutor) -> None:
    azure, ctx = CASES[-1].made()
    mending.mend("assign-role", GRANT_TASK, ctx, pool)
    assert [(one.role_id, one.principal_id, one.scope) for one in azure.assignments] == [
        (SECRETS_USER, PRINCIPAL, azure.kept_vaults[0].id)
    ]


def test_what_was_purged_meanwhile_is_not_waited_for_without_end(pool: ThreadPoolExecutor) -> None:
    azure, ctx = CASES[3].made()
    azure.deleted_secrets.clear()
    walked = mending.mend("recover-secret", SECRET_TASK, ctx, pool)
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.waits == [2.0, 5.0, 10.0, 20.0, 30.0]
    assert walked.finding("secret-exists").reason == "secret_missing"


@pytest.mark.parametrize("remedy", ["enable-secret", "new-version"])
def test_a_secret_that_is_gone_meanwhile_is_not_made_by_a_repair(pool: ThreadPoolExecutor, remedy: str) -> None:
    azure, ctx = CASES[3].made()
    walked = mending.mend(remedy, SECRET_TASK, ctx, pool)
    assert walked.finished.progress.gave_up == "blocked"
    assert azure.calls["set_secret"] == azure.calls["enable_secret"] == 0
