"""The examples in docs/adding-a-step.md are a check and a task that work."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from steps.key_vault_managed_identity.create_vault import task as create_vault
from steps.kit.course import Mode
from steps.kit.task import Task
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import NAMES, FakeAzure, a_vault, after_task, policy_for
from tests.steps.portals_hand import Hand
from tests.steps.walking import context, walk

READER = "55555555-5555-4555-8555-555555555555"
DOCUMENT = Path(__file__).parents[2] / "docs" / "adding-a-step.md"


def example(name: str) -> Any:
    """What the example that defines ``name`` makes of it."""
    (text,) = re.findall(
        rf"```python\n((?:(?!```).)*?^{name} = .*?)```", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE
    )
    room: dict[str, Any] = {}
    exec(compile(text, str(DOCUMENT), "exec"), room)
    return room[name]


@pytest.fixture(scope="module")
def checked() -> Task:
    """Task 1 with the check that the document adds."""
    return replace(create_vault.TASK, checks=(*create_vault.TASK.checks, example("DIRECTORY")))


@pytest.mark.parametrize(
    ("tenant", "reason"), [(NAMES.tenant_id, "vault_of_directory"), ("another", "vault_of_other_directory")]
)
def test_the_added_check_tells_the_directories_apart(
    checked: Task, pool: ThreadPoolExecutor, tenant: str, reason: str
) -> None:
    azure = FakeAzure(kept_vaults=[a_vault(tenant_id=tenant)])
    walked = walk(checked, Mode.VALIDATE, context(azure), pool)
    assert walked.reasons()["vault-directory"] == reason
    assert dict(azure.calls) == {"vault": 1}, "it costs no request"


@pytest.fixture(scope="module")
def task() -> Task:
    made = example("TASK")
    assert isinstance(made, Task)
    return made


def test_untouched_it_names_what_to_do(task: Task, pool: ThreadPoolExecutor) -> None:
    walked = walk(task, Mode.VALIDATE, context(after_task(1)), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons() == {"reader": "reader_out"}


def test_carried_out_it_passes_and_a_second_time_changes_nothing(task: Task, pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    assert walk(task, Mode.CARRY_OUT, context(azure), pool).finished.progress.did
    again = walk(task, Mode.CARRY_OUT, context(azure), pool)
    assert again.verdict is Verdict.PASSED
    assert not again.finished.progress.did
    assert azure.calls["add_access_policy"] == 1


def test_without_a_vault_it_sends_the_student_to_task_1(task: Task, pool: ThreadPoolExecutor) -> None:
    walked = walk(task, Mode.CARRY_OUT, context(after_task(0)), pool)
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.reasons() == {"reader": "vault_missing"}


@pytest.fixture(scope="module")
def undoable(task: Task) -> Task:
    return replace(task, undo=example("UNDO"), undone=example("UNDONE"))


def test_undone_what_it_made_is_gone_and_a_second_time_changes_nothing(
    undoable: Task, pool: ThreadPoolExecutor
) -> None:
    hand = Hand(after_task(1), pool)
    before = hand.azure.kept_vaults
    hand.carry_out(undoable)
    assert hand.azure.kept_vaults != before
    assert hand.undo(undoable).verdict is Verdict.PASSED
    assert hand.azure.kept_vaults == before
    assert not hand.undo(undoable).finished.progress.did


def test_undone_what_the_student_made_stays_and_is_told(undoable: Task, pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.add_access_policy(NAMES.resource_group, NAMES.vault, policy_for(READER, "get"))
    walked = Hand(azure, pool).undo(undoable)
    assert walked.reasons() == {"reader-out": "reader_still_in"}
    assert azure.calls["remove_access_policy"] == 0


def test_every_file_the_document_names_is_there() -> None:
    root = DOCUMENT.parents[1]
    lab = root / "steps" / "key_vault_managed_identity"
    for name in re.findall(r"`([\w/-]+\.py)`", DOCUMENT.read_text()):
        assert any((place / name).exists() for place in (root, lab, root / "tests" / "steps")), name
