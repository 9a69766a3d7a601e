"""Rows about what passes, so that each thing that the portal says when all is well has been brought about, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from steps.kit.course import Mode
from tests.verdicts.before import VAULT, ByHand, CarriedOut, Scenario, arm_says, vault_changed
from tests.verdicts.case import Case
from tests.verdicts.preflight import ROLES

if TYPE_CHECKING:
    from tests.verdicts.stage import Stage

MAKING = ("create-vault", "create-secret", "grant-access")
ALL_MADE, TWO_MADE = CarriedOut(MAKING), CarriedOut(MAKING[:2])
VAULT_DELETED = ByHand("DELETE", VAULT, "2026-02-01")
UNSEEN = "The client does not have authorization to perform this action."


@dataclass(frozen=True, slots=True)
class ExpiresSoon:
    """The secret is usable for half an hour more."""

    def on(self, stage: Stage) -> None:
        secrets = stage.hand.secrets(stage.names.vault)
        secrets.update_secret_properties(stage.names.secret, expires_on=datetime.now(UTC) + timedelta(minutes=30))


def row(task: str, check: str, reason: str, *found: str, **more: object) -> Case:
    scenario = str(more.pop("scenario", ""))
    return Case(scenario, task, check, reason, found, **more)  # type: ignore[arg-type]


def undone(task: str, check: str, reason: str, *found: str, **more: object) -> Case:
    return row(task, check, reason, *found, mode=Mode.UNDO, **more)


PREFLIGHT = (
    row(
        "preflight",
        "connection",
        "credential_accepted",
        title="All is ready for the lab",
        also={
            "subscription": "subscription_enabled",
            "resource-group": "group_there",
            "locks": "no_lock_in_the_way",
            "policy": "policy_allows_vault",
            "provider-keyvault": "provider_registered",
            "vm-identity": "vm_identity_on",
        },
    ),
    row(
        "preflight",
        "provider-compute",
        "provider_at_work",
        scenario="caller-group-contributor",
        also=dict.fromkeys(("provider-keyvault", "vault-name"), "needs_role_on_subscription"),
    ),
    row(
        "preflight",
        "locks",
        "locks_not_looked_at",
        "may not ask for locks",
        title="The connection may not ask for locks",
        before=(arm_says(403, "AuthorizationFailed", UNSEEN, path="Microsoft.Authorization/locks"),),
    ),
    row("preflight", "vault-name", "vault_name_yours", "{vault} exists already", scenario="vault-right"),
    row(
        "preflight",
        "policy",
        "policy_denies_no_matter",
        "{vault} is there already",
        title="Azure Policy forbids vaults once there is one",
        before=(CarriedOut(("create-vault",)), Scenario("policy-denies-vault")),
    ),
)
TASKS = (
    row(
        "create-vault",
        "vault-ready",
        "vault_ready",
        scenario="vault-right",
        also={
            "vault-region": "vault_in_region",
            "vault-network": "vault_network_open",
            "vault-permission-model": "vault_uses_policies",
        },
    ),
    row("create-secret", "secret-usable", "secret_usable", scenario="secret-right"),
    row(
        "create-secret",
        "secret-usable",
        "secret_expires_soon",
        "but expires on",
        title="The secret expires soon",
        before=(TWO_MADE, ExpiresSoon()),
    ),
    row(
        "grant-access",
        "permission-model",
        "policies_count",
        scenario="policy-right",
        also={"vm-identity": "vm_can_be_granted"},
    ),
    row("grant-access", "permission-model", "roles_count", scenario="role-right", names=ROLES),
    row("read-secret", "same-identity", "policy_matches_token", scenario="read-ready"),
)
UNDONE = (
    undone(
        "create-vault",
        "vault-gone",
        "vault_gone",
        title="Task 1 is undone",
        before=(ALL_MADE,),
        also={"vault-purged": "vault_purged"},
    ),
    undone(
        "create-vault",
        "vault-roles",
        "vault_roles_gone",
        title="Task 1 is undone, with the roles that were given",
        names=ROLES,
        before=(ALL_MADE,),
    ),
    undone(
        "create-vault",
        "vault-roles",
        "vault_roles_hidden",
        "may not see roles",
        title="Task 1 is undone, and the connection may not see roles any more",
        names=ROLES,
        before=(ALL_MADE, arm_says(403, "AuthorizationFailed", UNSEEN, path="roleAssignments", method="GET")),
    ),
    undone(
        "create-secret",
        "secret-gone",
        "secret_gone",
        title="Task 2 is undone",
        before=(TWO_MADE,),
        also={"secret-purged": "secret_purged", "portal-rights-back": "portal_rights_back"},
    ),
    undone(
        "create-secret",
        "secret-gone",
        "secret_gone_with_vault",
        "the secret went with it",
        title="Task 2 is undone after the vault was deleted",
        before=(TWO_MADE, VAULT_DELETED),
        also={"secret-purged": "deleted_secret_gone_with_vault"},
    ),
    undone(
        "create-secret",
        "secret-purged",
        "secret_kept_by_purge_protection",
        "its name stays taken",
        title="Task 2 is undone in a vault with purge protection",
        before=(TWO_MADE, vault_changed(enablePurgeProtection=True)),
    ),
    undone("create-secret", "secret-purged", "secret_never_made", "has made no {secret}", scenario="secret-missing"),
    undone("grant-access", "access-gone", "access_taken_back", title="Task 3 is undone", before=(ALL_MADE,)),
    undone(
        "grant-access",
        "access-gone",
        "access_gone_with_vault",
        "its access went with it",
        title="Task 3 is undone after the vault was deleted",
        before=(ALL_MADE, VAULT_DELETED),
    ),
)
AFTERWARDS = (
    row(
        "challenge",
        "prediction",
        "challenge_foreseen",
        title="The challenge is mastered",
        scenario="read-ready",
        mode=Mode.CARRY_OUT,
        answers={"prediction": "refused"},
    ),
    row(
        "challenge",
        "access-back",
        "challenge_took_nothing",
        title="Nothing was taken yet",
        also={"what-happened": "challenge_not_begun"},
    ),
    row(
        "clean-up",
        "deleted-vaults",
        "lab_names_free",
        title="The lab is cleaned up",
        mode=Mode.CARRY_OUT,
        before=(ALL_MADE,),
        also={"left-alone": "left_alone"},
    ),
    row("clean-up", "access", "lab_roles_hidden", scenario="caller-group-contributor"),
)
CASES = (*PREFLIGHT, *TASKS, *UNDONE, *AFTERWARDS)
