"""Task 4: each way the vault can refuse the VM, and each way its token can go wrong."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from steps.key_vault_managed_identity.read_secret.task import TASK
from steps.key_vault_managed_identity.read_secret.vm_access import REFUSED_SINCE
from steps.kit.course import Mode
from steps.kit.patience import RECHECK_WAITS
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CONTRIBUTOR,
    GROUP_PATH,
    NAMES,
    PRINCIPAL,
    SECRETS_USER,
    FakeAzure,
    a_secret,
    a_user_identity,
    a_vault,
    a_vm,
    after_task,
    assignment,
    refused,
    set_vault,
)
from tests.steps.reading import RIGHT, answering, by_role, validate
from tests.steps.walking import Walk, context, walk

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
FIREWALL = (
    "Client address is not authorized and caller is not a trusted service.\r\nClient address: 20.1.2.3\r\nCaller: x"
)


def with_secret(**changes: Any) -> FakeAzure:
    azure = after_task(3)
    azure.kept_secrets[NAMES.secret] = a_secret(**changes)
    return azure


def with_vault(**changes: Any) -> FakeAzure:
    azure = after_task(3)
    set_vault(azure, **changes)
    return azure


CLOSED = {"default_action": "Deny"}
REFUSALS: dict[str, tuple[dict[str, Any], FakeAzure, str]] = {
    "401 issuer": (refused(401, "Unauthorized", message="AKV10032: Invalid issuer."), after_task(3), "issuer"),
    "by policy": (refused(403, "Forbidden", "AccessDenied"), after_task(2), "denies_vm"),
    "by policy, the newer word": (refused(403, "Forbidden", "ForbiddenByPolicy"), after_task(2), "denies_vm"),
    "firewall": (refused(403, "Forbidden", "ForbiddenByFirewall", FIREWALL), with_vault(**CLOSED), "firewall"),
    "private": (refused(403, "Forbidden", "ForbiddenByConnection"), with_vault(public_access=False), "networks"),
    "disabled": (refused(403, "Forbidden", "SecretDisabled"), with_secret(enabled=False), "disabled_secret"),
    "expired": (refused(403, "Forbidden", "SecretExpired"), with_secret(expires=YESTERDAY), "outside_dates"),
}


@pytest.mark.parametrize(("change", "azure", "reason"), REFUSALS.values(), ids=list(REFUSALS))
def test_each_refusal_of_the_vault_is_told_with_a_way_out(
    pool: ThreadPoolExecutor, change: dict[str, Any], azure: FakeAzure, reason: str
) -> None:
    walked = validate(answering(change, azure=azure), pool)
    finding = walked.finding("secret-read")
    assert walked.verdict is Verdict.NOT_YET
    assert finding.verdict is Verdict.NOT_YET
    assert finding.reason.endswith(reason)
    assert any(name in finding.next_step for name in (NAMES.vault, NAMES.secret, NAMES.vm, "vault.azure.net"))
    assert walked.waits == [1.0]


def test_a_403_that_nobody_foresaw_is_told_in_azures_words_and_without_a_token(pool: ThreadPoolExecutor) -> None:
    change = refused(403, "Forbidden", "SomethingNew", "Words with eyJhbGciOi.eyJvaWQi.c2ln in them.")
    walked = validate(answering(change), pool)
    finding = walked.finding("secret-read")
    assert (walked.verdict, finding.verdict) == (Verdict.COULD_NOT_TELL, Verdict.COULD_NOT_TELL)
    assert "SomethingNew Words with [token] in them." in finding.found
    assert "eyJ" not in str(walked.tape.evidence)


def test_dates_are_blamed_only_where_azure_speaks_of_them(pool: ThreadPoolExecutor) -> None:
    azure = with_secret(expires=YESTERDAY)
    other = validate(answering(refused(403, "Forbidden", "SomethingNew", "Words."), azure=azure), pool)
    assert other.finding("secret-read").reason == "vault_forbids"


def test_the_address_that_azure_names_is_told(pool: ThreadPoolExecutor) -> None:
    finding = validate(answering(*REFUSALS["firewall"][:1], azure=with_vault(**CLOSED)), pool).finding("secret-read")
    assert "20.1.2.3" in finding.found
    assert "add 20.1.2.3 under Firewall" in finding.next_step


BUSY: dict[str, tuple[dict[str, Any], str]] = {
    "401 audience": (refused(401, "Unauthorized", message="AKV10022: Invalid audience."), "vault_refuses_audience"),
    "401 otherwise": (refused(401, "Unauthorized", message="[TokenExpired]"), "vault_refuses_token"),
    "a fresh policy": (refused(403, "Forbidden", "AccessDenied"), "policy_not_in_effect_yet"),
    "a fresh switch": (refused(403, "Forbidden", "ForbiddenByRbac"), "model_switch_not_in_effect_yet"),
    "an opened firewall": (refused(403, "Forbidden", "ForbiddenByFirewall", FIREWALL), "firewall_still_in_effect"),
    "an enabled secret": (refused(403, "Forbidden", "SecretDisabled"), "secret_enabled_meanwhile"),
    "a fresh secret": (refused(404, "SecretNotFound"), "secret_not_seen_by_vm_yet"),
    "throttling": (refused(429, "Throttled"), "vault_busy"),
    "an error of Azure's": (refused(503, "Busy"), "vault_busy"),
    "no connection": ({**refused(0, ""), "body": "", "error": "Unable to connect"}, "vault_unreachable_from_vm"),
    "no name": (
        {**refused(0, ""), "body": "", "error": "The remote name could not be resolved: 'x'"},
        "vault_unresolved_on_vm",
    ),
    "no name, in German": (
        {**refused(0, ""), "body": "", "error": "Nicht auflösbar", "failure": "NameResolutionFailure"},
        "vault_unresolved_on_vm",
    ),
    "forbidden": (refused(403, "Forbidden", "SomethingNew", "Words."), "vault_forbids"),
    "a proxy": (refused(407, ""), "proxy_on_vm"),
    "no trust": ({**refused(0, ""), "body": "", "error": "x", "failure": "TrustFailure"}, "vault_not_trusted_on_vm"),
    "no TLS": (
        {**refused(0, ""), "body": "", "error": "x", "failure": "SecureChannelFailure"},
        "vault_tls_failed_on_vm",
    ),
    "another status": (refused(418, "Teapot"), "vault_answer_unknown"),
    "no digest": ({"stage": "digest"}, "proof_not_made"),
    "another secret": ({"id": RIGHT.replace(NAMES.secret, "other")}, "other_secret_answered"),
    "another version": ({"id": RIGHT[:-1] + "f"}, "version_replaced_meanwhile"),
}


@pytest.mark.parametrize("how", ["no name", "no connection"])
def test_a_vault_deleted_while_the_machine_asked_is_told_once_and_not_as_a_network_in_trouble(
    pool: ThreadPoolExecutor, how: str
) -> None:
    azure = after_task(3)

    def answer(said: dict[str, Any]) -> str:
        azure.delete_vault(NAMES.resource_group, NAMES.vault)
        return json.dumps(said | BUSY[how][0])

    azure.answer = answer
    walked = validate(azure, pool)
    assert walked.finding("secret-read").reason == "vault_missing"
    assert walked.finding("same-identity").waits_for == "secret-read"


@pytest.mark.parametrize(("change", "reason"), BUSY.values(), ids=list(BUSY))
def test_what_the_student_cannot_mend_is_asked_again_and_never_held_against_them(
    pool: ThreadPoolExecutor, change: dict[str, Any], reason: str
) -> None:
    walked = validate(answering(change), pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finding("secret-read").reason == reason
    assert walked.finished.progress.rechecks == len(RECHECK_WAITS)
    assert validate(answering(change, times=1), pool).verdict is Verdict.PASSED


def test_a_secret_that_vanished_while_the_vm_was_asked_is_missing(pool: ThreadPoolExecutor) -> None:
    azure = answering(refused(404, "SecretNotFound"))

    def vanish(call: str) -> None:
        if call == "resume_run_powershell":
            azure.kept_secrets.clear()

    azure.hook = vanish
    finding = validate(azure, pool).finding("secret-read")
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "vm_found_no_secret")


def test_since_when_a_right_is_ignored_is_remembered_and_told(pool: ThreadPoolExecutor) -> None:
    azure = answering(refused(403, "Forbidden", "AccessDenied"))
    first = validate(azure, pool).finding("secret-read")
    whose, _, when = first.notes[REFUSED_SINCE].partition(" ")
    assert whose == PRINCIPAL
    assert "first seen" not in first.found
    earlier = f"{datetime.now(UTC) - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
    noted: dict[str, tuple[str, ...]] = {
        REFUSED_SINCE: (f"someone {when}", f"{PRINCIPAL} 2020-01-01T00:00:00Z", f"{PRINCIPAL} {earlier}")
    }
    ctx = replace(context(azure, identifier=RIGHT), noted=noted)
    again = walk(TASK, Mode.VALIDATE, ctx, pool).finding("secret-read")
    assert f"first seen at {earlier[11:16]} UTC, 5 minutes ago" in again.found
    assert again.notes == {}


def test_who_reads_by_no_policy_of_its_own_is_credited_with_the_reading(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    set_vault(azure, access_policies=())
    reading = {"stage": "done", "status": 0, "body": "", "id": RIGHT, "oid": PRINCIPAL, "digest": "x"}
    walked = validate(answering(reading, azure=azure), pool)
    assert walked.finding("secret-read").verdict is Verdict.PASSED
    finding = walked.finding("same-identity")
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "read_without_own_policy")
    assert "a group" in finding.found
    assert "The reading counts" in finding.next_step


DENY = "44444444-4444-4444-8444-444444444444"
DENIED_BY = (
    "Caller is not authorized to perform action on resource.\r\nResource: '/subscriptions/" + "x" * 600 + "'\r\n"
    f"Assignment: (not found)\r\nDenyAssignmentId: {{}}\r\nDecisionReason: null \r\nVault: {NAMES.vault};location=x"
)


@pytest.mark.parametrize("named", [DENY, f"'{DENY}'", f"'/subscriptions/x/providers/y/denyAssignments/{DENY}'"])
def test_a_deny_assignment_is_no_delay(pool: ThreadPoolExecutor, named: str) -> None:
    change = refused(403, "Forbidden", "ForbiddenByRbac", DENIED_BY.format(named))
    walked = validate(answering(change, azure=by_role()), pool, by_roles=True)
    finding = walked.finding("secret-read")
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "vault_denies_by_deny_assignment")
    assert DENY in finding.found


def test_no_deny_assignment_leaves_the_delay_that_it_is(pool: ThreadPoolExecutor) -> None:
    change = refused(403, "Forbidden", "ForbiddenByRbac", DENIED_BY.format("null"))
    finding = validate(answering(change, azure=by_role()), pool, by_roles=True).finding("secret-read")
    assert finding.reason == "role_not_in_effect_yet"


# By roles


def test_by_roles_a_role_that_opens_the_secret_passes_wherever_it_was_given(pool: ThreadPoolExecutor) -> None:
    for scope in (a_vault().id, GROUP_PATH):
        walked = validate(by_role(scope=scope), pool, by_roles=True)
        assert walked.verdict is Verdict.PASSED
        assert walked.finding("same-identity").reason == "role_matches_token"
        assert "Key Vault Secrets User" in walked.finding("same-identity").found


def test_by_roles_one_on_the_secret_alone_counts(pool: ThreadPoolExecutor) -> None:
    on_secret = by_role(scope=f"{a_vault().id}/secrets/{NAMES.secret}")
    walked = validate(answering(refused(403, "Forbidden", "ForbiddenByRbac"), azure=on_secret), pool, by_roles=True)
    assert walked.finding("secret-read").reason == "role_not_in_effect_yet"
    assert walked.finding("same-identity").reason == "role_matches_token"


@pytest.mark.parametrize(
    "azure", [by_role(CONTRIBUTOR), by_role(scope=f"{GROUP_PATH}/providers/Microsoft.KeyVault/vaults/kv-other")]
)
def test_by_roles_one_that_manages_only_or_stands_elsewhere_is_none(pool: ThreadPoolExecutor, azure: FakeAzure) -> None:
    walked = validate(azure, pool, by_roles=True)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("secret-read").reason == "vault_wants_role"
    assert walked.finding("same-identity").waits_for == "secret-read"
    assert PRINCIPAL in walked.finding("secret-read").next_step
    busy = validate(answering(refused(429, "Throttled"), azure=azure), pool, by_roles=True)
    assert busy.finding("same-identity").reason == "no_role_for_token_identity"
    assert PRINCIPAL in busy.finding("same-identity").next_step


def test_by_roles_a_fresh_role_is_waited_for(pool: ThreadPoolExecutor) -> None:
    azure = answering(refused(403, "Forbidden", "ForbiddenByRbac"), azure=by_role(), times=2)
    assert validate(azure, pool, by_roles=True).verdict is Verdict.PASSED
    azure = answering(refused(403, "Forbidden", "ForbiddenByRbac"), azure=by_role())
    finding = validate(azure, pool, by_roles=True).finding("secret-read")
    assert (finding.verdict, finding.reason) == (Verdict.COULD_NOT_TELL, "role_not_in_effect_yet")
    assert "ten minutes" in finding.found


def test_by_roles_a_vault_switched_to_roles_just_now_is_waited_for(pool: ThreadPoolExecutor) -> None:
    azure = answering(refused(403, "Forbidden", "AccessDenied"), azure=by_role())
    assert validate(azure, pool, by_roles=True).finding("secret-read").reason == "model_switch_not_in_effect_yet"


@pytest.mark.parametrize("by_roles", [True, False])
def test_a_vault_of_the_other_model_is_told_once_with_the_choice(pool: ThreadPoolExecutor, by_roles: bool) -> None:
    azure = after_task(2)
    set_vault(azure, rbac=not by_roles)
    walked = validate(azure, pool, by_roles=by_roles)
    finding = walked.finding("secret-read")
    assert finding.reason == ("vault_goes_by_policies" if by_roles else "vault_in_rbac_mode")
    assert finding.choices
    assert len(finding.sources) == 2
    assert walked.finding("same-identity").waits_for == "secret-read"


def test_a_role_read_with_in_a_lab_by_policies_is_right_and_only_the_choice_is_missing(
    pool: ThreadPoolExecutor,
) -> None:
    azure = after_task(3)
    set_vault(azure, rbac=True)
    azure.assignments.append(assignment(SECRETS_USER, PRINCIPAL, a_vault().id))
    walked = validate(azure, pool)
    assert walked.finding("secret-read").reason == "secret_read_by_vm"
    assert walked.finding("same-identity").reason == "done_by_roles"
    assert [one.value for one in walked.finding("same-identity").choices] == ["roles"]


def on_a_condition(pool: ThreadPoolExecutor, azure: FakeAzure) -> Walk:
    condition = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'x'"
    azure.assignments = [replace(one, condition=condition) for one in azure.assignments]
    return validate(azure, pool, by_roles=True)


def test_whether_a_condition_is_met_the_vault_tells(pool: ThreadPoolExecutor) -> None:
    walked = on_a_condition(pool, by_role())
    assert walked.finding("same-identity").reason == "role_matches_token"
    refusing = answering(refused(403, "Forbidden", "ForbiddenByRbac"), azure=by_role())
    walked = on_a_condition(pool, refusing)
    assert walked.finding("secret-read").reason == "condition_not_met"
    assert walked.finding("same-identity").waits_for == "secret-read"


# The token


def imds(status: int, body: dict[str, str] | None = None) -> dict[str, Any]:
    return {"stage": "token", "status": status, "body": json.dumps(body or {}), "oid": ""}


def not_given(description: str) -> dict[str, Any]:
    return imds(400, {"error": "invalid_request", "error_description": description})


TOKENS: dict[str, tuple[dict[str, Any], Verdict, str]] = {
    "no identity": (not_given("Identity not found"), Verdict.COULD_NOT_TELL, "imds_identity_not_found"),
    "several": (not_given("Multiple user assigned identities exist, x"), Verdict.NOT_YET, "imds_many_identities"),
    "refused": (imds(400, {"error": "invalid_resource"}), Verdict.COULD_NOT_TELL, "imds_refused"),
    "404": (imds(404), Verdict.COULD_NOT_TELL, "imds_updating"),
    "410": (imds(410), Verdict.COULD_NOT_TELL, "imds_updating"),
    "429": (imds(429), Verdict.COULD_NOT_TELL, "imds_busy"),
    "403": (imds(403), Verdict.COULD_NOT_TELL, "imds_refused"),
    "407": (imds(407), Verdict.COULD_NOT_TELL, "proxy_on_vm"),
    "500": (imds(500), Verdict.COULD_NOT_TELL, "imds_failed"),
    "no answer": (imds(0), Verdict.COULD_NOT_TELL, "imds_unreachable"),
    "no token": ({"stage": "claims", "oid": ""}, Verdict.COULD_NOT_TELL, "token_unreadable"),
    "former": ({"oid": "someone"}, Verdict.NOT_YET, "token_of_former_identity"),
    "other": ({"oid": "someone", "mirid": ""}, Verdict.NOT_YET, "token_of_other_identity"),
    "audience": ({"aud": "https://management.azure.com"}, Verdict.COULD_NOT_TELL, "token_for_other_audience"),
    "tenant": ({"tid": "someone-elses"}, Verdict.NOT_YET, "token_of_other_tenant"),
}


@pytest.mark.parametrize(("change", "verdict", "reason"), TOKENS.values(), ids=list(TOKENS))
def test_each_way_the_token_can_go_wrong_is_told(
    pool: ThreadPoolExecutor, change: dict[str, Any], verdict: Verdict, reason: str
) -> None:
    finding = validate(answering(change), pool).finding("token")
    assert (finding.verdict, finding.reason) == (verdict, reason)
    assert NAMES.vm in finding.wanted


def test_the_machine_that_a_strange_token_belongs_to_is_named(pool: ThreadPoolExecutor) -> None:
    mirid = a_vm().id.replace("vm-anna", "vm-bert")
    assert "vm-bert" in validate(answering({"oid": "x", "mirid": mirid}), pool).finding("token").found
    odd = validate(answering({"oid": "x", "mirid": "<script>"}), pool).finding("token").found
    assert "script" not in odd


def test_a_user_assigned_identity_that_the_metadata_service_took_is_named(pool: ThreadPoolExecutor) -> None:
    azure = answering({"oid": "lent", "stage": "secret", **refused(403, "Forbidden", "AccessDenied")})
    azure.vm = a_vm(principal_id="", identity_type="UserAssigned", user_identities=(a_user_identity("id-web", "lent"),))
    finding = validate(azure, pool).finding("token")
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "token_of_user_assigned_identity")
    assert "id-web" in finding.found


def test_an_identity_that_is_off_is_told(pool: ThreadPoolExecutor) -> None:
    azure = answering({"oid": PRINCIPAL, "stage": "done"})
    azure.vm = a_vm(principal_id="")
    assert validate(azure, pool).finding("token").reason == "vm_identity_off"
    azure = after_task(3)
    azure.vm = a_vm(principal_id="")
    assert validate(azure, pool).finding("token").reason == "vm_identity_off"


def test_an_identity_that_was_just_switched_on_is_waited_for(pool: ThreadPoolExecutor) -> None:
    azure = answering(not_given("Identity not found"), times=2)
    assert validate(azure, pool).verdict is Verdict.PASSED


def test_without_a_token_the_other_checks_wait_and_claim_nothing(pool: ThreadPoolExecutor) -> None:
    walked = validate(answering(not_given("Identity not found")), pool)
    assert walked.finding("secret-read").waits_for == "token"
    assert walked.finding("same-identity").waits_for == "token"
