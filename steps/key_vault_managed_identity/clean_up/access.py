"""The receipt's part about access: what the VM and the portal were given, and have still."""

from __future__ import annotations

from steps.key_vault_managed_identity import common, given, looks, made
from steps.key_vault_managed_identity.clean_up import actions, look
from steps.key_vault_managed_identity.clean_up.why_left import why_left
from steps.kit.findings import not_yet, passed
from steps.kit.records import AccessPolicy, RoleAssignment, Seen, Vault
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding


def judge(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"Nothing that {names.vm} or the portal was given in this lab's vaults is left."
    vaults, given_roles, vm = facts.of(made.VAULTS), facts.of(given.ROLES), facts.of(looks.VM)
    who = given.principals(ctx, vm.value.principal_id if vm.value else "")
    going = [
        vault.name
        for vault in vaults.value
        if made.is_labs(ctx, vault) and any(one.object_id.casefold() in who for one in vault.access_policies)
    ]
    rights = [(vault, one) for vault in vaults.value for one in given.rights_left(ctx, vault)]
    roles = given.roles_left(ctx, vaults.value, given_roles.value)
    left = [f"an access policy for {names.vm} in {vault}" for vault in going]
    left += [
        f"the right to {', '.join(one.secrets)} secrets in {vault.name}, for the object id {one.object_id}"
        for vault, one in rights
    ]
    left += [look.role_in_words(ctx, role) for role in roles]
    seen = (vaults, given_roles)
    if not left:
        return _none_seen(ctx, facts, *seen, wanted=wanted)
    why = why_left(
        ctx,
        facts,
        actions.TAKE_ROLES,
        actions.TAKE_RIGHTS,
        actions.DELETE,
        what=f"Still there: {', '.join(left)}",
        by_hand=_by_hand(going, rights, roles),
        by_contributor=not roles,
    )
    return not_yet("lab_access_left", wanted=wanted, found=why.found, next_step=why.next_step, seen=(*seen, *why.seen))


def _by_hand(going: list[str], rights: list[tuple[Vault, AccessPolicy]], roles: tuple[RoleAssignment, ...]) -> str:
    said = ["a policy goes with its vault"] if going else []
    said += [
        f"under Access policies of {vault.name} take that right out (`az keyvault delete-policy --name {vault.name} "
        f"--object-id {one.object_id}` takes out all that this object id has there)"
        for vault, one in rights
    ]
    if roles:
        said.append(
            "a role you can remove under Access control (IAM), Role assignments, of the vault, or with `az role "
            f"assignment delete --ids {' '.join(one.id for one in roles)}`; that takes a role such as User Access "
            "Administrator"
        )
    return f"Or by hand: {'; '.join(said)}."


def _none_seen(
    ctx: Context,
    facts: Facts,
    vaults: Seen[tuple[Vault, ...]],
    roles: Seen[tuple[RoleAssignment, ...] | None],
    *,
    wanted: str,
) -> Finding:
    seen = (vaults, roles)
    if roles.value is not None:
        taken = look.seen(ctx, "taken")
        found = f"Nothing is left. Taken back just now: {', '.join(taken)}." if taken else "Nothing is left."
        if facts.of(given.ABOVE).value:
            found += f" Mind what {ctx.names.vm} has further up than these vaults: see what was left alone, below."
        return passed("lab_access_gone", wanted=wanted, found=found, seen=seen)
    if any(made.is_labs(ctx, vault) for vault in vaults.value):
        return common.waits_for("vaults", "the vaults to be gone", seen, wanted=wanted)
    return passed(
        "lab_roles_hidden",
        wanted=f"Nothing that {ctx.names.vm} or the portal was given in this lab's vaults has any effect.",
        found="No policy is left. Roles the identity of your connection may not see, but at a vault that is gone "
        "none has any effect.",
        seen=seen,
    )
