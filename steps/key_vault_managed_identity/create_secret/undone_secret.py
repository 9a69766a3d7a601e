"""Whether the secret is gone, once Task 2 has been undone."""

from __future__ import annotations

from dataclasses import replace

from steps.key_vault_managed_identity import common, given, locks, looks, made
from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.create_secret import secret_kept
from steps.kit import problems
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet, passed
from steps.kit.records import Seen, Vault
from steps.kit.task import Action, Context, Facts, Names
from steps.kit.verdict import Finding

PURGE_ID = "undo-purge-secret"


def not_ours(names: Names) -> str:
    return f"{names.secret} in {names.vault} was not made by the portal in this walk."


def judge_gone(ctx: Context, facts: Facts, deleting: tuple[Action, ...]) -> Finding:
    names = ctx.names
    wanted = f"The secret {names.secret} is no longer in {names.vault}."
    vault = facts.of(looks.VAULT)
    if vault.value is None:
        found = f"There is no {names.vault} any more, and the secret went with it."
        return passed("secret_gone_with_vault", wanted=wanted, found=found, seen=(vault,))
    seen = facts.of(looks.SECRET)
    if seen.value is None:
        return passed("secret_gone", wanted=wanted, found="It is not there any more.", seen=(seen,))
    if not made.secret_by_portal(ctx):
        return not_yet(
            "secret_not_the_portals",
            wanted=wanted,
            found=f"{not_ours(names)} What the portal did not make, undoing leaves alone.",
            next_step="Did the portal make one under another name, or in another vault? Set that under Your names, and "
            f"undo once more. Or, if you want this one gone, delete it yourself: {secret_kept.by_hand(names)}",
            seen=(seen, vault),
        )
    return secret_kept.judge(ctx, facts, (seen, common.there(vault)), deleting, wanted=wanted)


def judge_purged(ctx: Context, facts: Facts, purge: Action) -> Finding:
    """Goes by what the purge itself saw: the right to see deleted secrets may have been taken back since."""
    names = ctx.names
    wanted = f"No deleted secret of {names.vault} keeps the name {names.secret}."
    vault = facts.of(looks.VAULT)
    if vault.value is None:
        found = f"{names.vault} is gone, with the deleted secrets in it."
        return passed("deleted_secret_gone_with_vault", wanted=wanted, found=found, seen=(vault,))
    try:
        told = facts.told(purge)
    except AzureProblem as problem:
        if problem.kind is not ProblemKind.NOT_AUTHORIZED:
            raise
        return _not_allowed(names, Seen(None, problem.source), wanted=wanted)
    return _by_state(names, told, vault, wanted=wanted)


def _not_allowed(names: Names, seen: Seen[None], *, wanted: str) -> Finding:
    return not_yet(
        "secret_not_purged",
        wanted=wanted,
        found=f"{names.vault} does not let the identity of your connection purge secrets.",
        next_step=f"Purge it yourself: open {names.vault}, Secrets, Manage deleted secrets, {names.secret}, Purge. "
        f"Or: `az keyvault secret purge --vault-name {names.vault} --name {names.secret}`. It takes the permission "
        "Purge, or the role Key Vault Secrets Officer.",
        seen=(seen,),
    )


def _by_state(names: Names, told: dict[str, str], vault: Seen[Vault | None], *, wanted: str) -> Finding:
    state = told.get("state", "")
    if not state or "method" not in told:  # the actions ended before the purge, or the vault has come back since
        unclear = could_not_tell(
            "secret_purge_not_reached",
            wanted=wanted,
            found=f"{names.secret} was not deleted, so there was nothing to purge.",
            next_step="See the check above: it says what keeps the secret there.",
            seen=(vault,),
        )
        return replace(unclear, waits_for="secret-gone")
    seen = Seen(told, problems.source_of(told))
    if state == "none":
        found = f"The portal has made no {names.secret} in {names.vault}, so it has purged none."
        return passed(
            "secret_never_made", wanted=f"{wanted} The portal purges only what it made.", found=found, seen=(seen,)
        )
    if state == "gone":
        found = f"{names.secret} is not among the deleted secrets."
        return passed("secret_purged", wanted=wanted, found=found, seen=(seen,))
    if state == "kept":
        return passed(
            "secret_kept_by_purge_protection",
            wanted=f"{wanted} Where purge protection forbids purging, it may stay.",
            found=f"{names.secret} is deleted, but its name stays taken{told['until']}: the purge protection of "
            f"{names.vault} is on. To do the task again, recover it, or choose another name under Your names.",
            seen=(seen,),
        )
    return could_not_tell(
        "secret_being_purged",
        wanted=wanted,
        found=f"Azure has taken the order to purge {names.secret}, and still lists it.",
        next_step=LOOKS_AGAIN,
        seen=(seen,),
    )


def judge_rights_back(ctx: Context, facts: Facts, taking_back: Action) -> Finding:
    names, caller = ctx.names, ctx.azure.caller_object_id()
    wanted = f"The portal has no right in {names.vault} that it gave itself for the secret."
    vault, roles = facts.of(looks.VAULT), facts.of(given.ROLES)
    policies = vault.value.access_policies if vault.value else ()
    has = {right for one in policies if same(one.object_id, caller) for right in one.secrets}
    left = sorted(has & given.own_rights(ctx, names.vault))
    left += [one.role_name for one in given.of_itself(ctx, names.vault, roles.value)]
    if vault.value and given.own_roles(ctx, names.vault) and roles.value is None:
        left.append("perhaps a role, which it may not see,")
    if not left:
        return passed("portal_rights_back", wanted=wanted, found="It has none.", seen=(vault, roles))
    by_hand = (
        f"Or open {names.vault}, Access policies (or Access control (IAM), where it goes by roles), and take it from "
        "that object id. Or undo Task 1, which removes the vault."
    )
    what = f"The identity of your connection (object id {caller}) still has {', '.join(left)} there"
    why = locks.why(names, facts, taking_back, what=what, by_hand=by_hand)
    return not_yet(
        "portal_rights_left", wanted=wanted, found=why.found, next_step=why.next_step, seen=(vault, roles, *why.seen)
    )
