"""What the portal has mended in the subscription, at the VM and at the vault is put back as it was."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.remedies import REMEDIES
from steps.kit.course import Mode
from steps.kit.task import Task
from tests.steps.fake_azure import (
    NAMES,
    FakeAzure,
    a_vault_named,
    a_vm,
    after_task,
)
from tests.steps.ground import CASES, LAB, Case, mend
from tests.steps.walking import Killed, Tape, Walk, context, walk

pytestmark = pytest.mark.thorough


def deeds(**facts: Mapping[str, str]) -> dict[str, tuple[Mapping[str, str], ...]]:
    return {remedy.replace("_", "-"): (one,) for remedy, one in facts.items()}


def take_back(
    remedy: str, azure: FakeAzure, pool: ThreadPoolExecutor, done: Mapping[str, tuple[Mapping[str, str], ...]]
) -> Walk:
    """As cleaning up does it, which may have other names by then."""
    return walk(undoing(remedy), Mode.UNDO, replace(context(azure), carried_out=done), pool)


def undoing(remedy: str) -> Task:
    reverse = REMEDIES[remedy].reverse
    assert reverse is not None
    return replace(LAB.task("create-vault"), undo=(reverse,), undone=LAB.task("preflight").checks[:1])


def there_and_back(case: Case, azure: FakeAzure, pool: ThreadPoolExecutor) -> tuple[FakeAzure, Walk]:
    facts = mend(case, azure, pool).finished.progress.facts[case.remedy]
    azure.calls.clear()
    return azure, take_back(case.remedy, azure, pool, {case.remedy: (facts,)})


REVERSIBLE = [case for case in CASES if REMEDIES[case.remedy].reverse is not None]


back = pytest.mark.parametrize("case", REVERSIBLE, ids=lambda case: f"{case.remedy}-{case.reason}")


@back
@pytest.mark.parametrize("slow", [False, True])
def test_what_was_changed_is_put_back_as_it_was(pool: ThreadPoolExecutor, case: Case, slow: bool) -> None:
    azure = case.broken()
    azure.slow = slow
    before = azure.vm, tuple(azure.kept_vaults)
    _, walked = there_and_back(case, azure, pool)
    assert walked.finished.progress.did
    assert (azure.vm, tuple(azure.kept_vaults)) == before


@back
def test_what_is_as_it_was_already_is_left_alone(pool: ThreadPoolExecutor, case: Case) -> None:
    azure = case.broken()
    facts = mend(case, azure, pool).finished.progress.facts[case.remedy]
    take_back(case.remedy, azure, pool, {case.remedy: (facts,)})
    azure.calls.clear()
    walked = take_back(case.remedy, azure, pool, {case.remedy: (facts,)})
    assert not walked.finished.progress.did
    assert set(azure.calls) <= {"vault", "virtual_machine", "subscription"}


@back
def test_what_is_gone_needs_no_putting_back(pool: ThreadPoolExecutor, case: Case) -> None:
    azure = case.broken()
    facts = mend(case, azure, pool).finished.progress.facts[case.remedy]
    azure.vm, azure.kept_vaults = None, []
    walked = take_back(case.remedy, azure, pool, {case.remedy: (facts,)})
    assert not walked.finished.progress.did
    assert not walked.finished.progress.gave_up


@back
def test_putting_back_goes_on_after_a_worker_was_killed(pool: ThreadPoolExecutor, case: Case) -> None:
    for last in range(3):

        def die(number: int, kind: str, last: int = last) -> None:
            if number == last:
                raise Killed

        azure = case.broken()
        before = azure.vm, tuple(azure.kept_vaults)
        facts = mend(case, azure, pool).finished.progress.facts[case.remedy]
        task = undoing(case.remedy)
        ctx, tape = replace(context(azure), carried_out={case.remedy: (facts,)}), Tape(before_event=die)
        with pytest.raises(Killed):
            walk(task, Mode.UNDO, ctx, pool, tape=tape)
        assert walk(task, Mode.UNDO, ctx, pool, progress=tape.stored).finished.progress.did
        assert (azure.vm, tuple(azure.kept_vaults)) == before


def test_a_vault_switched_to_and_fro_is_as_it_was(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    done = deeds(use_roles={"vault": NAMES.vault}, use_access_policies={"vault": NAMES.vault})
    for remedy in ("use-roles", "use-access-policies"):
        assert not take_back(remedy, azure, pool, done).finished.progress.did
    assert azure.kept_vaults[0].rbac is False


def test_the_vault_and_the_vm_of_then_are_put_back_although_the_student_works_with_others_now(
    pool: ThreadPoolExecutor,
) -> None:
    azure = after_task(1)
    azure.kept_vaults.append(a_vault_named("kv-first"))
    azure.other_vms.append(replace(a_vm(), name="vm-first", id=a_vm().id.replace("vm-anna", "vm-first")))
    done = deeds(
        open_network={"vault": "kv-first", "public_access": "", "default_action": "Deny"},
        start_vm={"vm": "vm-first"},
    )
    take_back("open-network", azure, pool, done)
    take_back("start-vm", azure, pool, done)
    assert [one.public_access for one in azure.kept_vaults] == [True, False]
    assert azure.other_vms[0].power_state == "deallocated"
    assert azure.vm is not None
    assert azure.vm.power_state == "running"
