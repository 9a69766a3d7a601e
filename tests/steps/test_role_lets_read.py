"""Task 3 by roles: what the machine's roles let it do, and on which condition."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.kit.records import Permission
from steps.kit.verdict import Verdict
from tests.steps.by_role import ADMINISTRATOR, READER, SECRET, VAULT, VAULT_CONTRIBUTOR, an_azure, carry_out, validate
from tests.steps.fake_azure import (
    CONTRIBUTOR,
    GROUP_PATH,
    OWNER,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    SUBSCRIPTION_PATH,
    FakeAzure,
    assignment,
)


@pytest.mark.parametrize(
    ("role", "scope", "reasons", "said"),
    [
        (SECRETS_USER, VAULT.upper(), ("role_for_vm", "role_reads_secrets"), ""),
        (SECRETS_USER, SECRET, ("role_on_the_secret", "role_reads_secrets"), "one secret alone"),
        (SECRETS_USER, GROUP_PATH, ("role_inherited", "role_reads_secrets"), "every other vault"),
        (SECRETS_USER, SUBSCRIPTION_PATH, ("role_inherited", "role_reads_secrets"), "the whole subscription"),
        (SECRETS_OFFICER, VAULT, ("role_for_vm", "role_wider_than_needed"), "write secrets"),
        (ADMINISTRATOR, VAULT, ("role_for_vm", "role_wider_than_needed"), "use keys"),
    ],
)
def test_roles_that_read_pass_and_what_is_too_wide_is_remarked(
    pool: ThreadPoolExecutor, role: str, scope: str, reasons: tuple[str, str], said: str
) -> None:
    walked = validate(an_azure((role, PRINCIPAL, scope)), pool)
    assert walked.verdict is Verdict.PASSED
    findings = [walked.finding("policy-exists"), walked.finding("policy-rights")]
    assert tuple(one.reason for one in findings) == reasons
    assert said in "".join(one.found for one in findings)


@pytest.mark.parametrize(
    ("role", "scope", "reason", "said"),
    [
        (OWNER, VAULT, "role_of_control_plane", "Owner is about"),
        (CONTRIBUTOR, SUBSCRIPTION_PATH, "role_of_control_plane", "Contributor is about"),
        (VAULT_CONTRIBUTOR, VAULT, "role_of_control_plane", "Key Vault Contributor is about"),
        (READER, VAULT, "role_without_get", "Key Vault Reader"),
    ],
)
def test_roles_that_do_not_read_are_told_for_what_they_are(
    pool: ThreadPoolExecutor, role: str, scope: str, reason: str, said: str
) -> None:
    walked = validate(an_azure((role, PRINCIPAL, scope)), pool)
    assert walked.verdict is Verdict.NOT_YET
    finding = walked.finding("policy-rights")
    assert finding.reason == reason
    assert said in finding.found
    assert PRINCIPAL in finding.next_step


def test_several_roles_that_do_not_read_are_told_together(pool: ThreadPoolExecutor) -> None:
    walked = validate(an_azure((OWNER, PRINCIPAL, VAULT), (CONTRIBUTOR, PRINCIPAL, VAULT)), pool)
    assert "Owner and Contributor are about kv-anna-7f3c" in walked.finding("policy-rights").found
    walked = validate(an_azure((READER, PRINCIPAL, VAULT), (CONTRIBUTOR, PRINCIPAL, VAULT)), pool)
    assert walked.finding("policy-rights").found.startswith("Key Vault Reader gives vm-anna data actions")


GETS = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
CUSTOM = [
    (Permission(data_actions=(GETS,)), "role_reads_secrets", "the value of a secret that it knows the name of, and no"),
    (Permission(data_actions=("Microsoft.Storage/storageAccounts/*",)), "role_for_other_service", "of other services"),
    (Permission(data_actions=("Microsoft.KeyVault/vaults/keys/*",)), "role_without_get", "but not the one that reads"),
    (
        Permission(data_actions=("*",), not_data_actions=("*/getSecret/action",)),
        "role_without_get",
        "The NotDataActions take it away",
    ),
    (
        Permission(actions=("Microsoft.KeyVault/vaults/secrets/getSecret/action",)),
        "role_of_control_plane",
        "names getSecret under Actions, where that does nothing",
    ),
    (Permission(actions=("Microsoft.KeyVault/*",)), "role_of_control_plane", "takes a role with data actions."),
]


@pytest.mark.parametrize(("permission", "reason", "said"), CUSTOM)
def test_a_role_of_the_students_own_is_told_for_what_it_lacks(
    pool: ThreadPoolExecutor, permission: Permission, reason: str, said: str
) -> None:
    azure = an_azure((SECRETS_USER, PRINCIPAL, VAULT))
    azure.assignments = [replace(azure.assignments[0], role_name="Own", permissions=(permission,))]
    finding = validate(azure, pool).finding("policy-rights")
    assert finding.reason == reason
    assert said in finding.found
    assert ("under Actions" in finding.found) is ("under Actions" in said)


def test_only_the_roles_that_go_further_are_called_wide(pool: ThreadPoolExecutor) -> None:
    walked = validate(an_azure((SECRETS_USER, PRINCIPAL, VAULT), (SECRETS_OFFICER, PRINCIPAL, GROUP_PATH)), pool)
    assert "A remark: Key Vault Secrets Officer also lets it" in walked.finding("policy-rights").found


OF_THE_NAME = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'x'"
NEVER = "!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/getSecret/action'})"
BLOBS = "((!(ActionMatches{'Microsoft.Storage/*'})) OR (@Resource[a:b] StringEquals 'x'))"


def with_condition(condition: str, scope: str = VAULT) -> FakeAzure:
    azure = an_azure((SECRETS_USER, PRINCIPAL, scope))
    azure.assignments = [replace(azure.assignments[0], condition=condition)]
    return azure


def test_a_condition_about_something_else_changes_nothing(pool: ThreadPoolExecutor) -> None:
    assert validate(with_condition(BLOBS), pool).verdict is Verdict.PASSED


def test_whether_a_condition_lets_read_is_not_guessed_and_not_asked_again(pool: ThreadPoolExecutor) -> None:
    walked = validate(with_condition(OF_THE_NAME), pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.waits == []
    finding = walked.finding("policy-rights")
    assert finding.reason == "role_with_condition"
    assert OF_THE_NAME in finding.found
    assert "`az role assignment delete --ids " in finding.next_step
    elsewhere = validate(with_condition(f"{OF_THE_NAME} {'x' * 900}", GROUP_PATH), pool).finding("policy-rights")
    assert "delete" not in elsewhere.next_step
    assert len(elsewhere.found) < 600


def test_a_condition_that_never_holds_is_told(pool: ThreadPoolExecutor) -> None:
    walked = validate(with_condition(NEVER), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("policy-exists").reason == "role_for_vm"
    assert walked.finding("policy-rights").reason == "role_condition_denies"


def test_beside_a_role_with_a_condition_one_without_is_enough(pool: ThreadPoolExecutor) -> None:
    azure = with_condition(NEVER)
    azure.assignments.append(assignment(SECRETS_OFFICER, PRINCIPAL, VAULT, name="two"))
    assert validate(azure, pool).verdict is Verdict.PASSED


def test_where_the_role_has_a_condition_none_is_given_and_none_is_taken(pool: ThreadPoolExecutor) -> None:
    azure = with_condition(NEVER)
    walked = carry_out(azure, pool)
    assert walked.finished.progress.gave_up == "blocked"
    assert azure.calls["assign_role"] == azure.calls["remove_role"] == 0
    further_up = with_condition(NEVER, GROUP_PATH)
    assert carry_out(further_up, pool).verdict is Verdict.PASSED


def test_a_role_whose_not_list_takes_reading_away_does_not_read(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((SECRETS_OFFICER, PRINCIPAL, VAULT))
    custom = Permission(data_actions=("Microsoft.KeyVault/*",), not_data_actions=("*/getSecret/action",))
    azure.assignments = [replace(azure.assignments[0], role_name="Almost", permissions=(custom,))]
    assert validate(azure, pool).finding("policy-rights").reason == "role_without_get"


def test_beside_a_role_that_does_not_read_one_that_does_is_enough(pool: ThreadPoolExecutor) -> None:
    walked = validate(an_azure((OWNER, PRINCIPAL, VAULT), (SECRETS_USER, PRINCIPAL, GROUP_PATH)), pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("policy-exists").reason == "role_inherited"


def test_a_role_that_is_gone_gives_nothing_and_has_no_name(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((SECRETS_USER, PRINCIPAL, VAULT))
    azure.assignments = [replace(azure.assignments[0], role_name="", permissions=())]
    finding = validate(azure, pool).finding("policy-rights")
    assert finding.reason == "role_of_control_plane"
    assert finding.found.startswith("a role that is gone")
