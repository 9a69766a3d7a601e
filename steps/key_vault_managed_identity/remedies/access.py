"""What the portal can mend about who may read. The access of others is left alone, always."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.grant_access.granting import grant_policy, grant_role, plan_policy, plan_role
from steps.kit.reasons import Remedy
from steps.kit.task import Action, ActionDone, ActionIntent, Context, Names


def add_policy(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    return grant_policy(ctx, token, wanted=az.SECRET_MANAGEMENT)


def complete_policy(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    return grant_policy(ctx, token, wanted=("get",))


def _plan_complete(names: Names) -> str:
    return (
        f"Add Get on secrets to the access policy of the system-assigned identity of {names.vm} in {names.vault}. What "
        "it allows already stays as it is."
    )


REMEDIES: tuple[Remedy, ...] = (
    Remedy(Action("add-policy-for-vm", "Give it all of Secret Management", plan_policy, add_policy)),
    Remedy(Action("complete-policy", "Add Get to the policy", _plan_complete, complete_policy)),
    Remedy(Action("assign-role", "Give the machine the role", plan_role, grant_role, expected_seconds=5.0)),
)
