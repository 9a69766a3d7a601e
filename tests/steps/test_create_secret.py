"""Task 2: the secret."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from steps.key_vault_managed_identity.create_secret import TASK
from steps.kit.azure import ProblemKind
from steps.kit.runner import Mode
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import CALLER, NAMES, FakeAzure, a_secret, after_task, policy_for, problem, set_vault
from tests.steps.walking import Walk, context, walk


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, context(azure), pool)


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, context(azure), pool)


def test_without_a_vault_the_student_is_sent_to_task_1_and_nothing_crashes(pool: ThreadPoolExecutor) -> None:
    for mode in (Mode.VALIDATE, Mode.CARRY_OUT):
        walked = walk(TASK, mode, context(after_task(0)), pool)
        assert walked.verdict is Verdict.NOT_YET
        assert set(walked.reasons().values()) == {"vault_missing"}
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.tape.troubles == [("create-secret", "blocked", None)]


def test_untouched_the_student_is_told_to_create_it(pool: ThreadPoolExecutor) -> None:
    walked = validate(after_task(1), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons() == {"secret-exists": "secret_missing", "secret-usable": "secret_not_there_to_look_at"}


def test_done_right_it_passes_without_reading_the_value(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    assert validate(azure, pool).verdict is Verdict.PASSED
    assert dict(azure.calls) == {"vault": 1, "secret": 1}


def test_carried_out_it_passes_and_the_value_is_nowhere_but_in_the_vault(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did
    value = azure.values[NAMES.secret]
    assert len(value) >= 32
    everything = json.dumps([asdict(walked.finished.progress), walked.tape.texts, walked.tape.events])
    assert value not in everything + str(walked.tape.evidence)


def test_two_attempts_make_two_different_values(pool: ThreadPoolExecutor) -> None:
    one, other = after_task(1), after_task(1)
    carry_out(one, pool), carry_out(other, pool)
    assert one.values != other.values


def test_a_secret_that_was_there_gets_no_second_version(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    walked = carry_out(azure, pool)
    assert walked.tape.dones == [("create-secret", False)]
    assert azure.calls["set_secret"] == 0


def test_an_answer_lost_after_the_effect_makes_no_second_version(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.after["set_secret"] = [problem(ProblemKind.TIMED_OUT)]
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.tape.dones == [("create-secret", True)]
    assert azure.calls["set_secret"] == 1


def test_a_vault_that_does_not_know_the_portal_lets_it_set_secrets_first(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, access_policies=())
    assert carry_out(azure, pool).verdict is Verdict.PASSED
    assert azure.kept_vaults[0].access_policies == (policy_for(CALLER, "set"),)


def test_a_policy_of_all_is_enough(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, access_policies=(policy_for(CALLER.upper(), "all"), policy_for(CALLER, "all")))
    assert carry_out(azure, pool).verdict is Verdict.PASSED
    assert azure.calls["add_access_policy"] == 0


def test_a_policy_that_does_not_count_yet_is_waited_for(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.before["set_secret"] = [problem(ProblemKind.NOT_AUTHORIZED), problem(ProblemKind.NOT_AUTHORIZED)]
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits == [5.0, 10.0]
    assert walked.finished.progress.did


def test_a_refusal_that_stays_is_given_up(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.before["set_secret"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(20)]
    walked = carry_out(azure, pool)
    assert walked.finished.progress.gave_up == "not_authorized"
    assert walked.verdict is Verdict.NOT_YET
    assert azure.calls["set_secret"] == 6


def test_in_rbac_mode_a_refusal_is_told_at_once(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, rbac=True)
    azure.before["set_secret"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = carry_out(azure, pool)
    assert walked.waits == []
    assert walked.finished.progress.gave_up == "not_authorized"
    assert azure.calls["add_access_policy"] == 0


def test_a_vault_in_rbac_mode_is_put_right_before_a_secret_is_asked_for(pool: ThreadPoolExecutor) -> None:
    """Who has just made such a vault has no role in it: creating the secret as the guide shows would be refused."""
    azure = after_task(1)
    set_vault(azure, rbac=True)
    finding = validate(azure, pool).finding("secret-exists")
    assert finding.reason == "vault_in_rbac_mode"
    assert f"`az keyvault update --name {NAMES.vault} " in finding.next_step
    azure.kept_secrets[NAMES.secret] = a_secret()
    assert validate(azure, pool).finding("secret-exists").reason == "secret_there"


@pytest.mark.parametrize("others", [(), ("my-test",)])
def test_a_deleted_secret_can_be_recovered_whatever_else_is_there(
    pool: ThreadPoolExecutor, others: tuple[str, ...]
) -> None:
    azure = after_task(1)
    azure.kept_secrets.update({name: a_secret(name=name) for name in others})
    recover = f"`az keyvault secret recover --vault-name {NAMES.vault} --name {NAMES.secret}`"
    assert recover in validate(azure, pool).finding("secret-exists").next_step


def test_a_secret_of_another_name_is_named(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.kept_secrets["my-test"] = a_secret(name="my-test")
    finding = validate(azure, pool).finding("secret-exists")
    assert finding.reason == "secret_under_other_name"
    assert "my-test" in finding.found
    assert NAMES.secret in finding.next_step


NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"enabled": False}, "secret_disabled"),
        ({"not_before": NOW + timedelta(days=1)}, "secret_not_active_yet"),
        ({"expires": NOW - timedelta(days=1)}, "secret_expired"),
    ],
)
def test_each_way_a_secret_cannot_be_read_is_named(
    pool: ThreadPoolExecutor, changes: dict[str, object], reason: str
) -> None:
    azure = after_task(2)
    azure.kept_secrets[NAMES.secret] = a_secret(**changes)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons() == {"secret-exists": "secret_there", "secret-usable": reason}
    assert NAMES.secret in walked.finding("secret-usable").next_step


def test_dates_that_do_not_matter_pass(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    day = timedelta(days=1)
    azure.kept_secrets[NAMES.secret] = a_secret(not_before=NOW - day, expires=NOW + day)
    assert validate(azure, pool).verdict is Verdict.PASSED
