"""Rows about who did it another way: a key instead of the secret, a group instead of the machine, another name."""

from __future__ import annotations

from tests.verdicts.before import Looked, Renamed, Scenario, Step
from tests.verdicts.case import Case
from tests.verdicts.grant_access import SET_POLICY, policy, row
from tests.verdicts.preflight import ROLES

PERHAPS = "If that is a group which {vm} is in, the machine reads by it already"


def _reads(scenario: str, check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    return Case(scenario, "read-secret", check, reason, found, next_step, **more)  # type: ignore[arg-type]


KEYS = (
    Case(
        "key-instead-of-secret",
        "create-secret",
        "secret-exists",
        "key_instead_of_secret",
        ("{vault} has no {secret} yet", "It has a key {secret}"),
        ("Create {secret} as the guide shows", "Objects, Secrets"),
    ),
    _reads("key-instead-of-secret", "secret-read", "key_instead_of_secret", ("It has a key {secret}",)),
)


def _renamed(task: str, check: str, met: str) -> Case:
    return Case(
        "secret-right",
        task,
        check,
        "vault_renamed_since",
        ("no key vault {vault}", "Tasks 1 and 2 saw {vault_before}, and {secret} in it"),
        ("Go back to {vault_before}", "if you want {vault}, do Tasks 1 and 2 once more"),
        title=f"The vault's name was changed after Tasks 1 and 2, as {met} meets it",
        choices=("{vault_before}",),
        before=(Looked("create-vault"), Looked("create-secret"), Renamed("vault", "{vault}-2")),
    )


RENAMED = (
    _renamed("create-vault", "vault-exists", "Task 1"),
    _renamed("create-secret", "secret-exists", "Task 2"),
    _renamed("grant-access", "permission-model", "Task 3"),
    _renamed("read-secret", "secret-read", "Task 4"),
)
SHOWN = "The policy is for a group, and a role of the group shows that the VM is in it"
BY_POLICY: tuple[Step, ...] = (Scenario("policy-for-group"),)
GROUPS = (
    policy("policy-for-group", "policy_for_other_identity", PERHAPS),
    _reads(
        "policy-for-group",
        "same-identity",
        "read_without_own_policy",
        ("a policy is for a group that the machine is in",),
        ("The reading counts", SET_POLICY),
        remedy="add-policy-for-vm",
        also={"own-response": "answer_missing"},
    ),
    policy("policy-for-group-without-vm", "policy_for_other_identity", PERHAPS),
    _reads(
        "policy-for-group-not-in-token-yet",
        "secret-read",
        "vault_denies_vm",
        ("no access policy says so",),
        (SET_POLICY,),
    ),
    row(
        "role-for-group",
        "policy-exists",
        "policy_for_group_of_vm",
        ("and none for {vm} itself", "the group's role Key Vault Secrets User on the vault {vault} is its role"),
        title=SHOWN,
        before=BY_POLICY,
    ),
    row("role-for-group", "policy-rights", "policy_of_group_gets", title=SHOWN, before=BY_POLICY),
    _reads(
        "role-for-group",
        "same-identity",
        "policy_of_group_matches",
        ("A policy is for the group",),
        title=SHOWN,
        before=BY_POLICY,
        also={"own-response": "answer_missing"},
    ),
    _reads(
        "role-for-group",
        "secret-read",
        "group_not_in_token_yet",
        ("which {vm} is in", "a token is good for up to a day"),
        ("Wait for a new token", SET_POLICY),
        title="The policy is for a group that the VM is in, and its token is from before",
        remedy="add-policy-for-vm",
        before=(Scenario("policy-for-group-not-in-token-yet", {"seconds": 3600}),),
    ),
    row("role-for-group", "policy-exists", "role_for_vm", ("through the group",), names=ROLES),
    row("role-for-group", "policy-rights", "role_reads_secrets", names=ROLES),
)
