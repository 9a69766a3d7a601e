"""What this lab has made for a student, and how it is told from what belongs to others.

The agreed vault in the agreed group is the lab's if it was made since the walk began, whoever made it: the student
named it. One that was there before was made for something else. Any other vault is the lab's only where the portal
made it in this very walk *and* it still carries the portal's tag. One that the portal found and offered is not either:
the student chose it, and nobody said whose it is. The tag alone tells that a portal made it, not for
whom: several students may share a group, and what is purged never comes back.

Of a deleted vault Azure does not tell when it was made. So Task 1 leaves a note of that whenever it sees the vault, and
a deleted one that the portal has neither made nor seen in this walk is nobody's to purge but the student's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from steps.key_vault_managed_identity.common import same
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import DeletedVault, Seen, Vault
from steps.kit.task import Context, Look, Names, Walk

T = TypeVar("T")

MAKES_VAULT = "create-vault"
"""The id of the action that makes a vault: what it did is found under it in ``Context.carried_out``."""
REMAKES_VAULT = "remake-vault"
"""The id of the remedy that replaces one by a new one, and notes the same."""
MAKES_SECRET = "create-secret"  # noqa: S105 - an id
"""The id of the action that makes a secret: its facts say which, and in which vault."""
OFFERED = "offered-vault"
"""The kind of note that keeps the ids of vaults that the portal has only offered to work with, one in each line."""
WAS_THERE, SINCE = "vault", "vault-since"
"""The kinds of note that keep the id of a vault that was seen in its place, and, with a space behind it, when it was
made."""
_TAG = ("created-by", "lab-portal")
_CLOCKS = timedelta(minutes=5)


def if_allowed(ask: Callable[[], Seen[T]]) -> Seen[T | None]:
    """None where the portal's caller may not see that: a right on the whole subscription, not only on the group."""
    try:
        seen = ask()
    except AzureProblem as problem:
        if problem.kind is not ProblemKind.NOT_AUTHORIZED:
            raise
        return Seen(None, problem.source)
    return Seen(seen.value, seen.source)


DELETED: Look[tuple[DeletedVault, ...] | None] = Look(
    "deleted-vaults",
    "The deleted key vaults of your subscription",
    lambda ctx: if_allowed(ctx.azure.deleted_vaults),
)
"""None where the caller may not see them."""


def _vaults(ctx: Context) -> Seen[tuple[Vault, ...]]:
    mine = ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)
    every = if_allowed(ctx.azure.vaults_in_subscription)
    others = tuple(one for one in every.value or () if mine.value is None or not same(one.id, mine.value.id))
    return Seen((mine.value, *others) if mine.value else others, mine.source if every.value is None else every.source)


VAULTS: Look[tuple[Vault, ...]] = Look("vaults-and-yours", "Your key vault, and all you may see", _vaults)
"""The agreed vault first, which is seen even by who may see no other."""


def tagged(vault: Vault) -> bool:
    """The portal made it, in whichever walk."""
    key, value = _TAG
    return vault.tags.get(key) == value


def by_portal(ctx: Context, vault: Vault) -> bool:
    """The portal made it in this walk: the name alone may be another vault's by now, and the tag a classmate's."""
    return vault.name.casefold() in of_portal(ctx) and tagged(vault)


def group_id(names: Names) -> str:
    return f"/subscriptions/{names.subscription_id}/resourceGroups/{names.resource_group}"


def vault_id(names: Names, name: str) -> str:
    return f"{group_id(names)}/providers/Microsoft.KeyVault/vaults/{name}"


def of_portal(ctx: Walk) -> frozenset[str]:
    """The names of the vaults that the portal made in this walk, folded."""
    noted = (one for action in (MAKES_VAULT, REMAKES_VAULT) for one in ctx.carried_out.get(action, ()))
    return frozenset(one["vault"].casefold() for one in noted if "vault" in one)


def agreed_by_portal(ctx: Walk) -> bool:
    """The portal made the agreed vault in this walk."""
    return ctx.names.vault.casefold() in of_portal(ctx)


def secret_by_portal(ctx: Walk) -> bool:
    """The portal made the agreed secret in the agreed vault in this walk: names may have been changed since."""
    made_there = ((one["vault"], one["secret"]) for one in ctx.carried_out.get(MAKES_SECRET, ()) if "secret" in one)
    return any(same(vault, ctx.names.vault) and same(secret, ctx.names.secret) for vault, secret in made_there)


def labs_names(ctx: Context) -> frozenset[str]:
    """The names that vaults of this walk have or had, folded."""
    return of_portal(ctx) | {ctx.names.vault.casefold()}


def worked_in(ctx: Context) -> frozenset[str]:
    """The names of all vaults that the portal did something in during this walk, whoever made them; folded."""
    noted = (one for times in ctx.carried_out.values() for one in times)
    return frozenset(one["vault"].casefold() for one in noted if "vault" in one)


def is_labs(ctx: Context, vault: Vault) -> bool:
    if not same(vault.resource_group, ctx.names.resource_group):
        return False
    if by_portal(ctx, vault):
        return True
    young = vault.created_at is not None and not _before(ctx, vault.created_at)  # Azure always tells, of today's vaults
    return same(vault.name, ctx.names.vault) and young and not _offered(ctx, vault.id)


def seen_there(vault: Vault) -> dict[str, str]:
    """The notes for a finding that has seen it."""
    since = {SINCE: f"{vault.id} {vault.created_at.isoformat()}"} if vault.created_at else {}
    return {WAS_THERE: vault.id} | since


def _since(ctx: Context, vault: str) -> datetime | None:
    """When the last vault with this id was made, as far as one was seen in this walk."""
    noted = (note.rpartition(" ") for note in ctx.noted.get(SINCE, ()))
    return max((datetime.fromisoformat(when) for one, _, when in noted if same(one, vault)), default=None)


def was_labs(ctx: Context, vault: DeletedVault) -> bool:
    if vault.name.casefold() in of_portal(ctx) | _replaced(ctx):
        return _deleted_in_walk(ctx, vault)
    return _agreed_by_student(ctx, vault) and seen_young(ctx)


def may_have_been_labs(ctx: Context, vault: DeletedVault) -> bool:
    """The agreed one, but older than the walk, or of an age that nobody knows."""
    return _agreed_by_student(ctx, vault) and not was_labs(ctx, vault)


def _agreed_by_student(ctx: Context, vault: DeletedVault) -> bool:
    agreed = same(vault.name, ctx.names.vault) and not _offered(ctx, vault.vault_id)
    return agreed and _deleted_in_walk(ctx, vault)


def _deleted_in_walk(ctx: Context, vault: DeletedVault) -> bool:
    return same(vault.resource_group, ctx.names.resource_group) and not _before(ctx, vault.deletion_date)


def _replaced(ctx: Context) -> frozenset[str]:
    """What the portal has deleted, to make it anew; folded."""
    times = (*ctx.carried_out.get(REMAKES_VAULT, ()), ctx.facts.get(REMAKES_VAULT, {}))
    return frozenset(one["replaces"].casefold() for one in times if "replaces" in one)


def seen_young(ctx: Context) -> bool:
    """The agreed vault was seen in this walk, and not as an older one."""
    agreed = vault_id(ctx.names, ctx.names.vault)
    seen = any(same(one, agreed) for one in ctx.noted.get(WAS_THERE, ()))
    return seen and not _before(ctx, _since(ctx, agreed))


def seen_old(ctx: Context) -> datetime | None:
    """When the agreed vault was made, if that was before the walk began."""
    since = _since(ctx, vault_id(ctx.names, ctx.names.vault))
    return since if _before(ctx, since) else None


def offering(names: Names, *vaults: str) -> dict[str, str]:
    """The note for a finding that offers these vaults of the group: whose they are, nobody has said."""
    return {OFFERED: "\n".join(vault_id(names, one) for one in vaults)}


def _offered(ctx: Context, vault: str) -> bool:
    """The student works with it because the portal showed it to them: in a shared group it may be a classmate's."""
    return any(same(one, vault) for note in ctx.noted.get(OFFERED, ()) for one in note.splitlines())


def only_chosen(ctx: Context, vault: Vault) -> bool:
    agreed = same(vault.name, ctx.names.vault) and same(vault.resource_group, ctx.names.resource_group)
    return agreed and not by_portal(ctx, vault) and _offered(ctx, vault.id)


def was_there(ctx: Context, vault: Vault) -> bool:
    """The agreed vault, but older than the walk: it holds what nobody may purge for the lab's sake."""
    agreed = same(vault.name, ctx.names.vault) and same(vault.resource_group, ctx.names.resource_group)
    return agreed and not is_labs(ctx, vault)


def _before(ctx: Context, when: datetime | None) -> bool:
    """Before the walk began; what nobody knows counts as since. Azure's clock and ours may differ a little."""
    return ctx.began is not None and when is not None and when < ctx.began - _CLOCKS
