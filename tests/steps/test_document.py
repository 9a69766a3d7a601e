"""The example in docs/adding-a-step.md is a task that works."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from steps.kit.runner import Mode
from steps.kit.task import Task
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import after_task
from tests.steps.walking import context, walk

DOCUMENT = Path(__file__).parents[2] / "docs" / "adding-a-step.md"


@pytest.fixture(scope="module")
def task() -> Task:
    examples = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    room: dict[str, Any] = {}
    exec(compile(examples[0], str(DOCUMENT), "exec"), room)
    made = room["TASK"]
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


def test_every_file_the_document_names_is_there() -> None:
    root = DOCUMENT.parents[1]
    lab = root / "steps" / "key_vault_managed_identity"
    for name in re.findall(r"`([\w/-]+\.py)`", DOCUMENT.read_text()):
        assert any((place / name).exists() for place in (root, lab, root / "tests" / "steps")), name
