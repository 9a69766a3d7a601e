"""The vault denied the VM its secret for want of a right: which one is missing, or does not count yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.grant_access import by_group
from steps.key_vault_managed_identity.read_secret.vm_access import Access, access_of, not_in_effect
from steps.key_vault_managed_identity.read_secret.vm_told import Told
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet
from steps.kit.records import Seen, Vault
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding

BY_POLICIES, BY_ROLES = {"accessdenied", "forbiddenbypolicy"}, {"forbiddenbyrbac"}
"""Azure's inner codes of a 403 for want of a right, in small letters."""

_INSTEAD = "The check of Task 3 tells who has been let in instead, if anybody."


def for_want_of_a_right(told: Told) -> bool:
    return told.value["answer_code"].casefold() in BY_POLICIES | BY_ROLES


def by_policies(ctx: Context, facts: Facts, vault: Seen[Vault], told: Told, *, wanted: str) -> Finding:
    """403 AccessDenied: the vault went by its policies."""
    if vault.value.rbac:
        return _switched(ctx, vault, told, "roles", "access policies", wanted=wanted)
    return _denied(ctx, facts, vault, told, _no_policy, wanted=wanted)


def by_roles(ctx: Context, facts: Facts, vault: Seen[Vault], told: Told, *, wanted: str) -> Finding:
    """403 ForbiddenByRbac: the vault went by roles."""
    if not vault.value.rbac:
        return _switched(ctx, vault, told, "access policies", "roles", wanted=wanted)
    if told.value.get("answer_deny"):
        return _deny_assignment(ctx, vault, told, wanted=wanted)
    return _denied(ctx, facts, vault, told, _no_role, wanted=wanted)


def _deny_assignment(ctx: Context, vault: Seen[Vault], told: Told, *, wanted: str) -> Finding:
    names = ctx.names
    return not_yet(
        "vault_denies_by_deny_assignment",
        wanted=wanted,
        found=f"A deny assignment ({told.value['answer_deny']}) forbids {names.vm} to read {names.secret}. It counts "
        "above every role, and waiting does not change it.",
        next_step=f"Open {names.vault}, Access control (IAM), Deny assignments: it names who set it, a deployment "
        "stack or a managed application mostly. It is taken away there; if that is not yours to do, show this to your "
        "instructor.",
        seen=(vault, told),
    )


class _Lacking(Protocol):
    def __call__(
        self, ctx: Context, facts: Facts, told: Told, seen: tuple[Seen[Any], ...], *, wanted: str
    ) -> Finding: ...


def _denied(ctx: Context, facts: Facts, vault: Seen[Vault], told: Told, lacking: _Lacking, *, wanted: str) -> Finding:
    """The wrong model explains it; or a grant that is there and does not count yet; or there is none."""
    other = _other_model(ctx, vault, told, wanted=wanted)
    if other is not None:
        return other
    access = access_of(ctx, facts, vault, told.value["oid"])
    if access.granted:
        return not_in_effect(ctx, access, told, wanted=wanted)
    if access.conditional:
        return _on_a_condition(ctx, access, told, wanted=wanted)
    return lacking(ctx, facts, told, (access.seen, told), wanted=wanted)


def _on_a_condition(ctx: Context, access: Access, told: Told, *, wanted: str) -> Finding:
    names = ctx.names
    return not_yet(
        "condition_not_met",
        wanted=wanted,
        found=f"{names.vm} has {access.conditional}, with a condition, and {names.vault} turns it away: Azure does not "
        "find the condition met. (A role that is a few minutes old may not count yet.)",
        next_step="Give it the role without a condition: the check of Task 3 says how.",
        seen=(access.seen, told),
    )


def _no_policy(ctx: Context, facts: Facts, told: Told, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    names = ctx.names
    group = by_group.lets_in(ctx, facts, common.there(facts.of(looks.VAULT)).value, told.value["oid"])
    if group is not None:
        return _not_in_group_yet(ctx, told, group, seen, wanted=wanted)
    return not_yet(
        "vault_denies_vm",
        wanted=wanted,
        found=f"{names.vault} does not let the identity of {names.vm} get secrets: no access policy says so.",
        next_step=f"Do Task 3: an access policy of the template Secret Management for {names.vm}. "
        f"Or: `{az.set_policy(names, '--object-id ' + told.value['oid'])}`. {_INSTEAD}",
        seen=seen,
    )


def _not_in_group_yet(
    ctx: Context, told: Told, group: by_group.Group, seen: tuple[Seen[Any], ...], *, wanted: str
) -> Finding:
    names = ctx.names
    return not_yet(
        "group_not_in_token_yet",
        wanted=wanted,
        found=f"{names.vault} has a policy for the group {group.object_id}, which {names.vm} is in, and turns the "
        "machine away: it goes by the groups that the token names, and a token is good for up to a day. This one was "
        f"made before the machine came into the group, or before Azure knew of it. {group.shown}",
        next_step=f"Wait for a new token, which may take a day, or add a policy for {names.vm} itself, which counts "
        f"at once: Access policies, Create, the template Secret Management. "
        f"Or: `{az.set_policy(names, '--object-id ' + told.value['oid'])}`. The one for the group may stay.",
        seen=(*seen, group.seen),
    )


def _no_role(ctx: Context, facts: Facts, told: Told, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    names = ctx.names
    return not_yet(
        "vault_wants_role",
        wanted=wanted,
        found=f"{names.vault} goes by roles, and {names.vm} has none that lets it read secrets there.",
        next_step=f"Do Task 3: open {names.vault}, Access control (IAM), and give {names.vm} the role Key Vault "
        f"Secrets User. Or: `{az.assign_role(names, 'Key Vault Secrets User', az.machine(told.value['oid']))}`. "
        f"{_INSTEAD}",
        seen=seen,
    )


def _other_model(ctx: Context, vault: Seen[Vault], told: Told, *, wanted: str) -> Finding | None:
    """The vault goes by what the student has not settled for: that explains the refusal."""
    other = common.other_model(ctx.names, vault, wanted=wanted)
    return None if other is None else replace(other, sources=(*other.sources, told.source))


def _switched(ctx: Context, vault: Seen[Vault], told: Told, now: str, before: str, *, wanted: str) -> Finding:
    return could_not_tell(
        "model_switch_not_in_effect_yet",
        wanted=wanted,
        found=f"{ctx.names.vault} has been switched to {now}, and still went by {before} when {ctx.names.vm} asked.",
        next_step=LOOKS_AGAIN,
        seen=(vault, told),
    )
