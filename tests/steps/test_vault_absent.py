"""Task 1, no vault of that name in the group: each reason why, and what to do about it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from steps.key_vault_managed_identity.create_vault.task import TASK
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode
from steps.kit.records import DeletedVault, NameAvailability, PolicyDenial, ResourceGroup
from steps.kit.task import Context
from steps.kit.verdict import Finding, Verdict
from tests.steps.fake_azure import GROUP_PATH, NAMES, FakeAzure, a_vault, a_vault_named, after_task, problem
from tests.steps.walking import context, walk

TAKEN = NameAvailability(False, "AlreadyExists", "")
UNTIL = datetime(2027, 2, 1, tzinfo=UTC)
ID = f"{GROUP_PATH}/providers/Microsoft.KeyVault/vaults/{NAMES.vault}"


def judged(azure: FakeAzure, pool: ThreadPoolExecutor, ctx: Context | None = None) -> Finding:
    walked = walk(TASK, Mode.VALIDATE, ctx or context(azure), pool)
    assert walked.verdict is Verdict.NOT_YET
    finding = walked.finding("vault-exists")
    waiting = [one.finding.waits_for for id_, one in walked.tape.evidence.items() if id_ != "vault-exists"]
    assert waiting == ["vault-exists"] * 4, "one cause is told once"
    return finding


def denied(*calls: str) -> dict[str, list[AzureProblem]]:
    return {call: [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)] for call in calls}


def test_a_vault_in_another_group_is_found_and_named(pool: ThreadPoolExecutor) -> None:
    far = a_vault_named(NAMES.vault, resource_group="rg-other")
    finding = judged(FakeAzure(kept_vaults=[far]), pool)
    assert finding.reason == "vault_elsewhere"
    assert "rg-other" in finding.found
    assert f"az resource move --destination-group {NAMES.resource_group} --ids {far.id}" in finding.next_step
    assert "If it is not yours, leave it" in finding.next_step


def test_a_vault_in_another_group_and_region_is_not_sent_to_be_moved(pool: ThreadPoolExecutor) -> None:
    """Moved, it would still be in its region."""
    far = a_vault_named(NAMES.vault, resource_group="rg-other", location="northeurope")
    finding = judged(FakeAzure(kept_vaults=[far]), pool)
    assert finding.reason == "vault_elsewhere"
    assert "northeurope" in finding.found
    assert "move" not in finding.next_step.casefold()
    assert f"az keyvault purge --name {NAMES.vault}" in finding.next_step
    kept = FakeAzure(kept_vaults=[replace(far, purge_protection=True)])
    assert "purge" not in judged(kept, pool).next_step.replace("purge protection", "")


def test_vaults_under_other_names_are_named_and_can_be_chosen(pool: ThreadPoolExecutor) -> None:
    vaults = [
        a_vault_named("kv-second", location="northeurope", rbac=True),
        a_vault_named("kv-first"),
        a_vault_named("kv-elsewhere", resource_group="rg-x"),
    ]
    finding = judged(FakeAzure(kept_vaults=vaults), pool)
    assert finding.reason == "vault_under_other_name"
    assert "kv-first, kv-second" in finding.found
    assert "kv-elsewhere" not in finding.found
    assert [(one.name, one.value) for one in finding.choices] == [("vault", "kv-first"), ("vault", "kv-second")]
    assert finding.choices[1].label == "Use kv-second (in northeurope, goes by roles)"
    assert f"Otherwise create {NAMES.vault}" in finding.next_step


def test_a_name_somebody_else_has_is_told_with_both_ways_it_can_be(pool: ThreadPoolExecutor) -> None:
    finding = judged(FakeAzure(availability=TAKEN), pool)
    assert finding.reason == "vault_name_taken"
    assert "a stranger's, or yours in another subscription" in finding.found
    assert "purge" not in finding.next_step


def test_what_was_made_instead_of_a_name_that_is_taken_can_be_chosen(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(availability=TAKEN, kept_vaults=[a_vault_named("kv-mine")])
    finding = judged(azure, pool)
    assert finding.reason == "vault_name_taken"
    assert [(one.name, one.value) for one in finding.choices] == [("vault", "kv-mine")]
    assert "choose it below" in finding.next_step
    azure.deleted = DeletedVault(NAMES.vault, "westeurope", None, UNTIL, ID)
    assert [one.value for one in judged(azure, pool).choices] == ["kv-mine"]


def test_who_may_not_see_deleted_vaults_is_told_that_it_may_be_one_of_these(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(availability=TAKEN, before=denied("deleted_vaults"))
    finding = judged(azure, pool)
    assert finding.reason == "vault_name_taken"
    assert "could not see all vaults and deleted vaults" in finding.found
    assert f"`az keyvault purge --name {NAMES.vault}`" in finding.next_step


@pytest.mark.parametrize(
    ("gone", "reason", "words"),
    [
        (DeletedVault(NAMES.vault, "westeurope", None, UNTIL, ID), "vault_name_deleted", "az keyvault recover"),
        (DeletedVault(NAMES.vault, "westeurope", None, UNTIL), "vault_name_deleted", "az keyvault purge"),
        (
            DeletedVault(NAMES.vault, "northeurope", None, UNTIL, ID),
            "vault_deleted_elsewhere",
            "--location northeurope",
        ),
        (
            DeletedVault(NAMES.vault, "westeurope", None, UNTIL, ID.replace("rg-anna", "rg-old")),
            "vault_deleted_elsewhere",
            "az keyvault purge",
        ),
        (DeletedVault(NAMES.vault, "West Europe", None, UNTIL, ID, True), "vault_deleted_protected", "ecover it"),
        (DeletedVault(NAMES.vault, "northeurope", None, UNTIL, ID, True), "vault_deleted_out_of_reach", "another name"),
    ],
)
def test_a_deleted_vault_that_keeps_the_name_is_told_with_its_date_and_the_ways_out_it_leaves(
    pool: ThreadPoolExecutor, gone: DeletedVault, reason: str, words: str
) -> None:
    finding = judged(FakeAzure(deleted=gone, availability=TAKEN), pool)
    assert finding.reason == reason
    assert "01 February 2027" in finding.found
    assert words in finding.next_step
    if gone.purge_protection:
        assert "az keyvault purge" not in finding.next_step


def test_a_vault_that_was_there_and_is_nowhere_is_being_deleted_or_purged(pool: ThreadPoolExecutor) -> None:
    noted = walk(TASK, Mode.VALIDATE, context(after_task(1)), pool).finding("vault-exists").notes
    assert noted["vault"] == ID
    azure = FakeAzure(availability=TAKEN)
    ctx = replace(context(azure), noted={kind: (text,) for kind, text in noted.items()})
    walked = walk(TASK, Mode.VALIDATE, ctx, pool)
    assert walked.finding("vault-exists").reason == "vault_name_not_free_yet"
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.waits, "it is looked at again by itself"


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("kv", "has 2 characters"),
        ("kv-that-is-far-too-long-for-azure", "3 to 24"),
        ("1vault", "begin with a letter"),
        ("vault-", "end with a letter or a digit"),
        ("my--vault", "two hyphens"),
        ("my_vault", "only letters, digits and hyphens"),
    ],
)
def test_a_name_azure_does_not_allow_is_told_with_the_rule_it_breaks(
    pool: ThreadPoolExecutor, name: str, rule: str
) -> None:
    azure = FakeAzure()
    finding = judged(azure, pool, replace(context(azure), names=replace(NAMES, vault=name)))
    assert finding.reason == "vault_name_not_allowed"
    assert rule in finding.found
    assert azure.calls["vault_name_availability"] == 0, "that needs no asking"


def test_a_rule_only_azure_knows_is_told_in_azures_words(pool: ThreadPoolExecutor) -> None:
    odd = FakeAzure(availability=NameAvailability(False, "AccountNameInvalid", "Reserved word."))
    finding = judged(odd, pool)
    assert finding.reason == "vault_name_not_allowed"
    assert "Azure says: Reserved word." in finding.found


def test_who_may_not_ask_whether_the_name_is_free_is_told_to_create_the_vault(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(before=denied("vault_name_availability", "vaults_in_subscription", "deleted_vaults"))
    assert judged(azure, pool).reason == "vault_missing"
    azure = FakeAzure(
        kept_vaults=[a_vault_named(NAMES.vault, resource_group="rg-far")], before=denied("vault_name_availability")
    )
    assert judged(azure, pool).reason == "vault_elsewhere"


def test_a_group_that_is_not_there_is_the_cause(pool: ThreadPoolExecutor) -> None:
    assert judged(FakeAzure(group=None), pool).reason == "group_missing"
    going = ResourceGroup(GROUP_PATH, NAMES.resource_group, NAMES.location, "Deleting")
    assert judged(FakeAzure(group=going), pool).reason == "group_being_deleted"


def test_a_policy_that_would_refuse_the_vault_is_told_before_it_is_tried(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(denials=(PolicyDenial("No vaults here", "Not allowed"),))
    finding = judged(azure, pool)
    assert finding.reason == "policy_denies_vault"
    assert "No vaults here" in finding.found


def test_a_provider_that_is_not_registered_is_the_cause(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(before={"vault": [problem(ProblemKind.NOT_REGISTERED) for _ in range(9)]})
    azure.providers["Microsoft.KeyVault"] = "NotRegistered"
    assert judged(azure, pool).reason == "provider_not_registered"


@pytest.mark.parametrize("call", ["resource_group", "vaults_in_subscription", "deleted_vaults", "vault_denials"])
def test_a_look_that_only_explains_and_fails_hides_nothing(pool: ThreadPoolExecutor, call: str) -> None:
    azure = FakeAzure(before={call: [problem(ProblemKind.THROTTLED) for _ in range(9)]})
    assert judged(azure, pool).reason == "vault_missing"


def test_whether_the_name_is_free_is_asked_again_while_azure_does_not_answer(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(before={"vault_name_availability": [problem(ProblemKind.THROTTLED)]})
    walked = walk(TASK, Mode.VALIDATE, context(azure), pool)
    assert len(walked.waits) == 1
    assert walked.finding("vault-exists").reason == "vault_missing"


def test_the_case_of_a_name_is_not_told_apart(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(kept_vaults=[a_vault(name=NAMES.vault.upper(), resource_group=NAMES.resource_group.upper())])
    assert walk(TASK, Mode.VALIDATE, context(azure), pool).verdict is Verdict.PASSED


def test_a_deleted_vault_whose_day_is_past_is_overdue_and_not_kept_until_then(pool: ThreadPoolExecutor) -> None:
    long_ago = datetime(2020, 1, 2, tzinfo=UTC)
    azure = FakeAzure(deleted=DeletedVault(NAMES.vault, "westeurope", None, long_ago, ID), availability=TAKEN)
    found = judged(azure, pool).found
    assert "it was to go on 02 January 2020, and is overdue" in found
    assert "until" not in found
