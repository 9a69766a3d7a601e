"""Undoing Task 1: the vault that the portal made is deleted and purged, with all that is in it."""

from __future__ import annotations

from steps.key_vault_managed_identity import common, looks, made, purging
from steps.kit.findings import not_yet, passed
from steps.kit.records import DeletedVault, Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Facts, Names
from steps.kit.verdict import Finding

_DELETE = "undo-delete-vault"


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
    if made.by_portal(ctx, seen.value):
        return not_yet(
            "vault_still_there",
            wanted=wanted,
            found=f"{names.vault} is still there: the portal could not delete it.",
            next_step=f"Undo once more, or delete it yourself: open {names.vault}, Overview, Delete. "
            f"Or: `az keyvault delete --name {names.vault}`.",
            seen=(seen,),
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
    listed = facts.of(made.DELETED)
    if listed.value is None:
        return purging.hidden(names, Seen(None, listed.source), wanted=wanted)
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


def _plan_delete(names: Names) -> str:
    return (
        f"Delete the key vault {names.vault} in {names.resource_group}, with every secret and access policy in it, "
        "if the portal made it."
    )


def _plan_purge(names: Names) -> str:
    return f"Purge {names.vault} from the deleted vaults, for good, so that its name is free again."


UNDO_VAULT = (
    Action(_DELETE, "Delete the key vault", _plan_delete, delete, expected_seconds=5.0),
    Action("undo-purge-vault", "Purge the deleted vault", _plan_purge, purge, expected_seconds=purging.SECONDS),
)
UNDONE_VAULT = (
    Check("vault-gone", "The vault is gone", (looks.VAULT,), judge_gone),
    Check("vault-purged", "Its name is free again", (made.DELETED, UNLISTED), judge_purged),
)
REOPENED_BY_VAULT = ("create-secret", "grant-access", "read-secret")
