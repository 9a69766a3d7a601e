"""Rows about who did it another way: a key instead of the secret, a group instead of the machine."""

from __future__ import annotations

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
)
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
    row("role-for-group", "policy-exists", "role_for_vm", ("through the group",), names=ROLES),
    row("role-for-group", "policy-rights", "role_reads_secrets", names=ROLES),
)
