"""The challenge: what is foreseen, what happens, and that the machine has its access back."""

from __future__ import annotations

import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from steps.key_vault_managed_identity.challenge.prediction import OPTIONS, PREDICTION, RIGHT
from steps.kit.azure import ProblemKind
from steps.kit.records import AccessPolicy, Permission
from steps.kit.verdict import Verdict
from tests.steps.challenging import BACK, BY_ROLES, begun, both, by_roles, take
from tests.steps.disturbing import state_of
from tests.steps.fake_azure import (
    CONTRIBUTOR,
    GROUP_PATH,
    NAMES,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    FakeAzure,
    a_vault,
    after_task,
    assignment,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.portals_hand import LAB, Hand

WRONG = sorted({option.id for option in OPTIONS} - {RIGHT})


@both
def test_who_foresees_it_sees_the_403_and_has_the_access_back(pool: ThreadPoolExecutor, model: str) -> None:
    azure, names = begun(model)
    before = state_of(azure)
    walked = take(azure, pool, names)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == BACK
    assert state_of(azure) == before
    happened = walked.finding("what-happened")
    code = "ForbiddenByRbac" if names.by_roles else "AccessDenied"
    assert f"answered 403 Forbidden ({code}). Azure's words: No." in happened.found
    vaults = happened.sources[-1]
    assert (vaults.method, vaults.status) == ("GET", 403)
    assert vaults.path.startswith(f"{NAMES.vault_uri}secrets/{NAMES.secret}?")


@both
def test_the_machine_asks_with_the_access_gone_and_again_when_it_is_back(pool: ThreadPoolExecutor, model: str) -> None:
    azure, names = begun(model)
    had: list[bool] = []
    azure.hook = lambda call: (
        had.append(azure._has(azure.kept_vaults[0], "get", PRINCIPAL)) if "run_power" in call else None
    )
    take(azure, pool, names)
    assert had == [False, False, True, True], "asked and resumed, each time"


@pytest.mark.parametrize("answer", [*WRONG, ""])
def test_who_did_not_foresee_it_is_told_why_and_may_try_again(pool: ThreadPoolExecutor, answer: str) -> None:
    azure = after_task(3)
    before = state_of(azure)
    walked = take(azure, pool, answer=answer)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons() == BACK | {"prediction": "challenge_not_foreseen"}
    finding = walked.finding("prediction")
    assert "It answered 403." in finding.found
    assert "choose again" in finding.next_step
    said = next((option.label for option in OPTIONS if option.id == answer), "You had chosen nothing.")
    assert said in finding.found
    assert state_of(azure) == before
    assert take(azure, pool).verdict is Verdict.PASSED


def test_each_wrong_answer_is_answered_in_words_of_its_own(pool: ThreadPoolExecutor) -> None:
    told = {take(after_task(3), pool, answer=answer).finding("prediction").found for answer in WRONG}
    assert len(told) == len(WRONG)


def test_only_what_is_offered_is_kept_of_an_answer() -> None:
    assert [PREDICTION.keep(option.id) for option in OPTIONS] == [option.id for option in OPTIONS]
    assert PREDICTION.keep(f" {RIGHT} ") == RIGHT
    assert [PREDICTION.keep(other) for other in ("", "403", "refused; rm", "x" * 9999)] == [""] * 4


OWN = AccessPolicy(PRINCIPAL, NAMES.tenant_id, ("get", "purge"), ("sign",), ("list",))


def test_precisely_what_was_there_is_put_back_and_nobody_elses_access_is_touched(pool: ThreadPoolExecutor) -> None:
    other = policy_for("55555555-5555-4555-8555-555555555555", "get")
    bound = replace(policy_for(PRINCIPAL, "set"), application_id="77777777-7777-4777-8777-777777777777")
    azure = after_task(2)
    set_vault(azure, access_policies=(other, OWN, bound))
    assert take(azure, pool).verdict is Verdict.PASSED
    assert set(azure.kept_vaults[0].access_policies) == {other, OWN, bound}


def test_every_role_that_reads_goes_and_comes_back_and_others_stay(pool: ThreadPoolExecutor) -> None:
    secret = f"{a_vault().id}/secrets/{NAMES.secret}"
    azure = by_roles(
        assignment(SECRETS_OFFICER, PRINCIPAL, secret, name="two"),
        assignment(CONTRIBUTOR, PRINCIPAL, GROUP_PATH, name="three"),
    )
    before = state_of(azure)
    assert take(azure, pool, BY_ROLES).verdict is Verdict.PASSED
    assert state_of(azure) == before
    assert azure.calls["remove_role"] == azure.calls["assign_role"] == 2


def test_a_condition_on_the_role_is_there_again(pool: ThreadPoolExecutor) -> None:
    azure = by_roles()
    condition = "@Resource[a:b] StringEquals 'it''s'"
    azure.assignments = [replace(azure.assignments[0], condition=condition, description="For the lab's machine")]
    assert take(azure, pool, BY_ROLES).verdict is Verdict.PASSED
    assert [(one.condition, one.description) for one in azure.assignments] == [(condition, "For the lab's machine")]
    before = tuple(azure.assignments)
    azure.before["assign_role"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    step = take(azure, pool, BY_ROLES).finding("access-back").next_step
    assert shlex.split(step.split("`")[1])[-4:] == ["--condition", condition, "--condition-version", "2.0"]
    assert before != tuple(azure.assignments)


@both
def test_what_takes_azure_a_while_is_waited_for(pool: ThreadPoolExecutor, model: str) -> None:
    azure, names = begun(model)
    said, late = azure._on_the_vm, [True, False, True]  # it reads though it may not, then may not though it may

    def propagating(script: str) -> dict[str, Any]:
        if not late:
            return said(script)
        real, vault = said(script), azure.kept_vaults[0]
        if not late.pop(0):
            return real
        granted = azure._has(vault, "get", PRINCIPAL)
        policies, roles = vault.access_policies, list(azure.assignments)
        set_vault(azure, access_policies=() if granted else (policy_for(PRINCIPAL),))
        azure.assignments = [] if granted else [assignment(SECRETS_USER, PRINCIPAL, vault.id)]
        try:
            return said(script)
        finally:
            set_vault(azure, access_policies=policies)
            azure.assignments = roles

    azure._on_the_vm = propagating  # type: ignore[method-assign]
    walked = take(azure, pool, names)
    assert walked.verdict is Verdict.PASSED
    assert any("still gives" in text for text in walked.tape.texts)
    assert any("still turns" in text for text in walked.tape.texts)
    assert not late


def test_a_machine_that_goes_on_reading_is_nobodys_fault_and_the_access_is_back(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    before, grants = state_of(azure), azure._has
    azure._has = lambda vault, right, object_id: True  # type: ignore[method-assign]
    walked = take(azure, pool)
    azure._has = grants  # type: ignore[method-assign]
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.reasons()["what-happened"] == "challenge_still_reads"
    assert walked.finding("prediction").waits_for == "what-happened"
    assert state_of(azure) == before


def refusing(azure: FakeAzure, code: str) -> None:
    """The vault turns the machine away, for a reason of its own, while it has no access."""
    said = azure._on_the_vm

    def on_the_vm(script: str) -> dict[str, Any]:
        answer = said(script)
        if answer["stage"] == "secret":
            answer["body"] = answer["body"].replace("AccessDenied", code)
        return answer

    azure._on_the_vm = on_the_vm  # type: ignore[method-assign]


def test_a_refusal_for_another_reason_is_not_taken_for_this_one(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    refusing(azure, "ForbiddenByFirewall")
    walked = take(azure, pool)
    assert walked.reasons()["what-happened"] == "challenge_refused_otherwise"
    assert "Check Task 4" in walked.finding("what-happened").next_step


def test_what_the_vm_prints_in_vain_is_no_answer(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    azure.answer = lambda said: "nothing of use"
    walked = take(azure, pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.reasons()["what-happened"] == "challenge_no_answer"
    assert walked.reasons()["access-back"] == "challenge_not_read_again"


def stopped(azure: FakeAzure) -> None:
    assert azure.vm is not None
    azure.vm = replace(azure.vm, power_state="deallocated")


def no_access(azure: FakeAzure) -> None:
    set_vault(azure, access_policies=())


def may_not_give(azure: FakeAzure) -> None:
    azure.may = (Permission(("*",), ("Microsoft.KeyVault/vaults/accessPolicies/*",)),)


def no_secret(azure: FakeAzure) -> None:
    azure.kept_secrets.clear()


def goes_by_roles(azure: FakeAzure) -> None:
    set_vault(azure, rbac=True)


IN_THE_WAY = {
    "vm_not_running": (stopped, f"az vm start --resource-group {NAMES.resource_group}"),
    "policy_missing": (no_access, "az keyvault set-policy"),
    "challenge_may_not_put_back": (may_not_give, '--role "Key Vault Contributor"'),
    "secret_missing": (no_secret, f"Create {NAMES.secret}"),
    "vault_in_rbac_mode": (goes_by_roles, "--enable-rbac-authorization false"),
}


@pytest.mark.parametrize("reason", IN_THE_WAY)
def test_what_is_in_the_way_is_told_before_anything_is_touched(pool: ThreadPoolExecutor, reason: str) -> None:
    azure = after_task(3)
    in_the_way, said = IN_THE_WAY[reason]
    in_the_way(azure)
    before = state_of(azure)
    walked = take(azure, pool)
    finding = walked.finding("what-happened")
    assert (walked.verdict, finding.reason) == (Verdict.NOT_YET, reason)
    assert said in finding.next_step
    assert finding.next_step.endswith("Then take the challenge again.")
    assert finding.wanted.endswith("the vault turns it away.")
    assert walked.reasons()["access-back"] == "challenge_took_nothing"
    assert state_of(azure) == before
    assert not {"remove_access_policy", "remove_role", "run_powershell"} & set(azure.calls)
    assert not walked.finished.progress.did


@pytest.mark.parametrize("who", [PRINCIPAL, "group"])
def test_a_role_from_further_up_is_left_alone_and_nothing_is_begun(pool: ThreadPoolExecutor, who: str) -> None:
    azure = by_roles(assignment(SECRETS_USER, who, GROUP_PATH if who == PRINCIPAL else a_vault().id, name="up"))
    azure.groups = {PRINCIPAL: ("group",)}
    before = state_of(azure)
    walked = take(azure, pool, BY_ROLES)
    finding = walked.finding("what-happened")
    assert (walked.verdict, finding.reason) == (Verdict.NOT_YET, "challenge_access_inherited")
    assert ("az role assignment delete --ids" if who == PRINCIPAL else "az ad group member remove") in finding.next_step
    assert state_of(azure) == before


def test_undoing_and_cleaning_up_know_nothing_of_it(pool: ThreadPoolExecutor) -> None:
    """What the challenge gave back, the portal did not give: the student's own access stays the student's."""
    azure = after_task(3)
    hand = Hand(azure, pool)
    hand.remember(take(azure, pool).finished.progress)
    before = state_of(azure)
    assert hand.undo(LAB.task("grant-access")).verdict is Verdict.PASSED
    assert state_of(azure) == before
