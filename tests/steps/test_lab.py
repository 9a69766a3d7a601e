"""What holds for the lab as a whole: ids, reasons, guides, words."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import steps.key_vault_managed_identity as lab_room
from steps.key_vault_managed_identity.reasons import REASONS
from steps.kit.azure import ProblemKind
from steps.kit.task import Task
from steps.registry import LABS
from tests.steps.fake_azure import NAMES

LAB = LABS["key-vault-managed-identity"]
ROOM = Path(lab_room.__file__).parent


def reasons_in_the_code() -> Counter[str]:
    """The first argument of every finding that the lab's code makes."""
    found: Counter[str] = Counter()
    makers = {"passed", "not_yet", "could_not_tell"}
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
                reason = node.args[0]
                assert isinstance(reason, ast.Constant), f"{file.name}: a reason must be a plain string"
                found[str(reason.value)] += 1
    return found


def test_every_reason_is_documented_and_no_documented_one_is_unused() -> None:
    assert set(reasons_in_the_code()) == set(REASONS)


def test_a_reason_is_given_in_one_place_only_so_that_it_has_one_meaning() -> None:
    assert [reason for reason, times in reasons_in_the_code().items() if times > 1] == []


def test_reasons_are_plain_ids_and_never_those_of_problems() -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{2,40}", reason) for reason in REASONS)
    assert not set(REASONS) & {kind.value for kind in ProblemKind}


def test_the_tasks_keep_their_ids_and_order() -> None:
    assert [(task.number, task.id) for task in LAB.tasks] == [
        (0, "preflight"),
        (1, "create-vault"),
        (2, "create-secret"),
        (3, "grant-access"),
        (4, "read-secret"),
    ]
    assert [task.id for task in LAB.tasks if task.can_carry_out] == [task.id for task in LAB.tasks[1:]]


def test_ids_within_a_task_are_unique() -> None:
    for task in LAB.tasks:
        steps = [step.id for step in task.carried_out_by]
        checks = [check.id for check in task.checks]
        assert len(steps) == len(set(steps))
        assert len(checks) == len(set(checks))


def test_a_lab_knows_its_tasks_and_no_others() -> None:
    assert LAB.task("create-vault").number == 1
    with pytest.raises(KeyError):
        LAB.task("make-coffee")


@pytest.mark.parametrize("task", LAB.tasks, ids=lambda task: task.id)
def test_guides_come_in_three_ways_with_the_students_own_names(task: Task) -> None:
    guide = task.guide(NAMES)
    assert list(guide.ways) == ["portal", "az", "powershell"]
    wanted = {
        "preflight": [NAMES.resource_group, NAMES.vm],
        "create-vault": [NAMES.vault],
        "create-secret": [NAMES.vault, NAMES.secret],
        "grant-access": [NAMES.vault, NAMES.vm],
        "read-secret": [NAMES.vault_uri, NAMES.secret, NAMES.vm],
    }[task.id]
    for way, text in guide.ways.items():
        assert text.startswith("1. "), way
        assert [name for name in wanted if name not in text] == [], way
        assert "{" not in re.sub(r"@\{[^}]*\}", "", text), way  # nothing left unfilled


@pytest.mark.parametrize("task", LAB.tasks[1:], ids=lambda task: task.id)
def test_a_plan_says_beforehand_what_will_be_done_to_what(task: Task) -> None:
    for step in task.carried_out_by:
        assert NAMES.vault in step.plan(NAMES)
        assert step.expected_seconds > 0


def test_the_vault_guide_asks_for_access_policies_in_every_way() -> None:
    guide = LAB.task("create-vault").guide(NAMES)
    assert "Vault access policy" in guide.intro
    assert "Vault access policy" in guide.ways["portal"]
    assert "--enable-rbac-authorization false" in guide.ways["az"]
    assert "-DisableRbacAuthorization" in guide.ways["powershell"]


def test_who_is_turned_away_by_the_vault_finds_in_every_way_how_to_be_let_in() -> None:
    ways = LAB.task("create-secret").guide(NAMES).ways
    assert "your own account" in ways["portal"]
    assert re.search(r"az keyvault set-policy .* --upn ", ways["az"])
    assert re.search(r"az keyvault set-policy .* --spn ", ways["az"])
    assert "Set-AzKeyVaultAccessPolicy" in ways["powershell"]


def test_the_steps_of_a_way_are_numbered_without_gaps() -> None:
    for task in LAB.tasks:
        for way, text in task.guide(NAMES).ways.items():
            numbers = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
            assert numbers == list(range(1, len(numbers) + 1)), (task.id, way)
