"""Undoing Task 2: the secret is deleted and purged, by rights that the portal gives itself for it and takes back."""

from __future__ import annotations

from steps.key_vault_managed_identity import common, given, looks, made
from steps.key_vault_managed_identity.create_secret import undone_secret
from steps.key_vault_managed_identity.create_secret.undo_secret_rights import (
    LET_IN,
    NOT_DELETED,
    TAKE_BACK,
)
from steps.key_vault_managed_identity.patience import ROLE_WAITS
from steps.key_vault_managed_identity.purging import until
from steps.kit import problems
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import DeletedSecret, Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Names
from steps.kit.verdict import Source

_WAITS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Azure names no time for a policy to take effect, nor for a secret to be deleted or purged."""


def _vault(ctx: Context) -> Seen[Vault | None]:
    return ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)


def _gone_with_vault(ctx: Context, source: Source, *, did: bool, **facts: str) -> ActionDone:
    said = f"There is no {ctx.names.vault} any more, so {ctx.names.secret} is gone with it."
    return ActionDone(said, did, (source,), facts)


def delete(ctx: Context, token: str | None) -> ActionDone | ActionIntent | ActionPending:
    """Tokens: the intent, then "refused:<n>" while the vault does not know the portal's policy yet.

    Raises a BLOCKED AzureProblem for a secret that the portal did not make in this walk.
    """
    names, seen = ctx.names, _vault(ctx)
    if seen.value is None:
        return _gone_with_vault(ctx, seen.source, did=token is not None)
    there = ctx.azure.secret(names.resource_group, names.vault, names.secret)
    if there.value is None:
        did = token is not None
        return ActionDone(f"{names.secret} is not in {names.vault} any more.", did, (there.source,), _told(did))
    if not made.secret_by_portal(ctx):
        raise common.blocked("NotMadeByPortal", f"{undone_secret.not_ours(names)} It was left alone.", there.source)
    if token is None:
        return ActionIntent(common.INTENT)
    try:
        answer = ctx.azure.delete_secret(seen.value.uri, names.secret)
    except AzureProblem as problem:
        return _refused(ctx, seen.value, token, problem)
    return ActionDone(f"{names.secret} was deleted from {names.vault}.", True, (answer.source,), _told(True))


def _told(did: bool) -> dict[str, str]:
    return {"deleted": "yes" if did else ""}


def _refused(ctx: Context, vault: Vault, token: str, problem: AzureProblem) -> ActionPending:
    """Waits for a fresh right to take effect, as long as that is a likely reason; raises ``problem`` otherwise."""
    kind, _, tried = token.partition(":")
    tries, waits = int(tried) if kind == "refused" else 0, ROLE_WAITS if vault.rbac else _WAITS
    unlikely = common.shut_out(problem) or (vault.rbac and not ctx.names.by_roles)
    if problem.kind is not ProblemKind.NOT_AUTHORIZED or unlikely or tries >= len(waits):
        raise problem
    said = f"{vault.name} does not apply the portal's rights yet; that can take a moment."
    return ActionPending(f"refused:{tries + 1}", waits[tries], said, (problem.source,))


def purge(ctx: Context, token: str | None) -> ActionDone | ActionIntent | ActionPending:
    """Tokens: the intent; "refused:<n>"; "appears:<n>" until Azure shows the secret it deletes; "goes:<n>" until it
    no longer shows the one it purges."""
    seen = _vault(ctx)
    if seen.value is None:
        return _gone_with_vault(ctx, seen.source, did=token is not None, state="gone")
    if not made.secret_by_portal(ctx):
        facts = {**problems.source_facts(seen.source), "state": "none"}
        return ActionDone("The portal has made nothing here that could be purged.", False, (seen.source,), facts)
    return _purge(ctx, seen.value, token)


def _purge(ctx: Context, vault: Vault, token: str | None) -> ActionDone | ActionIntent | ActionPending:
    names, (kind, _, tried) = ctx.names, (token or "").partition(":")
    try:
        deleted = ctx.azure.deleted_secret(vault.uri, names.secret)
        if deleted.value is None and _appears_yet(ctx, kind, tried):
            return _wait("appears", kind, tried, f"Azure is deleting {names.secret}.", deleted.source)
        if deleted.value is None or vault.purge_protection or (kind == "goes" and int(tried) >= len(_WAITS)):
            return _over(names, vault, deleted, did=token is not None)
        if token is None or kind == "appears":
            return _about_to(names, token, deleted.source)
        if kind != "goes":
            deleted = Seen(deleted.value, ctx.azure.purge_secret(vault.uri, names.secret).source)
    except AzureProblem as problem:
        return _refused(ctx, vault, token or common.INTENT, problem)
    return _wait("goes", kind, tried, f"Azure is purging {names.secret}.", deleted.source, began=True)


def _appears_yet(ctx: Context, kind: str, tried: str) -> bool:
    """It was deleted a moment ago, and Azure does not list it yet."""
    just_deleted = ctx.facts.get(DELETE.id, {}).get("deleted") == "yes"
    seen_before = kind in {"goes", common.INTENT}
    return just_deleted and not seen_before and not (kind == "appears" and int(tried) >= len(_WAITS))


def _about_to(names: Names, token: str | None, source: Source) -> ActionIntent | ActionPending:
    """The intent is stored before the purge: should this worker die in the middle of it, the next one knows that the
    secret it does not see is gone, and no longer on its way to be seen."""
    if token is None:
        return ActionIntent(common.INTENT)
    return ActionPending(common.INTENT, 0.0, f"Azure has deleted {names.secret}, and lists it.", (source,))


def _wait(what: str, kind: str, tried: str, said: str, source: Source, *, began: bool = False) -> ActionPending:
    tries = int(tried) if kind == what else 0
    return ActionPending(f"{what}:{tries + 1}", _WAITS[min(tries, len(_WAITS) - 1)], said, (source,), began)


def _over(names: Names, vault: Vault, deleted: Seen[DeletedSecret | None], *, did: bool) -> ActionDone:
    facts = problems.source_facts(deleted.source)
    if deleted.value is None:
        said = f"{names.secret} is not among the deleted secrets of {names.vault}{' any more' if did else ''}."
        return ActionDone(said, did, (deleted.source,), {**facts, "state": "gone"})
    if vault.purge_protection:
        kept = until(deleted.value.scheduled_purge_date)
        said = f"{names.secret} may not be purged: the purge protection of {names.vault} is on."
        return ActionDone(said, False, (deleted.source,), {**facts, "state": "kept", "until": kept})
    said = f"Azure has been asked to purge {names.secret}, and takes its time."
    return ActionDone(said, did, (deleted.source,), {**facts, "state": "asked"})


DELETE = Action(
    "undo-delete-secret",
    "Delete the secret",
    lambda names: (
        f"Delete the secret {names.secret}, which the portal made, from {names.vault}, with all its versions."
    ),
    delete,
    expected_seconds=5.0,
    settles=NOT_DELETED,
)
PURGE = Action(
    undone_secret.PURGE_ID,
    "Purge the deleted secret",
    lambda names: f"Purge {names.secret} from the deleted secrets of {names.vault}, for good.",
    purge,
    expected_seconds=10.0,
)
UNDO_SECRET = (LET_IN, DELETE, PURGE, TAKE_BACK)
UNDONE_SECRET = (
    Check(
        "secret-gone",
        "The secret is gone",
        (looks.VAULT, looks.SECRET),
        lambda ctx, facts: undone_secret.judge_gone(ctx, facts, (LET_IN, DELETE)),
    ),
    Check(
        "secret-purged",
        "Its name is free again",
        (looks.VAULT,),
        lambda ctx, facts: undone_secret.judge_purged(ctx, facts, PURGE),
    ),
    Check(
        "portal-rights-back",
        "The portal's own rights",
        (looks.VAULT, given.ROLES),
        lambda ctx, facts: undone_secret.judge_rights_back(ctx, facts, TAKE_BACK),
    ),
)
REOPENED_BY_SECRET = ("read-secret",)
