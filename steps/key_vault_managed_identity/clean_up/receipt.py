"""The receipt of cleaning up: what is gone, and what is left."""

from __future__ import annotations

from dataclasses import replace

from steps.key_vault_managed_identity import common, locks, looks, made, purging
from steps.key_vault_managed_identity.clean_up import actions, look
from steps.key_vault_managed_identity.clean_up.why_left import why_left
from steps.key_vault_managed_identity.remedies.vault import NOTHING_TO_RESTORE
from steps.kit import problems
from steps.kit.findings import not_yet, passed
from steps.kit.records import Seen
from steps.kit.task import Action, Context, Facts
from steps.kit.verdict import Finding

DELETED_VAULTS = "deleted-vaults"
"""The id of the check that tells of them."""


def judge_vaults(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"No vault of this lab is left in {names.resource_group}."
    seen = facts.of(made.VAULTS)
    left = [one.name for one in seen.value if made.is_labs(ctx, one)]
    if not left:
        deleted = look.deleted_now(ctx)
        found = f"Nothing is left. Deleted just now: {', '.join(deleted)}." if deleted else "Nothing is left."
        return passed("lab_vaults_gone", wanted=wanted, found=found, seen=(seen,))
    lock = locks.met(facts, actions.DELETE)
    if lock is not None:
        still = f"{' and '.join(left)} {'is' if len(left) == 1 else 'are'} still there, with what is in it"
        why = locks.told(names, lock, what=still, then="clean up once more")
        return not_yet("lab_vaults_locked", wanted=wanted, found=why.found, next_step=why.next_step, seen=why.seen)
    by_hand = f"Or delete it yourself: {_each('az keyvault delete', left)}."
    why = why_left(
        ctx, facts, actions.DELETE, what=f"Still there, with what is in it: {', '.join(left)}", by_hand=by_hand
    )
    return not_yet("lab_vaults_left", wanted=wanted, found=why.found, next_step=why.next_step, seen=(seen, *why.seen))


def _each(command: str, vaults: list[str]) -> str:
    return ", ".join(f"`{command} --name {vault}`" for vault in vaults)


def judge_deleted(ctx: Context, facts: Facts) -> Finding:
    wanted = "No deleted vault of this lab keeps its name. Where purge protection forbids purging, it may stay."
    seen = facts.of(made.DELETED)
    if seen.value is None:
        return _deleted_unseen(ctx, Seen(None, seen.source), wanted=wanted)
    ours = [one for one in seen.value if look.is_ours(ctx, one)]
    left = [one.name for one in ours if not one.purge_protection]
    if left:
        why = why_left(
            ctx,
            facts,
            actions.PURGE,
            what=f"Deleted, but not purged: {', '.join(left)}",
            by_hand=f"Or purge it yourself: {_each('az keyvault purge', left)}. That takes a right on the whole "
            "subscription, such as the role Contributor there.",
            by_contributor=False,
        )
        return not_yet(
            "lab_names_kept",
            wanted=wanted,
            found=why.found,
            next_step=why.next_step,
            seen=(seen, *why.seen),
            notes=_for_the_next(ctx),
        )
    unlisted = facts.of(look.NOT_LISTED)
    if unlisted.value:
        return replace(purging.on_its_way(unlisted.value, unlisted, wanted=wanted), notes=_for_the_next(ctx))
    if ours:
        kept = " ".join(f"{one.name} is deleted and may not be purged: {purging.protected(one)}" for one in ours)
        found = f"Nothing is left but the name. {kept} It costs nothing."
        return passed("lab_names_protected", wanted=wanted, found=found, seen=(seen,))
    purged = dict.fromkeys((*look.deleted_now(ctx), *look.seen(ctx, "deleted"), *look.seen(ctx, "unlisted")))
    found = f"Nothing is left. Purged just now: {', '.join(purged)}." if purged else "Nothing is left."
    return passed("lab_names_free", wanted=wanted, found=found, seen=(seen,))


def _for_the_next(ctx: Context) -> dict[str, str]:
    """Who cleans up once more must know that the vault was the lab's: once it is deleted, nobody can tell."""
    deleted = any(common.same(one, ctx.names.vault) for one in look.deleted_now(ctx))
    return {made.WAS_THERE: made.vault_id(ctx.names, ctx.names.vault)} if deleted else {}


def _deleted_unseen(ctx: Context, seen: Seen[None], *, wanted: str) -> Finding:
    if look.had_vault(ctx):
        return purging.hidden(ctx.names, seen, DELETED_VAULTS, wanted=wanted)
    return passed(
        "lab_names_unseen",
        wanted=wanted,
        found="In this walk the portal has neither made, seen nor deleted a vault of yours. Deleted ones the identity "
        "of your connection may not see, as that takes a right on the whole subscription: if you have made and deleted "
        f"{ctx.names.vault} on your own, purge it yourself, `az keyvault purge --name {ctx.names.vault}`.",
        seen=(seen,),
    )


def judge_settings(ctx: Context, facts: Facts) -> Finding:
    wanted = "What the portal changed for you outside the vault is as it was before."
    seen = facts.of(looks.VM)
    back, gone, left, undone = list[str](), list[str](), list[str](), list[Action]()
    for remedy in look.to_reverse(ctx):
        if remedy.reverse is None:
            continue
        told = ctx.facts.get(remedy.reverse.id)
        ended = told is not None and problems.from_facts(told) is None
        moot = told is not None and NOTHING_TO_RESTORE in told
        (gone if moot else back if ended else left).append(remedy.action.title)
        undone += [] if ended else [remedy.reverse]
    if left:
        why = why_left(
            ctx,
            facts,
            *undone,
            what=f"The portal did this for you, and it is not taken back: {'; '.join(left)}",
            by_hand=f"Or do it yourself: {'; '.join(one.title for one in undone)}.",
        )
        return not_yet(
            "lab_settings_left", wanted=wanted, found=why.found, next_step=why.next_step, seen=(seen, *why.seen)
        )
    said = [f"Taken back: {'; '.join(back)}."] if back else []
    said += [f"Gone with the vault, or put back before: {'; '.join(gone)}."] if gone else []
    found = " ".join(said) or "There is nothing to take back."
    return passed("lab_settings_back", wanted=wanted, found=found, seen=(seen,))
