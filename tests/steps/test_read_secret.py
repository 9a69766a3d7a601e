"""Task 4: the VM reads the secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import pytest

from steps.key_vault_managed_identity.read_secret.task import TASK
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode
from steps.kit.patience import RECHECK_WAITS, STEP_WAITS
from steps.kit.records import Running
from steps.kit.verdict import Source, Verdict
from tests.steps.fake_azure import (
    NAMES,
    PRINCIPAL,
    FakeAzure,
    a_vm,
    after_task,
    policy_for,
    problem,
    refused,
    set_vault,
)
from tests.steps.reading import RIGHT, answering, carry_out, validate
from tests.steps.walking import context, walk


def test_done_right_it_passes_with_one_script_on_the_vm(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {
        "vm-answered": "vm_answered",
        "token": "token_is_the_vms",
        "secret-read": "secret_read_by_vm",
        "same-identity": "policy_matches_token",
        "own-response": "answer_right",
    }
    assert len(azure.scripts) == 1
    assert walked.finished.progress.did is False


def test_carried_out_it_passes_without_an_answer_of_the_student_and_counts_as_the_portals(
    pool: ThreadPoolExecutor,
) -> None:
    walked = carry_out(after_task(3), pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did
    assert "own-response" not in walked.tape.evidence


def test_only_a_digest_is_kept(pool: ThreadPoolExecutor) -> None:
    azure, printed = after_task(3), []
    plain = azure.answer

    def answer(said: dict[str, Any]) -> str:
        printed.append(said)
        return plain(said)

    azure.answer = answer
    walked = carry_out(azure, pool)
    kept = json.dumps(asdict(walked.finished.progress)) + str(walked.tape.evidence) + str(walked.tape.texts)
    assert len(walked.finished.progress.facts["ask-vm"]["digest"]) == 64
    for never in ("canary", printed[0]["digest"], printed[0]["nonce"]):
        assert never not in kept


def test_every_script_carries_a_fresh_nonce_and_an_answer_with_another_one_is_not_believed(
    pool: ThreadPoolExecutor,
) -> None:
    walked = validate(answering({"nonce": "0" * 32}), pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finding("vm-answered").reason == "vm_answer_unreadable"
    azure = after_task(3)
    validate(azure, pool), validate(azure, pool)
    assert azure.scripts[0] != azure.scripts[1]


@pytest.mark.parametrize("done", [0, 1])
def test_without_vault_or_secret_the_vm_is_not_asked(pool: ThreadPoolExecutor, done: int) -> None:
    azure = after_task(done)
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("secret-read").reason == ("vault_missing", "secret_missing")[done]
    assert azure.scripts == []


def test_a_vault_by_roles_without_the_secret_is_told_as_tasks_1_to_3_do(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, rbac=True, access_policies=())
    assert validate(azure, pool).finding("secret-read").reason == "vault_in_rbac_mode"


@pytest.mark.parametrize(
    ("vm", "reason"),
    [
        (None, "vm_missing"),
        (a_vm(power_state="deallocated", agent_status=""), "vm_not_running"),
        (a_vm(os_type="Linux"), "vm_not_windows"),
    ],
)
def test_a_vm_that_is_gone_stopped_or_no_windows_is_not_asked(pool: ThreadPoolExecutor, vm: Any, reason: str) -> None:
    azure = after_task(3)
    azure.vm = vm
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("vm-answered").reason == reason
    assert azure.scripts == []


def test_what_hinders_the_vm_is_told_once_and_the_other_checks_wait_for_that(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.vm = a_vm(power_state="stopped", agent_status="")
    walked = validate(azure, pool)
    assert walked.reasons() == {
        "vm-answered": "vm_not_running",
        "token": "waits_for_another_check",
        "secret-read": "waits_for_another_check",
        "same-identity": "waits_for_another_check",
        "own-response": "answer_right",
    }
    assert {walked.finding(check).waits_for for check in ("token", "secret-read", "same-identity")} == {"vm-answered"}


def test_a_vm_whose_agent_is_not_ready_is_asked_once_it_is(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.vm = a_vm(agent_status="Not Ready")

    def up(sitting: int) -> None:
        assert azure.scripts == []
        azure.vm = a_vm()

    walked = walk(
        TASK, Mode.VALIDATE, context(azure, identifier=RIGHT), pool, between=lambda n: up(n) if n == 0 else None
    )
    assert walked.verdict is Verdict.PASSED
    assert walked.waits[0] == RECHECK_WAITS[0]


def test_a_starting_vm_is_asked_once_it_is_up(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.vm = a_vm(power_state="starting")

    def up(sitting: int) -> None:
        azure.vm = a_vm()

    walked = walk(TASK, Mode.VALIDATE, context(azure, identifier=RIGHT), pool, between=up)
    assert walked.verdict is Verdict.PASSED
    assert len(azure.scripts) == 1


def test_what_was_missing_when_the_vm_was_to_be_asked_and_is_there_now_leads_to_asking(
    pool: ThreadPoolExecutor,
) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(PRINCIPAL),))
    hidden, azure.kept_secrets = azure.kept_secrets, {}

    def appear(call: str) -> None:
        if azure.calls["secret"] > 1:
            azure.kept_secrets = hidden

    azure.hook = appear
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits[0] == RECHECK_WAITS[0]


def test_without_a_policy_the_vault_denies_the_vm_which_is_told_once(pool: ThreadPoolExecutor) -> None:
    walked = validate(after_task(2), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons()["secret-read"] == "vault_denies_vm"
    assert PRINCIPAL in walked.finding("secret-read").next_step
    assert walked.finding("same-identity").waits_for == "secret-read"


def test_a_missing_policy_is_told_where_the_vault_said_nothing_about_it(pool: ThreadPoolExecutor) -> None:
    for refusal in (refused(429, "Throttled"), refused(403, "Forbidden", "ForbiddenByFirewall")):
        walked = validate(answering(refusal, azure=after_task(2)), pool)
        assert walked.verdict is Verdict.NOT_YET
        assert walked.reasons()["same-identity"] == "no_policy_for_token_identity"
        assert PRINCIPAL in walked.finding("same-identity").found


def test_a_policy_that_does_not_count_yet_is_no_fault_of_the_student_and_the_vm_is_asked_again(
    pool: ThreadPoolExecutor,
) -> None:
    azure = answering(refused(403, "Forbidden", "AccessDenied"), times=2)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert len(azure.scripts) == 3


def test_a_run_command_that_is_busy_is_tried_again(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.before["run_powershell"] = [problem(ProblemKind.CONFLICT), problem(ProblemKind.CONFLICT)]
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits == [5.0, 10.0, 1.0]


def test_a_vm_that_stays_busy_with_another_command_is_told_and_asked_again_to_the_end(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    busy = AzureProblem(ProblemKind.CONFLICT, code="Conflict", message="x", source=Source("POST", "/run", 409, "r"))
    azure.before["run_powershell"] = [busy for _ in range(200)]
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finding("vm-answered").reason == "vm_runs_another_command"
    assert NAMES.vm in walked.finding("vm-answered").found
    assert walked.waits == [*STEP_WAITS, *RECHECK_WAITS]


def test_a_conflict_that_is_no_other_command_keeps_azures_words(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    off = Source("POST", "/run", 409, "r")
    other = AzureProblem(ProblemKind.CONFLICT, code="OperationNotAllowed", message="The VM must run.", source=off)
    linux = "Run command OS type 'Windows' does not match the target OS Linux."
    mismatch = AzureProblem(ProblemKind.CONFLICT, code="Conflict", message=linux, source=off)
    for one in (other, mismatch, problem(ProblemKind.OPERATION_FAILED)):
        azure.before["run_powershell"] = [one for _ in range(200)]
        finding = validate(azure, pool).finding("vm-answered")
        assert finding.reason == "vm_command_failed"
        assert one.message in finding.found
    azure.before["run_powershell"] = [problem(ProblemKind.CONFLICT) for _ in range(200)]
    assert validate(azure, pool).finding("vm-answered").reason == "conflict"


def test_a_run_command_azure_forbids_is_told_once(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.before["run_powershell"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.reasons() == {
        "vm-answered": "not_authorized",
        "token": "waits_for_another_check",
        "secret-read": "waits_for_another_check",
        "same-identity": "waits_for_another_check",
        "own-response": "answer_right",
    }


def test_an_operation_azure_has_forgotten_is_started_once_more_and_not_for_ever(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    walked = walk(TASK, Mode.VALIDATE, context(azure, identifier=RIGHT), pool, between=forget_first(azure))
    assert walked.verdict is Verdict.PASSED
    assert len(azure.scripts) == 2
    azure = after_task(3)
    walked = walk(TASK, Mode.VALIDATE, context(azure), pool, between=lambda sitting: azure.commands.clear())
    assert walked.finished.progress.gave_up == "not_found"
    assert len(azure.scripts) == 2


def forget_first(azure: FakeAzure) -> Callable[[int], None]:
    def between(sitting: int) -> None:
        if sitting == 0:
            azure.commands.clear()

    return between


def test_a_command_that_never_ends_is_not_waited_for_for_ever(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.resume_run_powershell = lambda token: Running(token, 1.0, Source("GET", "/operation", 200, "r"))  # type: ignore[method-assign]
    walked = walk(TASK, Mode.VALIDATE, context(azure, identifier=RIGHT), pool, limit=1000)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finding("vm-answered").reason == "vm_command_never_ended"
    assert walked.finding("secret-read").waits_for == "vm-answered"
    rarer = [later >= sooner for sooner, later in pairwise(walked.waits)]
    assert 600 <= sum(walked.waits[: rarer.index(False) + 1]) < 640


def test_a_vm_that_cannot_be_looked_at_is_told_once(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.before["virtual_machine"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
    walked = validate(azure, pool)
    assert walked.finding("vm-answered").reason == "not_authorized"
    assert {walked.finding(one).waits_for for one in ("token", "secret-read", "same-identity")} == {"vm-answered"}
