"""A policy for a group that the VM is in lets the VM in as well. Who is in a group only the directory knows, and the
portal may not ask it: but what a group has as a role, Azure lists among the roles of its members."""

from __future__ import annotations

from dataclasses import dataclass

from steps.key_vault_managed_identity import common, looks, role_actions
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.azure import AzureProblem
from steps.kit.records import RoleAssignment, Seen, Vault
from steps.kit.task import Context, Facts


@dataclass(frozen=True, slots=True)
class Group:
    """One whose policy lets it get secrets, with the role that shows whose it is."""

    object_id: str
    role: RoleAssignment
    seen: Seen[tuple[RoleAssignment, ...]]

    @property
    def shown(self) -> str:
        """A sentence about how that is known, with the machine as "it"."""
        where = role_actions.in_words(self.role.scope)
        return f"Azure counts it in that group: the group's role {self.role.role_name} on {where} is its role, too."


def lets_in(ctx: Context, facts: Facts, vault: Vault, principal: str) -> Group | None:
    """The group by which ``principal`` may get secrets. None where there is none, and where no role shows it."""
    own = {principal.casefold(), ctx.azure.caller_object_id().casefold()}
    ids = {one.object_id.casefold() for one in vault.access_policies} - own
    getting = {one for one in ids if "get" in common.rights(vault, one)}
    if not getting:
        return None
    everywhere = f"/subscriptions/{ctx.names.subscription_id}"
    given = if_told(facts, looks.roles_of(principal, everywhere, below=True))
    if isinstance(given.value, AzureProblem):
        return None
    of_group = next((one for one in given.value if one.principal_id.casefold() in getting), None)
    return Group(of_group.principal_id, of_group, Seen(given.value, given.source)) if of_group else None
