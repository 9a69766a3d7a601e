"""What roles let somebody do with the secrets of a vault, as Azure works it out.

Roles add up. Within one permission of a role, what its ``not`` list names is taken from what its list gives, and from
nothing else. A ``*`` stands for any text, slashes too; case does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from steps.key_vault_managed_identity import role_conditions
from steps.kit.records import Permission, RoleAssignment
from steps.kit.task import Names

_MANAGEMENT_GROUPS = "/providers/microsoft.management/managementgroups/"
_SECRETS = "Microsoft.KeyVault/vaults/secrets"
GET = f"{_SECRETS}/getSecret/action"
SET = f"{_SECRETS}/setSecret/action"
SEE = f"{_SECRETS}/readMetadata/action"
"""What secrets there are, and what they are called."""
PURGE = f"{_SECRETS}/purge/action"

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


def allows(permissions: Iterable[Permission], action: str) -> bool:
    """Whether a role of these permissions lets do a data action. Actions of the control plane give none of them."""
    return any(_named(one.data_actions, action) and not _named(one.not_data_actions, action) for one in permissions)


def lets(one: RoleAssignment, action: str) -> bool | None:
    """Whether what was given lets do a data action; None where that hangs on a condition that only Azure knows."""
    return allows(one.permissions, action) and role_conditions.holds(
        one.condition, lambda about: _named((about,), action)
    )


def reads(one: RoleAssignment) -> bool | None:
    """The same of reading a secret's value."""
    return lets(one, GET)


def about_vaults(one: RoleAssignment) -> bool:
    """Whether it has data actions that are about what is in vaults: those of other services open nothing there."""
    patterns = [pattern for permission in one.permissions for pattern in permission.data_actions]
    return any(pattern == "*" or pattern.casefold().startswith(("microsoft.keyvault/", "*/")) for pattern in patterns)


def takes_reading_away(one: RoleAssignment) -> bool:
    """Its own ``not`` list names what its data actions would give."""
    return any(_named(part.data_actions, GET) for part in one.permissions) and not allows(one.permissions, GET)


def names_reading_in_vain(one: RoleAssignment) -> bool:
    """A data action stands among its actions, where it does nothing."""
    actions = (
        action for part in one.permissions for action in part.actions if _SECRETS.casefold() in action.casefold()
    )
    return _named(tuple(actions), GET)


def _named(patterns: tuple[str, ...], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=512)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.IGNORECASE | re.DOTALL)


def covers(scope: str, resource: str) -> bool:
    """Whether what is given at ``scope`` holds for ``resource``: it is that, or in it.

    A management group that Azure names when asked about a resource is always above it.
    """
    if scope.casefold().startswith(_MANAGEMENT_GROUPS):
        return True
    return f"{resource}/".casefold().startswith(f"{scope.rstrip('/')}/".casefold())


def vault_scope(names: Names) -> str:
    group = f"/subscriptions/{names.subscription_id}/resourceGroups/{names.resource_group}"
    return f"{group}/providers/Microsoft.KeyVault/vaults/{names.vault}"


def secret_scope(names: Names) -> str:
    """A role can be given on one secret alone."""
    return f"{vault_scope(names)}/secrets/{names.secret}"


def in_words(scope: str) -> str:
    """ "the vault kv", "the secret x of kv", "the resource group rg", "the subscription" or "a management group"."""
    secret, below, _ = scope.partition("/versions/")
    if below:
        return f"one version of {in_words(secret)}"
    parts = scope.strip("/").split("/")
    kinds = dict(zip((part.casefold() for part in parts[::2]), parts[1::2], strict=False))
    if "secrets" in kinds and "vaults" in kinds:
        return f"the secret {kinds['secrets']} of {kinds['vaults']}"
    if "vaults" in kinds:
        return f"the vault {kinds['vaults']}"
    if "providers" in kinds and "resourcegroups" in kinds:
        return f"the resource {parts[-1]}"
    if "resourcegroups" in kinds:
        return f"the resource group {kinds['resourcegroups']}"
    return "the whole subscription" if "subscriptions" in kinds else "a management group above the subscription"


def name_of(given: RoleAssignment) -> str:
    """An assignment may outlive its role, which has no name then and gives nothing."""
    return given.role_name or "a role that is gone"


def on_the_vault(one: RoleAssignment, names: Names) -> bool:
    """Given at the vault itself, neither in it nor above it."""
    return one.scope.rstrip("/").casefold() == vault_scope(names).casefold()


def is_lab_role(one: RoleAssignment, names: Names) -> bool:
    """What the lab asks for, on the vault itself, be it with a condition."""
    return one.role_id == SECRETS_USER and on_the_vault(one, names)


def that_hold(given: Iterable[RoleAssignment], resource: str) -> tuple[RoleAssignment, ...]:
    """Those that hold for ``resource``, the nearest to it first."""
    return tuple(sorted((one for one in given if covers(one.scope, resource)), key=lambda one: -len(one.scope)))
