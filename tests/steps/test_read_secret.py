"""Task 4: the VM reads the secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import pytest

from steps.key_vault_managed_identity.read_secret import TASK
from steps.kit.azure import ProblemKind
from steps.kit.runner import RECHECK_WAITS, Mode
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    NAMES,
    PRINCIPAL,
    VERSION,
    FakeAzure,
    a_secret,
    a_vm,
    after_task,
    policy_for,
    problem,
    refused,
    set_vault,
)
from tests.steps.walking import Walk, context, walk

RIGHT = f"https://{NAMES.vault}.vault.azure.net/secrets/{NAMES.secret}/{VERSION}"


def validate(azure: FakeAzure, pool: ThreadPoolExecutor, identifier: str = RIGHT) -> Walk:
    return walk(TASK, Mode.VALIDATE, context(azure, identifier=identifier), pool)


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, context(azure), pool)


def answering(change: dict[str, Any], *, times: int = 1000) -> FakeAzure:
    """All is done right, but for what the script prints: its first ``times`` answers are changed."""
    azure, left = after_task(3), [times]

    def answer(said: dict[str, Any]) -> str:
        left[0] -= 1
        return json.dumps(said | change if left[0] >= 0 else said)

    azure.answer = answer
    return azure


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
    assert walked.finding("secret-read").reason == ("vault_missing", "secret_not_there_to_look_at")[done]
    assert azure.scripts == []


@pytest.mark.parametrize(
    ("vm", "reason"),
    [
        (None, "vm_missing"),
        (a_vm(power_state="deallocated", agent_status=""), "vm_not_running"),
    ],
)
def test_a_vm_that_is_gone_or_stopped_is_not_asked(pool: ThreadPoolExecutor, vm: Any, reason: str) -> None:
    azure = after_task(3)
    azure.vm = vm
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("vm-answered").reason == reason
    assert azure.scripts == []


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


def test_without_a_policy_the_vault_denies_the_vm(pool: ThreadPoolExecutor) -> None:
    walked = validate(after_task(2), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons()["secret-read"] == "vault_denies_vm"
    assert walked.reasons()["same-identity"] == "no_policy_for_token_identity"
    assert PRINCIPAL in walked.finding("same-identity").found


def test_a_policy_that_does_not_count_yet_is_no_fault_of_the_student_and_the_vm_is_asked_again(
    pool: ThreadPoolExecutor,
) -> None:
    azure = answering(refused(403, "Forbidden", "AccessDenied"), times=2)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert len(azure.scripts) == 3


REFUSALS = [
    (refused(401, "Unauthorized", message="AKV10032: Invalid issuer."), "vault_refuses_token"),
    (refused(403, "Forbidden", "ForbiddenByFirewall"), "vault_firewall"),
    (refused(403, "Forbidden", "ForbiddenByRbac"), "vault_wants_role"),
    (refused(403, "Forbidden", "SecretDisabled"), "vault_forbids"),
    (refused(404, "SecretNotFound"), "vm_found_no_secret"),
]
BUSY = [
    (refused(403, "Forbidden", "ForbiddenByPolicy"), "policy_not_in_effect_yet"),
    (refused(429, "Throttled"), "vault_busy"),
    (refused(503, "Busy"), "vault_busy"),
    (refused(0, ""), "vault_unreachable_from_vm"),
    (refused(418, "Teapot"), "vault_answer_unknown"),
    ({"stage": "digest"}, "proof_not_made"),
    ({"id": RIGHT.replace(NAMES.secret, "other")}, "other_secret_answered"),
    ({"id": RIGHT[:-1] + "f"}, "version_replaced_meanwhile"),
]


@pytest.mark.parametrize(("change", "reason"), REFUSALS)
def test_each_refusal_of_the_vault_is_told_with_a_way_out(
    pool: ThreadPoolExecutor, change: dict[str, Any], reason: str
) -> None:
    walked = validate(answering(change), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("secret-read").reason == reason
    assert walked.finding("secret-read").next_step
    assert walked.waits == [1.0]


@pytest.mark.parametrize(("change", "reason"), BUSY)
def test_what_the_student_cannot_mend_is_asked_again_and_never_held_against_them(
    pool: ThreadPoolExecutor, change: dict[str, Any], reason: str
) -> None:
    walked = validate(answering(change), pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finding("secret-read").reason == reason
    assert walked.finished.progress.rechecks == len(RECHECK_WAITS)
    assert validate(answering(change, times=1), pool).verdict is Verdict.PASSED


def imds(status: int, body: dict[str, str]) -> dict[str, Any]:
    return {"stage": "token", "status": status, "body": json.dumps(body), "oid": ""}


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        (
            imds(400, {"error": "invalid_request", "error_description": "Identity not found"}),
            Verdict.NOT_YET,
            "imds_identity_not_found",
        ),
        (
            imds(400, {"error": "invalid_resource", "error_description": "AADSTS50001"}),
            Verdict.NOT_YET,
            "imds_refused",
        ),
        (imds(410, {}), Verdict.COULD_NOT_TELL, "imds_not_ready"),
        (imds(0, {}), Verdict.COULD_NOT_TELL, "imds_not_ready"),
        ({"stage": "claims", "oid": ""}, Verdict.COULD_NOT_TELL, "token_unreadable"),
        ({"oid": "someone"}, Verdict.NOT_YET, "token_of_other_identity"),
        ({"aud": "https://management.azure.com"}, Verdict.NOT_YET, "token_for_other_audience"),
    ],
)
def test_each_way_the_token_can_go_wrong_is_told(
    pool: ThreadPoolExecutor, change: dict[str, Any], verdict: Verdict, reason: str
) -> None:
    finding = validate(answering(change), pool).finding("token")
    assert (finding.verdict, finding.reason) == (verdict, reason)


def test_without_a_token_the_other_checks_say_so_and_claim_nothing(pool: ThreadPoolExecutor) -> None:
    walked = validate(answering(imds(400, {"error": "x", "error_description": "Identity not found"})), pool)
    assert walked.reasons()["secret-read"] == "vault_not_asked"
    assert walked.reasons()["same-identity"] == "reader_unknown"


def test_an_identity_that_is_off_is_told(pool: ThreadPoolExecutor) -> None:
    azure = answering({"oid": PRINCIPAL, "stage": "done"})
    azure.vm = a_vm(principal_id="")
    assert validate(azure, pool).finding("token").reason == "vm_identity_off"


def test_in_rbac_mode_the_policy_is_said_not_to_count(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    set_vault(azure, rbac=True)
    assert validate(azure, pool).finding("same-identity").reason == "vault_in_rbac_mode"


OTHER = "deadbeefdeadbeefdeadbeefdeadbeef"


@pytest.mark.parametrize(
    ("identifier", "reason"),
    [
        ("", "answer_missing"),
        (RIGHT.replace(NAMES.vault, "kv-bert"), "answer_from_other_vault"),
        (RIGHT.replace(NAMES.secret, "other"), "answer_of_other_secret"),
        (RIGHT.replace(VERSION, OTHER), "answer_of_other_version"),
    ],
)
def test_the_students_own_response_is_compared_part_by_part(
    pool: ThreadPoolExecutor, identifier: str, reason: str
) -> None:
    walked = validate(after_task(3), pool, identifier)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("own-response").reason == reason


def test_where_arm_names_no_version_the_one_the_vm_read_counts(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.kept_secrets[NAMES.secret] = a_secret(version="")
    assert validate(azure, pool).verdict is Verdict.PASSED
    assert validate(azure, pool, RIGHT.replace(VERSION, OTHER)).verdict is Verdict.NOT_YET
    azure.answer = lambda said: json.dumps(said | refused(429, "Throttled") | {"id": ""})
    assert validate(azure, pool).finding("own-response").reason == "current_version_unknown"


def test_a_run_command_that_is_busy_is_tried_again(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.before["run_powershell"] = [problem(ProblemKind.CONFLICT), problem(ProblemKind.CONFLICT)]
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits == [5.0, 10.0, 1.0]


def test_a_run_command_azure_forbids_is_a_problem_told_in_every_check_that_needs_it(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.before["run_powershell"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.reasons() == {
        "vm-answered": "not_authorized",
        "token": "not_authorized",
        "secret-read": "not_authorized",
        "same-identity": "not_authorized",
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
