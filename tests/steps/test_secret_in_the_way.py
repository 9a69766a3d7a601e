"""Task 2 where something stands in the way of the next step: a closed network, a right that lacks, Azure in trouble."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from steps.kit.azure import TRANSIENT, ProblemKind
from steps.kit.course import Mode
from steps.kit.verdict import Finding, Verdict
from steps.registry import LABS
from tests.steps.fake_azure import CALLER, NAMES, FakeAzure, a_secret, after_task, policy_for, problem, set_vault
from tests.steps.walking import context, walk

LAB = LABS["key-vault-managed-identity"]
TASK = LAB.task("create-secret")
OPEN = "--public-network-access Enabled --default-action Allow`"
NETWORKS: dict[str, dict[str, Any]] = {
    "lets in nobody.": {"default_action": "Deny"},
    "lets in only the addresses that it names.": {"default_action": "Deny", "let_in": ("198.51.100.7",)},
    "lets in nobody from the internet.": {"public_access": False},
}


def found(azure: FakeAzure, pool: ThreadPoolExecutor, check: str = "secret-exists") -> Finding:
    return walk(TASK, Mode.VALIDATE, context(azure), pool).finding(check)


@pytest.mark.parametrize("said", NETWORKS)
@pytest.mark.parametrize("check", ["secret-exists", "secret-usable"])
def test_a_closed_network_is_told_with_what_there_is_to_do(pool: ThreadPoolExecutor, said: str, check: str) -> None:
    azure = after_task(1 if check == "secret-exists" else 2)
    if check == "secret-usable":
        azure.kept_secrets[NAMES.secret] = a_secret(enabled=False)
    set_vault(azure, **NETWORKS[said])
    finding = found(azure, pool, check)
    assert said in f"{finding.found} {finding.next_step}"
    assert OPEN in finding.next_step.replace("Allow`.", "Allow`")


@pytest.mark.parametrize("said", NETWORKS)
def test_a_vault_that_turns_away_whoever_makes_the_secret_can_be_opened_by_the_portal(
    pool: ThreadPoolExecutor, said: str
) -> None:
    """Where it lets some in, that shows only once it has turned the portal away."""
    azure = after_task(1)
    set_vault(azure, **NETWORKS[said])
    some = "only the addresses" in said
    assert found(azure, pool).reason == ("secret_missing" if some else "secret_missing_network_closed")
    refused = problem(ProblemKind.NOT_AUTHORIZED, code="ForbiddenByFirewall")
    azure.before["set_secret"] = [refused for _ in range(9)]
    finding = walk(TASK, Mode.CARRY_OUT, context(azure), pool).finding("secret-exists")
    assert finding.reason == "secret_missing_network_closed"
    assert "open-network" in LAB.reasons[finding.reason].remedies
    assert "turned away?" not in finding.next_step
    assert ("from one of these addresses" in finding.next_step) is some


def test_of_an_open_network_there_is_no_word(pool: ThreadPoolExecutor) -> None:
    assert "network" not in found(after_task(1), pool).next_step


def test_who_may_not_recover_is_told_how_to_be_let_in(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, access_policies=(policy_for(CALLER, "get", "set"),))
    azure.deleted_secrets[NAMES.secret] = a_secret()
    finding = found(azure, pool)
    assert finding.reason == "secret_deleted"
    assert "It may not recover secrets" in finding.next_step
    assert f"--object-id {CALLER} --secret-permissions get list set delete recover" in finding.next_step


def test_a_deleted_secret_that_only_the_portals_own_try_ran_into_is_told(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.before["deleted_secret"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
    azure.before["set_secret"] = [problem(ProblemKind.NAME_IN_DELETED_STATE, code="ObjectIsDeletedButRecoverable")]
    walked = walk(TASK, Mode.CARRY_OUT, context(azure), pool)
    finding = walked.finding("secret-exists")
    assert finding.reason == "secret_deleted"
    assert f"{NAMES.secret} was deleted. {NAMES.vault} keeps it, and with it the name" in finding.found
    assert "az keyvault secret recover" in finding.next_step


@pytest.mark.parametrize("kind", sorted(TRANSIENT))
def test_azure_in_trouble_while_the_portal_made_it_is_not_held_against_anybody(
    pool: ThreadPoolExecutor, kind: ProblemKind
) -> None:
    azure = after_task(1)
    azure.before["set_secret"] = [problem(kind) for _ in range(99)]
    walked = walk(TASK, Mode.CARRY_OUT, context(azure), pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    finding = walked.finding("secret-exists")
    assert (finding.verdict, finding.reason) == (Verdict.COULD_NOT_TELL, "secret_missing")
    assert "That is Azure's trouble, not yours. In a few minutes let the portal try once more." in finding.next_step
    assert sum(walked.waits) < 600, "looking again would make nothing, so it is not done"


@pytest.mark.parametrize(("ahead", "said"), [(20, "1 minute from now"), (61, "2 minutes from now"), (7200, "")])
def test_an_activation_that_is_near_can_be_waited_for(pool: ThreadPoolExecutor, ahead: int, said: str) -> None:
    azure = after_task(2)
    azure.kept_secrets[NAMES.secret] = a_secret(not_before=datetime.now(UTC) + timedelta(seconds=ahead))
    finding = found(azure, pool, "secret-usable")
    assert finding.reason == "secret_not_active_yet"
    assert said in finding.next_step
    assert ("Or wait until then" in finding.next_step) == bool(said)


@pytest.mark.parametrize(("hours", "reason"), [(1, "secret_expires_soon"), (48, "secret_usable")])
def test_an_expiry_that_is_near_is_a_remark_on_the_pass(pool: ThreadPoolExecutor, hours: int, reason: str) -> None:
    azure = after_task(2)
    azure.kept_secrets[NAMES.secret] = a_secret(expires=datetime.now(UTC) + timedelta(hours=hours))
    finding = found(azure, pool, "secret-usable")
    assert (finding.verdict, finding.reason) == (Verdict.PASSED, reason)
    assert LAB.reasons["secret_expires_soon"].remark
