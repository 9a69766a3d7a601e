"""Locks, which refuse changes and deletions whatever roles somebody has."""

from __future__ import annotations

from collections.abc import Iterable

from steps.key_vault_managed_identity import looks, made
from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.role_actions import covers, in_words
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import not_yet, passed
from steps.kit.records import Lock, Seen
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Finding

_MOST = 3
"""Locks that are named."""
_LONGEST_NOTE = 160


def judge_locks(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = "No lock is known that forbids what the lab changes, or deletes in the end."
    seen = if_told(facts, looks.LOCKS)
    if isinstance(seen.value, AzureProblem):
        return _unseen(Seen(seen.value, seen.source), wanted=wanted)
    locks = Seen(seen.value, seen.source)
    against_changes = forbidding_changes(names, locks, wanted=wanted)
    if against_changes is not None:
        return against_changes
    keeping = on_vault(names, locks.value)  # none of which is ReadOnly
    if not keeping:
        return passed("no_lock_in_the_way", wanted=wanted, found="None is in the way.", seen=(seen,))
    return passed(
        "lock_keeps_vault",
        wanted=wanted,
        found=f"All four tasks can be done. But {told(keeping)}, so nothing there can be deleted: undoing and "
        f"cleaning up will leave the vault where it is, until {whoever_may(names, keeping)}",
        seen=(seen,),
    )


def _unseen(seen: Seen[AzureProblem], *, wanted: str) -> Finding:
    """Raises the problem, unless it is only that the caller may not ask."""
    if seen.value.kind is not ProblemKind.NOT_AUTHORIZED:
        raise seen.value
    return passed(
        "locks_not_looked_at",
        wanted=wanted,
        found="None is known. Your connection may not ask for locks (Microsoft.Authorization/locks/read); should "
        "there be one, what it refuses will say so.",
        seen=(seen,),
    )


def forbidding_changes(names: Names, seen: Seen[tuple[Lock, ...]], *, wanted: str) -> Finding | None:
    """The finding about locks under which the lab cannot be done; None where there are none."""
    machine = f"{made.group_id(names)}/providers/Microsoft.Compute/virtualMachines/{names.vm}"
    frozen = [one for one in seen.value if one.read_only and (_holds_vault(names, one) or same(one.scope, machine))]
    if not frozen:
        return None
    return not_yet(
        "lock_forbids_changes",
        wanted=wanted,
        found=f"{told(frozen)[:1].upper()}{told(frozen)[1:]}: Azure refuses to make, change, start or delete "
        "anything there, whatever roles you have (ScopeLocked).",
        next_step=f"Nothing of the lab can be done there until {whoever_may(names, frozen)} The portal removes no "
        f"locks. Or {_way_round(names, frozen)}.",
        seen=(seen,),
    )


def on_vault(names: Names, locks: Iterable[Lock]) -> list[Lock]:
    return [one for one in locks if _holds_vault(names, one)]


def _holds_vault(names: Names, lock: Lock) -> bool:
    """It is on the vault, or on what the vault is or will be in."""
    return bool(lock.scope) and covers(lock.scope, made.vault_id(names, names.vault))


def told(locks: list[Lock]) -> str:
    """Each by its name, without a full stop."""
    return " and ".join(
        f"the lock {one.name} on {in_words(one.scope)} is {'ReadOnly' if one.read_only else 'CanNotDelete'}{_note(one)}"
        for one in locks[:_MOST]
    )


def _note(lock: Lock) -> str:
    note = " ".join(lock.notes.split()).rstrip(".")
    return f' (its note: "{note[:_LONGEST_NOTE]}")' if note else ""


def whoever_may(names: Names, locks: list[Lock]) -> str:
    """Ends the sentence "... until"."""
    where = " and ".join(dict.fromkeys(_blade(names, one) for one in locks[:_MOST]))
    commands = ", ".join(f"`az lock delete --ids {one.id}`" for one in locks[:_MOST])
    them = "it" if len(locks) == 1 else "them"
    return (
        f"somebody deletes {them}: {where}. Or: {commands}. That takes the role Owner or User Access Administrator "
        f"there; if you did not set {them} yourself, ask whoever did."
    )


def _way_round(names: Names, locks: list[Lock]) -> str:
    """Out of the widest of their scopes."""
    scope = min((one.scope for one in locks), key=len)
    if same(scope, f"/subscriptions/{names.subscription_id}"):
        return "connect another subscription"
    if same(scope, made.group_id(names)):
        return "connect again with another resource group"
    if same(scope, made.vault_id(names, names.vault)):
        return "choose another name for the vault under Your names, and make that one"
    return "work with another machine of the group, and set its name under Your names"


def _blade(names: Names, lock: Lock) -> str:
    if same(lock.scope, f"/subscriptions/{names.subscription_id}"):
        return "Subscriptions, yours, Settings, Resource locks"
    return f"{lock.scope.rpartition('/')[2]}, Settings, Locks"
