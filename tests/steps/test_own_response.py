"""Task 4: the student's own response, told part by part, and what went wrong instead of one."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from steps.key_vault_managed_identity.grant_access.strangers import note_of
from steps.key_vault_managed_identity.read_secret.identifier import CURRENT_BEFORE
from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind, Pasted
from steps.key_vault_managed_identity.read_secret.own_response.recognise import keep
from steps.key_vault_managed_identity.read_secret.task import TASK
from steps.key_vault_managed_identity.reasons import REASONS
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.verdict import Choice, Finding, Verdict
from tests.steps.fake_azure import (
    CALLER,
    CLIENT_ID,
    NAMES,
    PRINCIPAL,
    VERSION,
    FakeAzure,
    a_secret,
    a_user_identity,
    a_vault_named,
    a_vm,
    a_vm_named,
    after_task,
    problem,
    refused,
    set_vault,
)
from tests.steps.mending import mend
from tests.steps.pastes import PASTES
from tests.steps.reading import RIGHT, answering, validate
from tests.steps.walking import context, walk

OTHER = "deadbeefdeadbeefdeadbeefdeadbeef"
OWN = "own-response"


def judged(kept: str, pool: ThreadPoolExecutor, azure: FakeAzure | None = None) -> Finding:
    return validate(azure or after_task(3), pool, kept).finding(OWN)


# Part by part


@pytest.mark.parametrize(
    ("identifier", "reason", "told"),
    [
        ("", "answer_missing", NAMES.vm),
        (RIGHT.replace(NAMES.vault, "kv-bert"), "answer_from_other_vault", "kv-bert"),
        (RIGHT.replace(NAMES.secret, "other"), "answer_of_other_secret", "other"),
        (RIGHT.replace(VERSION, OTHER), "answer_of_other_version", VERSION),
    ],
)
def test_the_identifier_is_compared_part_by_part(
    pool: ThreadPoolExecutor, identifier: str, reason: str, told: str
) -> None:
    walked = validate(after_task(3), pool, identifier)
    assert walked.verdict is Verdict.NOT_YET
    finding = walked.finding(OWN)
    assert finding.reason == reason
    assert told in finding.found + finding.next_step


def test_names_differ_by_more_than_case(pool: ThreadPoolExecutor) -> None:
    shouted = RIGHT.replace(NAMES.vault, NAMES.vault.upper()).replace(NAMES.secret, NAMES.secret.upper())
    assert judged(shouted, pool).reason == "answer_right"


def test_another_vault_or_secret_of_the_students_can_be_chosen(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.kept_vaults += [a_vault_named("kv-two"), a_vault_named("kv-far", resource_group="rg-bert")]
    azure.kept_secrets["second"] = a_secret(name="second")
    two = judged(RIGHT.replace(NAMES.vault, "kv-two"), pool, azure)
    assert two.choices == (Choice("vault", "kv-two", "My vault is kv-two"),)
    assert judged(RIGHT.replace(NAMES.vault, "kv-far"), pool, azure).choices == ()
    second = judged(RIGHT.replace(NAMES.secret, "second"), pool, azure)
    assert second.choices == (Choice("secret", "second", "My secret is second"),)


def test_a_look_that_only_explains_may_fail(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.before["vaults_in_subscription"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    assert judged(RIGHT.replace(NAMES.vault, "kv-two"), pool, azure).reason == "answer_from_other_vault"


def test_a_version_that_was_the_current_one_is_told_to_be_older(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    noted = judged(RIGHT, pool, azure).notes
    assert noted == {CURRENT_BEFORE: f"{NAMES.vault}/{NAMES.secret}/{VERSION}"}
    azure.kept_secrets[NAMES.secret] = a_secret(version=OTHER)
    ctx = context(azure, identifier=RIGHT)
    kept: dict[str, tuple[str, ...]] = {kind: (note,) for kind, note in noted.items()}
    older = walk(TASK, Mode.VALIDATE, replace(ctx, noted=kept), pool).finding(OWN)
    assert older.reason == "answer_of_older_version"
    assert VERSION in older.found
    assert OTHER in older.found


def test_where_arm_names_no_version_the_one_the_vm_read_counts(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.kept_secrets[NAMES.secret] = a_secret(version="")
    assert validate(azure, pool).verdict is Verdict.PASSED
    assert judged(RIGHT.replace(VERSION, OTHER), pool, azure).verdict is Verdict.NOT_YET
    assert (
        judged(RIGHT, pool, answering(refused(429, "Throttled") | {"id": ""}, azure=azure)).reason
        == "current_version_unknown"
    )


def test_a_right_response_waits_for_a_secret_that_is_gone(pool: ThreadPoolExecutor) -> None:
    walked = validate(after_task(1), pool)
    assert walked.finding(OWN).waits_for == "secret-read"


def test_what_was_pasted_of_a_deleted_secret_waits_for_one_that_is_gone_since(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)

    def answer(said: dict[str, Any]) -> str:
        azure.kept_secrets.clear()
        return json.dumps(said)

    azure.answer = answer
    finding = judged(keep(PASTES["a deleted secret"][0]), pool, azure)
    assert finding.waits_for == "secret-read"


# What went wrong instead


@pytest.mark.parametrize("name", list(PASTES))
def test_each_paste_leads_to_a_verdict_of_its_own_with_a_way_on(pool: ThreadPoolExecutor, name: str) -> None:
    finding = judged(keep(PASTES[name][0]), pool)
    reason = REASONS[finding.reason]
    assert finding.verdict is Verdict.NOT_YET
    assert finding.reason.startswith("answer_")
    assert finding.reason != "answer_missing"
    assert any(own in finding.next_step for own in (NAMES.vm, NAMES.vault, "Format-List", "third command", "three"))
    assert reason.why
    assert 2 <= len(reason.hints) <= 3
    assert "canary" not in str(finding)


def test_no_two_kinds_are_told_alike(pool: ThreadPoolExecutor) -> None:
    """But for those that differ only in which rule of the vault's said no, or in how it was found out."""
    kinds = {kind: judged(Pasted(kind).dump(), pool).reason for kind in Kind}
    alike = [
        {Kind.DENIED_BY_POLICY, Kind.DENIED_BY_RBAC},
    ]
    for one in Kind:
        same = {other for other in Kind if kinds[other] == kinds[one]}
        assert same == {one} or same in alike, same


def of(kind: Kind, **facts: str) -> str:
    return Pasted(kind, facts).dump()


BEFORE = "99999999-9999-4999-8999-999999999999"
LENT = "88888888-8888-4888-8888-888888888888"
BERT = "77777777-7777-4777-8777-777777777777"
STRANGER = "12345678-1234-4234-8234-123456789abc"
AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
CLOUD_SHELL = "b677c290-cf4b-4a8e-a60e-91ba650a4abe"


def crowded() -> FakeAzure:
    """Anna's VM with an identity lent to it, and Bert's beside it."""
    azure = after_task(2)
    azure.vm = a_vm(user_identities=(a_user_identity("id-web", LENT),))
    azure.other_vms = [a_vm_named("vm-bert", BERT)]
    return azure


@pytest.mark.parametrize(
    ("oid", "appid", "reason", "told"),
    [
        (BERT, STRANGER, "answer_from_other_vm", "vm-bert"),
        (LENT, STRANGER, "answer_from_user_assigned", "id-web"),
        (BEFORE, STRANGER, "answer_from_former_identity", NAMES.vm),
        (CALLER, STRANGER, "answer_from_own_account", "your connection"),
        (STRANGER, AZ, "answer_from_own_account", "the Azure CLI"),
        (STRANGER, CLOUD_SHELL, "answer_from_own_account", "Cloud Shell"),
        (STRANGER, STRANGER, "answer_from_other_identity", STRANGER),
    ],
)
def test_where_a_token_was_really_taken_is_told_from_its_ids(
    pool: ThreadPoolExecutor, oid: str, appid: str, reason: str, told: str
) -> None:
    had_before: dict[str, tuple[str, ...]] = {
        note: (text,) for note, text in note_of(a_vm(principal_id=BEFORE)).items()
    }
    for kind in (Kind.TOKEN, Kind.DENIED_BY_POLICY, Kind.DENIED_BY_RBAC, Kind.FIREWALL, Kind.FORBIDDEN):
        ctx = context(crowded(), identifier=of(kind, oid=oid, appid=appid))
        ctx = replace(ctx, noted=had_before)
        finding = walk(TASK, Mode.VALIDATE, ctx, pool).finding(OWN)
        assert finding.reason == reason
        assert told in finding.found
        assert NAMES.vm in finding.next_step


def test_the_application_id_of_the_vm_is_the_vms(pool: ThreadPoolExecutor) -> None:
    azure = crowded()
    assert azure.client_ids[PRINCIPAL] == CLIENT_ID
    assert judged(of(Kind.TOKEN, appid=CLIENT_ID), pool, azure).reason == "answer_is_the_token"
    assert judged(of(Kind.TOKEN, appid=STRANGER), pool, azure).reason == "answer_from_other_identity"


def test_what_a_token_is_for_and_where_it_comes_from_comes_before_whose_it_is(pool: ThreadPoolExecutor) -> None:
    management = judged(of(Kind.TOKEN, oid=STRANGER, aud="management"), pool)
    assert management.reason == "answer_token_for_other_audience"
    assert "management.azure.com" in management.found
    tenant = judged(of(Kind.TOKEN, oid=STRANGER, aud="vault", tid=STRANGER), pool)
    assert tenant.reason == "answer_token_of_other_tenant"
    assert STRANGER in tenant.found
    assert judged(of(Kind.TOKEN, oid=PRINCIPAL, aud="vault", tid=NAMES.tenant_id), pool).reason == "answer_is_the_token"


def test_a_denial_of_the_vm_itself_is_told_by_whether_it_is_let_in_by_now(pool: ThreadPoolExecutor) -> None:
    kept = of(Kind.DENIED_BY_POLICY, oid=PRINCIPAL, vault=NAMES.vault)
    assert judged(kept, pool, after_task(2)).reason == "answer_denied"
    assert judged(kept, pool, after_task(3)).reason == "answer_denied_earlier"
    azure = after_task(3)
    azure.before["run_powershell"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    assert judged(kept, pool, azure).reason == "answer_denied"


@pytest.mark.parametrize("kind", [Kind.DENIED_BY_POLICY, Kind.DENIED_BY_RBAC, Kind.FIREWALL, Kind.VAULT_UNRESOLVED])
def test_a_vault_that_is_not_the_students_is_told_first(pool: ThreadPoolExecutor, kind: Kind) -> None:
    finding = judged(of(kind, oid=BERT, vault="kv-bert"), pool)
    assert finding.reason == "answer_asked_other_vault"
    assert "kv-bert" in finding.found
    assert NAMES.vault_uri in finding.next_step


def test_a_secret_that_was_not_found_is_told_by_its_name(pool: ThreadPoolExecutor) -> None:
    typo = judged(of(Kind.SECRET_NOT_FOUND, secret="mi-tset"), pool)
    assert typo.reason == "answer_asked_other_secret"
    assert "mi-tset" in typo.found
    there = judged(of(Kind.SECRET_NOT_FOUND, secret=NAMES.secret), pool)
    assert (there.reason, "is there now" in there.next_step) == ("answer_secret_not_found", True)
    gone = judged(of(Kind.SECRET_NOT_FOUND, secret=NAMES.secret), pool, after_task(1))
    assert "Do Task 2" in gone.next_step


def test_what_was_put_right_since_is_told_to_be_tried_again(pool: ThreadPoolExecutor) -> None:
    assert "is enabled now" in judged(of(Kind.SECRET_DISABLED), pool).next_step
    azure = after_task(3)
    azure.kept_secrets[NAMES.secret] = a_secret(enabled=False)
    assert "--enabled true" in judged(of(Kind.SECRET_DISABLED), pool, azure).next_step
    assert "has its identity now" in judged(of(Kind.NO_IDENTITY), pool).next_step
    azure = after_task(3)
    azure.vm = a_vm(principal_id="", identity_type="")
    assert "az vm identity assign" in judged(of(Kind.NO_IDENTITY), pool, azure).next_step


DENY = "44444444-4444-4444-8444-444444444444"


def test_a_deny_assignment_is_named_while_it_counts(pool: ThreadPoolExecutor) -> None:
    kept = of(Kind.DENIED_BY_RBAC, oid=PRINCIPAL, vault=NAMES.vault, deny=DENY)
    met = judged(kept, pool, after_task(2))
    assert met.reason == "answer_met_deny_assignment"
    assert DENY in met.found
    assert judged(kept, pool).reason == "answer_denied_earlier"


@pytest.mark.parametrize("kind", [Kind.DENIED_BY_POLICY, Kind.DENIED_BY_RBAC, Kind.FORBIDDEN])
def test_where_only_time_helps_a_refusal_waits_and_the_portal_looks_again(pool: ThreadPoolExecutor, kind: Kind) -> None:
    kept, fresh = of(kind), refused(403, "Forbidden", "AccessDenied")
    walked = validate(answering(fresh), pool, kept)
    assert walked.finding(OWN).waits_for == "secret-read"
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert len(walked.waits) > 1
    in_effect = validate(answering(fresh, times=2), pool, kept)
    assert in_effect.finding("secret-read").reason == "secret_read_by_vm"
    assert "once more" in in_effect.finding(OWN).next_step


def test_a_check_that_ends_at_once_promises_no_look_that_does_not_come(pool: ThreadPoolExecutor) -> None:
    busy = {"stage": "token", "status": 429, "body": "", "oid": "", "id": ""}
    for change in (refused(403, "Forbidden", "AccessDenied"), busy):
        walked = validate(answering(change), pool, of(Kind.ID_LEFT_OUT))
        assert (walked.verdict, walked.waits) == (Verdict.NOT_YET, [1.0])
        unclear = [one for one in walked.tape.evidence.values() if one.finding.verdict is Verdict.COULD_NOT_TELL]
        told = [one.finding for one in unclear if not one.finding.waits_for]
        assert told
        assert all("while this check goes on" in one.next_step for one in told)


@pytest.mark.parametrize("right", ["list", "set", "delete"])
def test_another_right_than_to_get_is_named(pool: ThreadPoolExecutor, right: str) -> None:
    finding = judged(of(Kind.DENIED_BY_POLICY, oid=PRINCIPAL, vault=NAMES.vault, right=right), pool)
    assert finding.reason == "answer_denied_another_right"
    assert f"may not {right} secrets" in finding.found


def test_http_in_the_address_of_another_vault_is_told_as_another_vault(pool: ThreadPoolExecutor) -> None:
    assert judged(of(Kind.WRONG_SCHEME, to="vault", vault="kv-bert"), pool).reason == "answer_asked_other_vault"


def test_the_address_of_a_firewall_is_told(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    set_vault(azure, default_action="Deny")
    kept = of(Kind.FIREWALL, oid=PRINCIPAL, vault=NAMES.vault, address="20.1.2.3")
    closed = judged(kept, pool, azure)
    assert "20.1.2.3" in closed.found
    assert "--default-action Allow" in closed.next_step
    assert f"lets {NAMES.vm} in now" in judged(kept, pool).next_step
    no_policy = after_task(2)
    assert "is open to all networks now" in judged(kept, pool, no_policy).next_step


def test_a_vm_that_cannot_be_looked_at_names_nobody_wrongly(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    azure.before["virtual_machine"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(50)]
    assert judged(of(Kind.TOKEN, oid=STRANGER, aud="vault"), pool, azure).reason == "answer_is_the_token"


def test_without_a_vm_there_is_nothing_an_error_could_mean(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.vm = None
    assert judged(of(Kind.DENIED_BY_POLICY, oid=STRANGER), pool, azure).waits_for == "vm-answered"
    assert judged(RIGHT, pool, azure).reason == "answer_right"


def test_after_a_repair_that_ends_at_the_missing_paste_the_portal_may_do_the_rest(pool: ThreadPoolExecutor) -> None:
    offer = "Or leave that to the portal as well, where this page offers Have the portal do it"
    walked = mend("add-policy-for-vm", TASK, context(after_task(2)), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("own-response").reason == "answer_missing"
    assert offer in walked.finding("own-response").next_step
    walked = walk(TASK, Mode.VALIDATE, context(after_task(3)), pool)
    assert walked.finding("own-response").reason == "answer_missing"
    assert offer not in walked.finding("own-response").next_step, "who does it alone is not asked to give it away"
