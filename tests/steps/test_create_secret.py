"""Task 2: the secret."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from steps.key_vault_managed_identity.create_secret.task import TASK
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.problems import from_facts
from steps.kit.task import Context
from steps.kit.verdict import Choice, Verdict
from tests.steps.fake_azure import (
    CALLER,
    NAMES,
    PRINCIPAL,
    FakeAzure,
    a_secret,
    a_vault_named,
    after_task,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.walking import Killed, Tape, Walk, context, walk

ME = "77777777-7777-4777-8777-777777777777"
"""A student's own account."""


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, context(azure), pool)


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, context(azure), pool)


def test_without_a_vault_the_student_is_sent_to_task_1_and_nothing_crashes(pool: ThreadPoolExecutor) -> None:
    for mode in (Mode.VALIDATE, Mode.CARRY_OUT):
        walked = walk(TASK, mode, context(after_task(0)), pool)
        assert walked.verdict is Verdict.NOT_YET
        assert walked.reasons() == {"secret-exists": "vault_missing", "secret-usable": "waits_for_another_check"}
        assert walked.finding("secret-usable").waits_for == "secret-exists"
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.tape.troubles == [("create-secret", "blocked", None)]


def test_untouched_the_student_is_told_to_create_it(pool: ThreadPoolExecutor) -> None:
    walked = validate(after_task(1), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons() == {"secret-exists": "secret_missing", "secret-usable": "waits_for_another_check"}
    assert walked.waits == []


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
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.verdict is Verdict.COULD_NOT_TELL
    finding = walked.finding("secret-exists")
    assert (finding.verdict, finding.reason) == (Verdict.COULD_NOT_TELL, "secret_missing")
    assert "has not applied the portal's access policy in 2 minutes" in finding.found
    assert "Azure's trouble, not yours" in finding.next_step
    assert azure.calls["set_secret"] == 6


def test_in_rbac_mode_a_refusal_is_told_at_once(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, rbac=True)
    azure.before["set_secret"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = carry_out(azure, pool)
    assert walked.waits == []
    assert walked.finished.progress.gave_up == "blocked"
    told = from_facts(walked.finished.progress.facts["create-secret"])
    assert told is not None
    assert told.message == f"{NAMES.vault} goes by roles, and you do not. Task 1 says how to settle that."
    assert azure.calls["add_access_policy"] == 0


def test_a_vault_in_rbac_mode_is_put_right_before_a_secret_is_asked_for(pool: ThreadPoolExecutor) -> None:
    """Who has just made such a vault has no role in it: creating the secret as the guide shows would be refused."""
    azure = after_task(1)
    set_vault(azure, rbac=True)
    finding = validate(azure, pool).finding("secret-exists")
    assert finding.reason == "vault_in_rbac_mode"
    assert finding.found.startswith(f"{NAMES.vault} has no {NAMES.secret} yet. ")
    assert f"`az keyvault update --name {NAMES.vault} " in finding.next_step
    azure.kept_secrets[NAMES.secret] = a_secret()
    assert validate(azure, pool).finding("secret-exists").reason == "secret_there"


def test_who_goes_by_roles_is_not_sent_to_add_an_access_policy_first(pool: ThreadPoolExecutor) -> None:
    ctx = replace(context(azure := after_task(1)), names=replace(NAMES, permission_model="roles"))
    set_vault(azure, rbac=False, access_policies=())
    finding = walk(TASK, Mode.VALIDATE, ctx, pool).finding("secret-exists")
    assert finding.reason == "vault_goes_by_policies"


@pytest.mark.parametrize("others", [(), ("my-test",)])
def test_a_deleted_secret_is_recovered_whatever_else_is_there(
    pool: ThreadPoolExecutor, others: tuple[str, ...]
) -> None:
    azure = after_task(1)
    azure.kept_secrets.update({name: a_secret(name=name) for name in others})
    azure.deleted_secrets[NAMES.secret] = a_secret()
    finding = validate(azure, pool).finding("secret-exists")
    assert finding.reason == "secret_deleted"
    assert "until 01 February 2027" in finding.found
    assert f"`az keyvault secret recover --vault-name {NAMES.vault} --name {NAMES.secret}`" in finding.next_step


@pytest.mark.parametrize("kind", [ProblemKind.NOT_AUTHORIZED, ProblemKind.THROTTLED, ProblemKind.UNREACHABLE])
@pytest.mark.parametrize(("others", "reason"), [((), "secret_missing"), (("my-test",), "secret_under_other_name")])
def test_a_vault_that_does_not_tell_what_was_deleted_hides_nothing_else(
    pool: ThreadPoolExecutor, kind: ProblemKind, others: tuple[str, ...], reason: str
) -> None:
    azure = after_task(1)
    azure.kept_secrets.update({name: a_secret(name=name) for name in others})
    azure.before["deleted_secret"] = [problem(kind)]
    walked = validate(azure, pool)
    assert walked.finding("secret-exists").reason == reason
    assert "did not tell the portal whether a deleted one keeps the name" in walked.finding("secret-exists").next_step
    assert walked.verdict is Verdict.NOT_YET
    assert walked.waits == []


def test_a_key_of_the_secrets_name_is_told(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.keys[NAMES.secret] = "RSA"
    finding = validate(azure, pool).finding("secret-exists")
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "key_instead_of_secret")
    assert f"It has a key {NAMES.secret}, though." in finding.found
    assert "/key" in [source.path for source in finding.sources]
    azure.kept_secrets["another"] = a_secret(name="another")
    finding = validate(azure, pool).finding("secret-exists")
    assert finding.reason == "secret_under_other_name", "one of these may be meant"
    assert f"It has a key {NAMES.secret}, though." in finding.found


def test_a_key_beside_the_secret_is_not_asked_for(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    azure.keys[NAMES.secret] = "RSA"
    assert validate(azure, pool).verdict is Verdict.PASSED
    assert azure.calls["key"] == 0


@pytest.mark.parametrize("call", ["secrets", "vaults_in_subscription", "key"])
def test_no_look_that_only_explains_hides_that_the_secret_is_missing(pool: ThreadPoolExecutor, call: str) -> None:
    azure = after_task(1)
    azure.before[call] = [problem(ProblemKind.AZURE_UNAVAILABLE)]
    assert validate(azure, pool).finding("secret-exists").reason == "secret_missing"


def test_secrets_of_other_names_are_offered_the_likeliest_first(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    for name in ("database", "mi-tset", "zz", "a1", "a2", "a3"):
        azure.kept_secrets[name] = a_secret(name=name)
    finding = validate(azure, pool).finding("secret-exists")
    assert finding.reason == "secret_under_other_name"
    assert "It has: mi-tset, " in finding.found
    assert " and 1 more." in finding.found
    assert NAMES.secret in finding.next_step
    assert finding.choices[0] == Choice("secret", "mi-tset", "Use the secret mi-tset")
    assert len(finding.choices) == 5


def test_a_secret_in_another_vault_of_the_group_is_found_there(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.kept_vaults += [a_vault_named("kv-anna-2"), a_vault_named("kv-bob", resource_group="rg-bob")]
    for vault in ("kv-anna-2", "kv-bob"):
        azure.kept_secrets[f"{vault}/{NAMES.secret}"] = a_secret(vault_name=vault)
    finding = validate(azure, pool).finding("secret-exists")
    assert finding.reason == "secret_in_other_vault"
    assert "kv-anna-2" in finding.found
    assert finding.choices == (Choice("vault", "kv-anna-2", "Use the vault kv-anna-2"),)


def test_only_so_many_vaults_are_looked_into(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.kept_vaults += [a_vault_named(f"kv-anna-{number}") for number in range(30)]
    assert validate(azure, pool).finding("secret-exists").reason == "secret_missing"
    assert azure.calls["secret"] == 6


def test_who_made_a_vault_that_lets_nobody_set_secrets_is_told_so(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, access_policies=(policy_for(PRINCIPAL, "get", "list"),))
    finding = validate(azure, pool).finding("secret-exists")
    assert finding.reason == "secret_missing_nobody_may_set"
    assert "you included" in finding.found
    assert "az keyvault set-policy" in finding.next_step
    assert "whether a deleted one keeps the name" in finding.next_step  # nor may the portal look


def test_who_works_as_the_connections_identity_is_told_what_that_lacks(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, access_policies=(policy_for(ME, "set"), policy_for(CALLER, "get")))
    finding = validate(azure, pool).finding("secret-exists")
    assert finding.reason == "secret_missing"
    assert f"--object-id {CALLER}" in finding.next_step
    set_vault(azure, access_policies=(policy_for(CALLER),))
    assert CALLER not in validate(azure, pool).finding("secret-exists").next_step


def test_a_secret_is_seen_without_any_right_in_the_vault(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=())
    assert validate(azure, pool).verdict is Verdict.PASSED
    set_vault(azure, rbac=True)
    assert walk(TASK, Mode.VALIDATE, by_roles(azure), pool).verdict is Verdict.PASSED


def by_roles(azure: FakeAzure) -> Context:
    return replace(context(azure), names=replace(NAMES, permission_model="roles"))


@pytest.mark.parametrize("code", ["ForbiddenByFirewall", "ForbiddenByConnection"])
def test_a_closed_network_is_not_waited_for(pool: ThreadPoolExecutor, code: str) -> None:
    azure = after_task(1)
    azure.before["set_secret"] = [problem(ProblemKind.NOT_AUTHORIZED, code=code)]
    walked = carry_out(azure, pool)
    assert walked.waits == []
    assert "Settings, Networking" in walked.finished.progress.facts["create-secret"]["message"]


def test_what_the_portal_was_given_for_it_is_noted_even_if_the_worker_dies_in_between(pool: ThreadPoolExecutor) -> None:
    azure, tape = after_task(1), Tape()
    set_vault(azure, access_policies=())
    azure.after["add_access_policy"] = [Killed()]
    with pytest.raises(Killed):
        walk(TASK, Mode.CARRY_OUT, context(azure), pool, tape=tape)
    azure.before["set_secret"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = walk(TASK, Mode.CARRY_OUT, context(azure), pool, progress=tape.stored)
    assert walked.finished.progress.facts["create-secret"] == {
        "let_in": "set",
        "vault": NAMES.vault,
        "secret": NAMES.secret,
    }


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


def test_all_that_keeps_a_secret_from_being_used_is_told_at_once(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    azure.kept_secrets[NAMES.secret] = a_secret(enabled=False, expires=NOW - timedelta(days=1))
    finding = validate(azure, pool).finding("secret-usable")
    assert finding.reason == "secret_disabled"
    assert "disabled" in finding.found
    assert "expired" in finding.found
    assert "set Enabled to Yes and clear Set expiration date, then apply" in finding.next_step
    assert "az keyvault secret set " in finding.next_step, "enabled alone, it would still be expired"
    assert "set-attributes" not in finding.next_step


def test_dates_that_do_not_matter_pass(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    day = timedelta(days=1)
    azure.kept_secrets[NAMES.secret] = a_secret(not_before=NOW - day, expires=NOW + day)
    assert validate(azure, pool).verdict is Verdict.PASSED
