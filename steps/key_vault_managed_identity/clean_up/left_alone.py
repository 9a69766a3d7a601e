"""The receipt's part about what was left alone, and why: the lab did not make it, or nobody knows whose it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from steps.key_vault_managed_identity import given, looks, made, role_actions
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.remedies.subscription import REGISTER, REGISTERED
from steps.kit.azure import AzureProblem
from steps.kit.findings import passed
from steps.kit.records import RoleAssignment, Vault
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Finding

_MOST = 3
"""In a group that many share, so many vaults are named."""


def judge(ctx: Context, facts: Facts) -> Finding:
    """Always passed: what it lists is to stay."""
    names = ctx.names
    vaults = facts.of(made.VAULTS)
    said = [_before_the_lab(names, facts), *_kept(ctx)]
    here = [one for one in vaults.value if one.resource_group.casefold() == names.resource_group.casefold()]
    others = [one for one in here if not made.is_labs(ctx, one)]
    asked = [_only_chosen(one.name) for one in others if made.only_chosen(ctx, one)]
    others = [one for one in others if not made.only_chosen(ctx, one)]
    said += [_was_there(one) for one in others if made.was_there(ctx, one)]
    others = [one for one in others if not made.was_there(ctx, one)]
    said += [_earlier(one.name) for one in others if _by_hand_before(ctx, one)]
    others = [one for one in others if not _by_hand_before(ctx, one)]
    said += [_not_of_this_walk(names, one.name) for one in others if made.tagged(one)]
    above = facts.of(given.ABOVE)
    asked += [_further_up(names, one) for one in above.value or ()]
    deleted = facts.of(made.DELETED)
    stays = [one.name for one in deleted.value or () if made.may_have_been_labs(ctx, one)]
    since = made.seen_old(ctx)
    said += [_was_there_and_is_deleted(one, since) for one in stays if since]
    asked += [_of_unknown_age(one) for one in stays if not since]
    whose = [one for one in others if not made.tagged(one)]
    whose += [one for one in vaults.value if one not in here and one.name.casefold() in made.labs_names(ctx)]
    wanted = "What is not the lab's stays as it is."
    seen = (vaults, above, deleted)
    asked += [_whose(whose)] if whose else []
    if asked:
        return passed("left_alone_of_whom", wanted=wanted, found=" ".join([*asked, *said]), seen=seen)
    return passed("left_alone", wanted=wanted, found=" ".join(said), seen=seen)


def _before_the_lab(names: Names, facts: Facts) -> str:
    """A machine that is not there, or that Azure does not show, is not said to have been."""
    vm = if_told(facts, looks.VM).value
    if vm is None or isinstance(vm, AzureProblem):
        return f"The resource group {names.resource_group} was there before the lab."
    return f"The VM {names.vm} and the resource group {names.resource_group} were there before the lab."


def _whose(vaults: list[Vault]) -> str:
    """Whoever made one of these by hand may have named it otherwise, or put it elsewhere, than was agreed."""
    listed = " and ".join(f"{one.name} in {one.resource_group}" for one in vaults[:_MOST])
    more = f", and {len(vaults) - _MOST} more" if len(vaults) > _MOST else ""
    one, them = ("it", "it is") if len(vaults) == 1 else ("one of them", "they are")
    commands = "; ".join(
        f"`az keyvault delete --name {vault.name} --resource-group {vault.resource_group}`, then "
        f"`az keyvault purge --name {vault.name}`"
        for vault in vaults[:_MOST]
    )
    return (
        f"Still there, and the portal cannot know whose {them}: {listed}{more}. Did you make {one} for this lab? Then "
        f"delete it: {commands}."
    )


def _further_up(names: Names, role: RoleAssignment) -> str:
    return (
        f"{names.vm} still has the role {role_actions.name_of(role)} on {role_actions.in_words(role.scope)}, which "
        f"opens every vault there. Who gave it and what for, the portal cannot know, so it stays. Was it for this lab? "
        f"Then take it back: `az role assignment delete --ids {role.id}`."
    )


def _by_hand_before(ctx: Context, vault: Vault) -> bool:
    """One that the walk has had, under a name that the student has changed since, and that the portal did not make."""
    return vault.name.casefold() in made.worked_in(ctx) and not made.tagged(vault)


def _earlier(vault: str) -> str:
    return (
        f"{vault} was your vault before you chose another under Your names. The portal did not make it, so it stays. "
        f"If you need it no more, delete it yourself: `az keyvault delete --name {vault}`, then `az keyvault purge "
        f"--name {vault}`."
    )


def _only_chosen(vault: str) -> str:
    return (
        f"{vault} was in the group already when you chose it: as far as the portal knows it may be somebody else's, so "
        f"it stays. If it is yours, and you need it no more, delete it: `az keyvault delete --name {vault}`, then "
        f"`az keyvault purge --name {vault}`."
    )


def _was_there(vault: Vault) -> str:
    was_there = "may have been there before you began this lab (Azure does not tell how old it is)"
    if vault.created_at:
        was_there = f"was there before you began this lab (since {vault.created_at:%d %B %Y})"
    return (
        f"{vault.name} {was_there}, so it stays, with what is in it. If you need "
        f"neither, delete it yourself: `az keyvault delete --name {vault.name}`, then `az keyvault purge --name "
        f"{vault.name}`."
    )


def _was_there_and_is_deleted(vault: str, since: datetime) -> str:
    return (
        f"{vault} was there before you began this lab (since {since:%d %B %Y}) and is deleted now. It was not purged: "
        f"what was in it can still come back, by `az keyvault recover --name {vault}`. If nobody needs it any more: "
        f"`az keyvault purge --name {vault}`."
    )


def _of_unknown_age(vault: str) -> str:
    return (
        f"{vault} is deleted, and was not purged: nobody knows whether it is older than your walk. Did you make it for "
        f"this lab? Then purge it for good: `az keyvault purge --name {vault}`. If not, it can still come back: "
        f"`az keyvault recover --name {vault}`."
    )


def _not_of_this_walk(names: Names, vault: str) -> str:
    return (
        f"{vault} was made by the portal, but as far as this walk knows not for you. If it is yours, enter it as the "
        "vault's name under Your names, and clean up once more."
    )


def _kept(ctx: Context) -> list[str]:
    return [said(ctx) for remedy, said in sorted(STAYS.items()) if remedy in ctx.mended]


def _registered(ctx: Context) -> str:
    noted = (told.get(REGISTERED, "").split(",") for told in ctx.carried_out.get(REGISTER.id, ()))
    what = dict.fromkeys(one for names in noted for one in names if one)
    stay = (
        f"{' and '.join(what)} {'stays' if len(what) == 1 else 'stay'}" if what else "What the portal registered stays"
    )
    return f"{stay} registered: that makes nothing and costs nothing, and other things may rest on it by now."


STAYS: dict[str, Callable[[Context], str]] = {REGISTER.id: _registered}
"""What the portal mended, outlives the vault, and is no use to take back: why, by the id of the remedy."""
