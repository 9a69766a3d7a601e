"""What holds for the lab as a whole: ids, reasons, guides, words."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import steps.key_vault_managed_identity as lab_room
from steps.key_vault_managed_identity.reasons import REASONS
from steps.kit.azure import ProblemKind
from steps.kit.task import Action, Task
from steps.registry import LABS
from tests.steps.fake_azure import NAMES

LAB = LABS["key-vault-managed-identity"]
ROOM = Path(lab_room.__file__).parent


MAKERS = ("passed", "not_yet", "could_not_tell")


def reasons_in_the_code(*makers: str) -> Counter[str]:
    """The first argument of every finding that the lab's code makes."""
    found: Counter[str] = Counter()
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
                reason = node.args[0]
                assert isinstance(reason, ast.Constant), f"{file.name}: a reason must be a plain string"
                found[str(reason.value)] += 1
    return found


def test_every_reason_is_documented_and_no_documented_one_is_unused() -> None:
    assert set(reasons_in_the_code(*MAKERS)) == set(REASONS)


def test_a_reason_is_given_in_one_place_only_so_that_it_has_one_meaning() -> None:
    assert [reason for reason, times in reasons_in_the_code(*MAKERS).items() if times > 1] == []


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
    for task in LAB.all_tasks:
        for checks in (task.checks, task.undone):
            assert len({check.id for check in checks}) == len(checks)


def test_what_the_portal_did_is_told_apart_by_the_ids_of_its_steps() -> None:
    steps = [step.id for task in LAB.all_tasks for step in (*task.carried_out_by, *task.undo)]
    steps += [remedy.action.id for remedy in LAB.remedies.values()]
    assert [step for step, times in Counter(steps).items() if times > 1] == []


def test_every_task_that_makes_something_can_be_undone_and_reopens_only_later_ones() -> None:
    numbers = {task.id: task.number for task in LAB.tasks}
    for task in LAB.tasks:
        assert bool(task.undo) == bool(task.undone) == bool(task.actions), task.id
        assert all(numbers[reopened] > task.number for reopened in task.undo_reopens), task.id


def test_every_remedy_does_the_work_of_a_task() -> None:
    tasks = {task.id for task in LAB.tasks}
    assert {remedy.id for remedy in LAB.remedies.values() if remedy.of_task not in tasks} == set()


TOLD_ELSEWHERE = {key for key, reason in REASONS.items() if reason.waits}
"""Another check of the same task has the cause, and the hints."""


@pytest.mark.parametrize("reason", sorted(reasons_in_the_code("not_yet", "could_not_tell")))
def test_a_reason_that_is_no_pass_says_why_it_matters_and_has_hints(reason: str) -> None:
    behind = REASONS[reason]
    assert behind.why.endswith(".")
    assert behind.hints or reason in TOLD_ELSEWHERE
    for hint in behind.hints:
        assert hint(NAMES)[-1] in ".?`", "a sentence, or a command to copy"
        assert "{" not in hint(NAMES).replace("@{", "")


def test_what_a_reason_points_to_is_there_and_every_remedy_is_offered() -> None:
    assert {reason.idea for reason in REASONS.values() if reason.idea} <= set(LAB.ideas)
    assert {remedy for reason in REASONS.values() for remedy in reason.remedies} == set(LAB.remedies)


def test_a_lab_knows_its_tasks_and_no_others() -> None:
    assert LAB.task("create-vault").number == 1
    with pytest.raises(KeyError):
        LAB.task("make-coffee")


@pytest.mark.parametrize("task", LAB.all_tasks, ids=lambda task: task.id)
def test_guides_come_in_three_ways_with_the_students_own_names(task: Task) -> None:
    guide = task.guide(NAMES)
    assert list(guide.ways) == ["portal", "az", "powershell"]
    wanted = {
        "preflight": [NAMES.resource_group, NAMES.vm],
        "create-vault": [NAMES.vault],
        "create-secret": [NAMES.vault, NAMES.secret],
        "grant-access": [NAMES.vault, NAMES.vm],
        "read-secret": [NAMES.vault_uri, NAMES.secret, NAMES.vm],
        "challenge": [NAMES.vault, NAMES.vm],
        "clean-up": [NAMES.vault],
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


PLANNED = (
    *(step for task in LAB.all_tasks for step in (*task.carried_out_by, *task.undo)),
    *(step for one in LAB.remedies.values() for step in (one.action, one.reverse) if step is not None),
)


@pytest.mark.parametrize("step", PLANNED, ids=lambda step: step.id)
def test_whatever_the_portal_may_change_it_says_in_a_whole_sentence_with_the_students_names(step: Action) -> None:
    plan = step.plan(NAMES)
    mine = (NAMES.vault, NAMES.vm, NAMES.secret, NAMES.resource_group, NAMES.subscription_id)
    assert any(name in plan for name in mine)
    assert plan.endswith(".")
    assert "{" not in plan
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
    for task in LAB.all_tasks:
        for way, text in task.guide(NAMES).ways.items():
            numbers = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
            assert numbers == list(range(1, len(numbers) + 1)), (task.id, way)


def test_who_works_with_roles_reads_of_roles_in_what_undoing_and_cleaning_up_will_do() -> None:
    by_roles = replace(NAMES, permission_model="roles")
    lets_in = LAB.task("create-secret").undo[0]
    assert "an access policy lets it" in lets_in.plan(NAMES)
    assert "the role Key Vault Secrets Officer lets it" in lets_in.plan(by_roles)
    assert "access policies" in LAB.task("clean-up").guide(NAMES).intro
    assert "access policies" not in LAB.task("clean-up").guide(by_roles).intro
