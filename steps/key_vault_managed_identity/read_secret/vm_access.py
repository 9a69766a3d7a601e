"""Whether the identity that a token stands for has been let in, and for how long the vault has ignored that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from steps.key_vault_managed_identity import common, looks, role_actions
from steps.key_vault_managed_identity.read_secret.vm_told import Told
from steps.kit.findings import LOOKS_AGAIN, could_not_tell
from steps.kit.records import RoleAssignment, Seen, Vault
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding

REFUSED_SINCE = "refused-though-granted"
"""The kind of note that keeps when the vault was first seen to ignore a right: object id, a space, the time."""

_LATELY = timedelta(hours=1)
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Access:
    """``granted`` says what lets the identity get the secret ("" for nothing), as part of a sentence; ``conditional``
    what does so on a condition that is Azure's to judge."""

    granted: str
    seen: Seen[Any]
    conditional: str = ""


def access_of(ctx: Context, facts: Facts, vault: Seen[Vault], oid: str) -> Access:
    """By roles or by policies, whichever the vault goes by."""
    if not vault.value.rbac:
        granted = "the access policy" if "get" in common.rights(vault.value, oid) else ""
        return Access(granted, vault)
    scope = role_actions.secret_scope(ctx.names)
    roles = facts.of(looks.roles_of(oid, scope))
    holding = role_actions.that_hold(roles.value, scope)
    reading = next((_in_words(one, oid) for one in holding if role_actions.reads(one)), "")
    conditional = next((_in_words(one, oid) for one in holding if role_actions.reads(one) is None), "")
    return Access(reading, roles, conditional)


def _in_words(role: RoleAssignment, oid: str) -> str:
    by_group = "" if common.same(role.principal_id, oid) else f", through the group {role.principal_id}"
    return f"the role {role.role_name} on {role_actions.in_words(role.scope)}{by_group}"


def not_in_effect(ctx: Context, access: Access, told: Told, *, wanted: str) -> Finding:
    """Granted, and refused all the same: only time helps."""
    names, oid = ctx.names, told.value["oid"]
    since, notes = _since(ctx, oid)
    if ctx.names.by_roles:
        finding = could_not_tell(
            "role_not_in_effect_yet",
            wanted=wanted,
            found=f"{names.vm} has {access.granted}, but {names.vault} still turns it away{since}. Azure takes up to "
            "ten minutes until a fresh role counts.",
            next_step=LOOKS_AGAIN,
            seen=(access.seen, told),
        )
    else:
        finding = could_not_tell(
            "policy_not_in_effect_yet",
            wanted=wanted,
            found=f"{names.vault} has {access.granted} for {names.vm}, but still turns it away{since}. A fresh policy "
            "takes a moment to count: Azure promises no time, and mostly it is less than a few minutes.",
            next_step=LOOKS_AGAIN,
            seen=(access.seen, told),
        )
    return replace(finding, notes=notes)


def _since(ctx: Context, oid: str) -> tuple[str, dict[str, str]]:
    """Since when that has been seen, as part of a sentence, and the note to leave if it is new."""
    now = datetime.now(UTC)
    for note in ctx.noted.get(REFUSED_SINCE, ()):
        whose, _, when = note.partition(" ")
        then = datetime.strptime(when, _TIME).replace(tzinfo=UTC)
        if common.same(whose, oid) and now - then < _LATELY:
            minutes = int((now - then).total_seconds() // 60)
            long = "less than a minute" if minutes < 1 else f"{minutes} minute{'s' if minutes > 1 else ''}"
            return f" (first seen at {then:%H:%M} UTC, {long} ago)", {}
    return "", {REFUSED_SINCE: f"{oid} {now:{_TIME}}"}
