"""What the portal's own identity must be allowed to do, action by action, and which role would allow it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from steps.key_vault_managed_identity import looks
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import not_yet, passed
from steps.kit.records import Permission, Provider, Seen
from steps.kit.task import Context, Facts, Look, Names
from steps.kit.verdict import Finding

VAULTS, MACHINES = "Key Vault Contributor", "Virtual Machine Contributor"
EVERYTHING, GIVING_ROLES = "Contributor", "User Access Administrator"


@dataclass(frozen=True, slots=True)
class Need:
    """``purpose`` ends the sentence "it may not ..."; ``role``: the narrowest usual one that allows the action."""

    action: str
    purpose: str
    role: str


MAKING_VAULTS = Need("Microsoft.KeyVault/vaults/write", "make the vault", VAULTS)
NEEDS = (
    Need("Microsoft.Resources/subscriptions/resourceGroups/read", "see the resource group", VAULTS),
    Need("Microsoft.KeyVault/vaults/read", "see the vault", VAULTS),
    MAKING_VAULTS,
    Need("Microsoft.KeyVault/vaults/secrets/read", "see that the secret is there", VAULTS),
    Need("Microsoft.Compute/virtualMachines/read", "see the virtual machine", MACHINES),
    Need("Microsoft.Compute/virtualMachines/runCommand/action", "run the script on the machine", MACHINES),
)
BY_POLICIES = (Need("Microsoft.KeyVault/vaults/accessPolicies/write", "add access policies", VAULTS),)
BY_ROLES = (
    Need("Microsoft.Authorization/roleAssignments/read", "see who has which role", VAULTS),
    Need("Microsoft.Authorization/roleAssignments/write", "give the machine a role", GIVING_ROLES),
)
FOR_REPAIRS = (
    Need("Microsoft.KeyVault/vaults/delete", "delete the vault", VAULTS),
    Need("Microsoft.Compute/virtualMachines/start/action", "start the machine", MACHINES),
    Need("Microsoft.Compute/virtualMachines/write", "turn the machine's identity on", MACHINES),
)
"""What only repairing and cleaning up need: a student does without."""
PURGING = Need("Microsoft.KeyVault/locations/deletedVaults/purge/action", "purge the deleted vault", EVERYTHING)
"""The same. Deleted vaults are kept by the subscription: a role on the group does not count there."""

_TO_REGISTER: tuple[tuple[Look[Provider | None], Need], ...] = (
    (looks.KEY_VAULT_PROVIDER, Need("Microsoft.KeyVault/register/action", "register Microsoft.KeyVault", EVERYTHING)),
    (looks.COMPUTE_PROVIDER, Need("Microsoft.Compute/register/action", "register Microsoft.Compute", EVERYTHING)),
)


def allowed(permissions: Iterable[Permission], action: str) -> bool:
    """Permissions add up; what one takes away by its ``not_actions``, another may give."""
    return any(_named(one.actions, action) and not _named(one.not_actions, action) for one in permissions)


def _named(patterns: tuple[str, ...], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=512)
def _pattern(pattern: str) -> re.Pattern[str]:
    """A ``*`` stands for any text, slashes too; case does not count."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.IGNORECASE | re.DOTALL)


def needs(names: Names) -> tuple[Need, ...]:
    return NEEDS + (BY_ROLES if names.by_roles else BY_POLICIES)


def lacking(names: Names, permissions: tuple[Permission, ...]) -> list[Need]:
    return [need for need in needs(names) if not allowed(permissions, need.action)]


def judge_rights(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"Your connection may do in {names.resource_group} what the lab needs."
    seen = facts.of(looks.RIGHTS)
    missing = lacking(names, seen.value)
    if missing:
        return not_yet(
            "rights_missing",
            wanted=wanted,
            found=f"The identity of your connection may not: {_listed(missing)}.",
            next_step=how_to_get(names, missing, ctx.azure.caller_object_id()),
            seen=(seen,),
        )
    above = _above(facts)
    here = [need for need in FOR_REPAIRS if not allowed(seen.value, need.action)]
    further_up = [need for need in (PURGING, *_registering(facts)) if not allowed(above.value, need.action)]
    if not here and not further_up:
        return passed("rights_sufficient", wanted=wanted, found="It may do all of it.", seen=(seen, above))
    where = "the subscription" if further_up else names.resource_group
    return passed(
        "rights_sufficient_for_lab",
        wanted=wanted,
        found=f"It may do all that the tasks need. It may not {_listed(here + further_up)}: only the portal's repairs "
        f"and cleaning up need that, and you can do it by hand. The role {EVERYTHING} on {where} would allow it.",
        seen=(seen, above),
    )


def _above(facts: Facts) -> Seen[tuple[Permission, ...]]:
    """Who may not even ask what they may do there, may do nothing there."""
    seen = if_told(facts, looks.RIGHTS_ABOVE)
    if isinstance(seen.value, tuple):
        return Seen(seen.value, seen.source)
    if seen.value.kind is not ProblemKind.NOT_AUTHORIZED:
        raise seen.value
    return Seen((), seen.source)


def _registering(facts: Facts) -> list[Need]:
    """The right to register is of interest only while there is something to register."""
    return [need for look, need in _TO_REGISTER if _unregistered(if_told(facts, look))]


def _unregistered(seen: Seen[Provider | AzureProblem | None]) -> bool:
    return isinstance(seen.value, Provider) and seen.value.registration_state not in {"Registered", "Registering"}


def _listed(some: list[Need]) -> str:
    return "; ".join(f"{need.purpose} ({need.action})" for need in some)


def give_role(names: Names, role: str, object_id: str) -> str:
    """The command that gives ``role`` on the resource group."""
    scope = f"/subscriptions/{names.subscription_id}/resourceGroups/{names.resource_group}"
    return (
        f"`az role assignment create --assignee-object-id {object_id} --assignee-principal-type ServicePrincipal "
        f'--role "{role}" --scope {scope}`'
    )


def _and(named: list[str]) -> str:
    *others, last = named
    return f"{', '.join(others)} and {last}" if others else last


def how_to_get(names: Names, missing: list[Need], object_id: str) -> str:
    """Sentences: the roles to give, by click and by command."""
    narrow = list(dict.fromkeys(need.role for need in missing))
    broad = [EVERYTHING] if any(role != GIVING_ROLES for role in narrow) else []
    roles = broad + [role for role in narrow if role == GIVING_ROLES]
    commands = " and ".join(give_role(names, role, object_id) for role in roles)
    enough = f" ({_and(narrow)} would be enough)" if narrow != roles else ""
    return (
        f"Give the identity with the object id {object_id} the role {' and the role '.join(roles)} on "
        f"{names.resource_group}{enough}: open {names.resource_group}, Access control (IAM), Add role assignment. "
        f"Or: {commands}. Then wait a few minutes for Azure to apply it."
    )
