"""Undoing Task 1: the vault that the portal made is deleted and purged, with all that is in it."""

from __future__ import annotations

from steps.key_vault_managed_identity import common, given, locks, looks, made, purging
from steps.kit.findings import not_yet, passed
from steps.kit.records import DeletedVault, RoleAssignment, Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Facts, Names, Walk
from steps.kit.verdict import Finding

_DELETE = "undo-delete-vault"


def take_roles(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """Before the vault goes: what is given at a vault that is gone can hang on for a while, for nobody to see."""
    vault, seen = ctx.azure.vault(ctx.names.resource_group, ctx.names.vault), given.ROLES.fetch(ctx)
    stays = vault.value is not None and not made.by_portal(ctx, vault.value)
    left = () if stays else given.of_portal(ctx, ctx.names.vault, seen.value)
    if not left:
        return ActionDone(_taken(ctx.names, (), token), token is not None, (seen.source,))
    if token is None:
        return ActionIntent(common.INTENT)
    sources = tuple(ctx.azure.remove_role(one.id).source for one in left)
    return ActionDone(_taken(ctx.names, left, token), True, sources)


def _taken(names: Names, roles: tuple[RoleAssignment, ...], token: str | None) -> str:
    if roles:
        listed = ", ".join(one.role_name for one in roles)
        return f"Taken back, that the portal had given at {names.vault}: {listed}."
    return f"No role is {'left' if token else 'there'} that the portal gave at {names.vault}."


def _gave_roles(ctx: Walk) -> bool:
    return given.gave_roles(ctx, ctx.names.vault)


def delete(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """Raises a BLOCKED AzureProblem for a vault that the portal did not make in this walk."""
    names = ctx.names
    seen = ctx.azure.vault(names.resource_group, names.vault)
    if seen.value is None:
        said = f"There is no {names.vault} in {names.resource_group} any more."
        facts = {} if token is None else {"deleted": names.vault}
        return ActionDone(said, did=token is not None, sources=(seen.source,), facts=facts)
    if not made.by_portal(ctx, seen.value):
        said = f"{_not_ours(names, seen.value)} It was left alone."
        raise common.blocked("NotMadeByPortal", said, seen.source)
    if token is None:
        return ActionIntent(common.INTENT)
    answer = ctx.azure.delete_vault(names.resource_group, names.vault)
    said = f"{names.vault} was deleted, with all that was in it."
    return ActionDone(said, did=True, sources=(answer.source,), facts={"deleted": names.vault})


def _not_ours(names: Names, vault: Vault) -> str:
    """The tag alone tells that a portal made it, not for whom."""
    if made.tagged(vault):
        return f"{names.vault} was made by the portal, but as far as this walk knows not in it."
    return f"{names.vault} was not made by the portal: it does not carry its tag, created-by: lab-portal."


def purge(ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
    return purging.purge(ctx, token, lambda one: _is_it(ctx, one), deleted=_deleted(ctx))


def _deleted(ctx: Context) -> tuple[str, ...]:
    """What this very attempt has deleted."""
    told = ctx.facts.get(_DELETE, {})
    return (told["deleted"],) if "deleted" in told else ()


UNLISTED = purging.unlisted(_deleted)


def _is_it(ctx: Context, vault: DeletedVault) -> bool:
    """Also one that the student has deleted, if the portal made it. Another's of that name is not purged."""
    return _keeps_name(ctx.names, vault) and vault.name.casefold() in made.of_portal(ctx)


def _keeps_name(names: Names, vault: DeletedVault) -> bool:
    return common.same(vault.name, names.vault) and common.same(vault.resource_group, names.resource_group)


def judge_gone(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The vault {names.vault} is no longer in {names.resource_group}."
    seen = facts.of(looks.VAULT)
    if seen.value is None:
        return passed("vault_gone", wanted=wanted, found="It is not there any more.", seen=(seen,))
    lock = locks.met(facts, UNDO_VAULT[1])
    if lock is not None:
        why = locks.told(names, lock, what=f"{names.vault} is still there", then="undo once more")
        return not_yet("vault_locked", wanted=wanted, found=why.found, next_step=why.next_step, seen=why.seen)
    if made.by_portal(ctx, seen.value):
        by_hand = f"Or delete it: open {names.vault}, Overview, Delete; or `az keyvault delete --name {names.vault}`."
        why = locks.why(names, facts, UNDO_VAULT[1], what=f"{names.vault} is still there", by_hand=by_hand)
        return not_yet(
            "vault_still_there", wanted=wanted, found=why.found, next_step=why.next_step, seen=(seen, *why.seen)
        )
    return not_yet(
        "vault_not_the_portals",
        wanted=wanted,
        found=f"{_not_ours(names, seen.value)} What the portal did not make here, undoing leaves alone.",
        next_step=f"If you want it gone, delete it yourself (`az keyvault delete --name {names.vault}`), "
        "or clean up: that removes the vault of your lab whoever made it.",
        seen=(seen,),
    )


def judge_purged(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"No deleted vault keeps the name {names.vault}."
    there = facts.of(looks.VAULT)
    if there.value is not None:
        return common.waits_for(GONE, f"{names.vault} to be gone", (there,), wanted=wanted)
    listed = facts.of(made.DELETED)
    if listed.value is None:
        return purging.hidden(names, Seen(None, listed.source), _PURGED, wanted=wanted)
    kept = next((one for one in listed.value if _keeps_name(names, one)), None)
    unlisted = facts.of(UNLISTED)
    if kept is None and unlisted.value:
        return purging.on_its_way(unlisted.value, unlisted, wanted=wanted)
    if kept is None:
        found = f"{names.vault} is not among the deleted vaults."
        return passed("vault_purged", wanted=wanted, found=found, seen=(listed,))
    if kept.purge_protection:
        return passed(
            "vault_kept_by_purge_protection",
            wanted=f"{wanted} Where purge protection forbids purging, it may stay.",
            found=f"{names.vault} is deleted, but its name stays taken: {purging.protected(kept)} "
            "To do the lab again, choose another name under Your names.",
            seen=(listed,),
        )
    return not_yet(
        "vault_not_purged",
        wanted=wanted,
        found=f"{names.vault} is deleted, and Azure keeps it, with its name"
        f"{purging.until(kept.scheduled_purge_date)}: it was not purged.",
        next_step=f"Purge it: Key vaults, Manage deleted vaults; or `az keyvault purge --name {names.vault}`. That "
        "takes a right on the whole subscription, such as the role Contributor there. Or choose another name.",
        seen=(listed,),
    )


def judge_roles(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"No role is left at {names.vault} that the portal gave."
    vault, roles = facts.of(looks.VAULT), facts.of(given.ROLES)
    left = given.of_portal(ctx, names.vault, roles.value)
    if roles.value is None and vault.value is not None and made.by_portal(ctx, vault.value):
        what = (
            f"{names.vault} to be gone. Your connection may not see the roles there; with the vault their effect ends"
        )
        return common.waits_for(GONE, what, (vault, roles), wanted=wanted)
    if roles.value is None and vault.value is None:
        return passed(
            "vault_roles_hidden",
            wanted=f"No role that the portal gave at {names.vault} has any effect.",
            found="The identity of your connection may not see roles, but at a vault that is gone none has any effect.",
            seen=(roles,),
        )
    if not left or (vault.value is not None and not made.by_portal(ctx, vault.value)):
        return passed("vault_roles_gone", wanted=wanted, found="None is.", seen=(roles,))
    who = " and ".join(f"{one.role_name} of {_whose(ctx, one)} (object id {one.principal_id})" for one in left)
    by_hand = f"Or take them back yourself, with a role such as User Access Administrator: {_each_role(left)}."
    why = locks.why(names, facts, UNDO_VAULT[0], what=f"Still there: {who}", by_hand=by_hand)
    return not_yet("vault_roles_left", wanted=wanted, found=why.found, next_step=why.next_step, seen=(roles, *why.seen))


def _whose(ctx: Context, role: RoleAssignment) -> str:
    own = common.same(role.principal_id, ctx.azure.caller_object_id())
    return "the identity of your connection" if own else ctx.names.vm


def _each_role(roles: tuple[RoleAssignment, ...]) -> str:
    return " and ".join(f"`az role assignment delete --ids {one.id}`" for one in roles)


def _plan_delete(names: Names) -> str:
    return (
        f"Delete the key vault {names.vault} in {names.resource_group}, which the portal made, with every secret and "
        "access policy in it."
    )


def _plan_purge(names: Names) -> str:
    return f"Purge {names.vault} from the deleted vaults, for good, so that its name is free again."


GONE, _PURGED = "vault-gone", "vault-purged"
UNDO_VAULT = (
    Action(
        "undo-vault-roles",
        "Take the roles at the vault back",
        lambda names: f"Take back the roles at {names.vault} that the portal gave to {names.vm} and to itself.",
        take_roles,
        in_walk=_gave_roles,
        settles=frozenset({"vault_roles_left"}),
    ),
    Action(
        _DELETE,
        "Delete the key vault",
        _plan_delete,
        delete,
        5.0,
        whatever_happened=True,
        settles=frozenset({"vault_still_there"}),
    ),
    Action(
        "undo-purge-vault",
        "Purge the deleted vault",
        _plan_purge,
        purge,
        purging.SECONDS,
        whatever_happened=True,
        settles=frozenset({"vault_not_purged"}),
    ),
)
UNDONE_VAULT = (
    Check(GONE, "The vault is gone", (looks.VAULT,), judge_gone),
    Check(_PURGED, "Its name is free again", (looks.VAULT, made.DELETED, UNLISTED), judge_purged),
    Check(
        "vault-roles", "The roles that were given at it", (looks.VAULT, given.ROLES), judge_roles, in_walk=_gave_roles
    ),
)
REOPENED_BY_VAULT = ("create-secret", "grant-access", "read-secret")
