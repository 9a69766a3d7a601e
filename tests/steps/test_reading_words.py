"""What stands behind the verdicts of Task 4: why, hints, ideas, remedies."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from steps.key_vault_managed_identity.read_secret import task as read_secret
from steps.key_vault_managed_identity.reasons.read_secret import REASONS
from steps.kit.reasons import Reason
from steps.registry import LABS
from tests.steps.fake_azure import NAMES

LAB = LABS["key-vault-managed-identity"]


def passing() -> set[str]:
    """The reasons of findings that pass, as the code gives them."""
    found = set()
    for file in Path(read_secret.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "passed":
                found.add(ast.literal_eval(node.args[0]))
    return found & set(REASONS)


PASSES = passing()
EXPLAINED = {one: reason for one, reason in REASONS.items() if one not in PASSES}


@pytest.mark.parametrize("reason", EXPLAINED.values(), ids=EXPLAINED)
def test_whatever_is_no_pass_is_explained_in_layers(reason: Reason) -> None:
    said = [hint(NAMES) for hint in reason.hints]
    assert reason.why.endswith(".")
    assert len(set(said)) == len(said) in {2, 3}
    assert reason.idea in LAB.ideas
    assert set(reason.remedies) <= set(LAB.remedies)


@pytest.mark.parametrize("reason", EXPLAINED.values(), ids=EXPLAINED)
def test_words_stay_short_and_ask_nobody_to_contact_anybody(reason: Reason) -> None:
    for text in (reason.why, *(hint(NAMES) for hint in reason.hints)):
        assert len(text) < 700
        assert "please" not in text.casefold()
        assert "contact" not in text.casefold()


def test_what_passes_needs_no_explanation() -> None:
    assert not any(REASONS[one].why or REASONS[one].hints for one in PASSES)


def test_the_task_has_three_hints_in_the_students_names() -> None:
    said = [hint(NAMES) for hint in read_secret.TASK.hints]
    assert len(set(said)) == 3
    assert NAMES.vm in said[0]
    assert NAMES.vault in said[1]
