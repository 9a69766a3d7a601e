"""What the portal can mend about the vault: its permission model, and who reaches it over the network.

Cleaning up deletes the vault of the lab, and such a setting goes with it. What is taken back is that of a vault which
stays: one that the student worked in before choosing another.
"""

from __future__ import annotations

import json
from functools import partial

from steps.key_vault_managed_identity import common
from steps.key_vault_managed_identity.remedies.with_right import with_right
from steps.kit.reasons import Remedy
from steps.kit.records import Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, Context, Names
from steps.kit.verdict import Source

_OPEN = "open-network"
NOTHING_TO_RESTORE = "nothing"
"""A fact of taking a setting back: the vault is gone, or has it back already."""
Step = ActionDone | ActionIntent


def use_policies(ctx: Context, token: str | None) -> Step:
    return _use(ctx, token, rbac=False)


def use_roles(ctx: Context, token: str | None) -> Step:
    return _use(ctx, token, rbac=True)


def _use(ctx: Context, token: str | None, *, rbac: bool) -> Step:
    names, vault = ctx.names, common.vault_to_build_on(ctx)
    model = "Azure roles" if rbac else "access policies"
    if bool(vault.value.rbac) is rbac:
        said = f"{names.vault} goes by {model}."
        return ActionDone(said, token is not None, (vault.source,), {"vault": names.vault})
    if token is None:
        return ActionIntent(common.INTENT)
    switch = partial(ctx.azure.set_permission_model, names.resource_group, names.vault, rbac=rbac)
    answer = with_right(switch, _may_not_switch(names))
    return ActionDone(f"{names.vault} goes by {model} now.", True, (answer.source,), {"vault": names.vault})


def _may_not_switch(names: Names) -> str:
    return (
        f"Your connection may not switch the permission model of {names.vault}: it needs the role Owner or User Access "
        f"Administrator for that. You can do it yourself: {names.vault}, Settings, Access configuration."
    )


def policies_back(ctx: Context, token: str | None) -> Step:
    return _back(ctx, token, "use-roles", "use-access-policies", rbac=False)


def roles_back(ctx: Context, token: str | None) -> Step:
    return _back(ctx, token, "use-access-policies", "use-roles", rbac=True)


def _back(ctx: Context, token: str | None, remedy: str, contrary: str, *, rbac: bool) -> Step:
    """Only where more went one way than the other: a vault switched to and fro is as it was."""
    changed, contraries = _vaults(ctx, remedy), _vaults(ctx, contrary)
    sources: list[Source] = []
    for name in dict.fromkeys(changed):
        seen = ctx.azure.vault(ctx.names.resource_group, name)
        sources.append(seen.source)
        net = changed.count(name) > contraries.count(name)
        if seen.value is None or not net or bool(seen.value.rbac) is rbac:
            continue
        if token is None:
            return ActionIntent(common.INTENT)
        sources.append(ctx.azure.set_permission_model(ctx.names.resource_group, name, rbac=rbac).source)
    return _restored(token, "permission model", sources)


def _vaults(ctx: Context, remedy: str) -> list[str]:
    return [told["vault"] for told in ctx.carried_out.get(remedy, ()) if "vault" in told]


def _restored(token: str | None, what: str, sources: list[Source]) -> ActionDone:
    said = f"The {what} is as it was before." if token else f"No vault is left whose {what} the portal has changed."
    return ActionDone(said, token is not None, tuple(sources), {} if token else {NOTHING_TO_RESTORE: "yes"})


def open_network(ctx: Context, token: str | None) -> Step:
    """Tokens: JSON of how it was, which Azure tells no more once it is changed."""
    names, vault = ctx.names, common.vault_to_build_on(ctx)
    if vault.value.open_to_all_networks:
        said = f"Every network reaches {names.vault}."
        return ActionDone(said, token is not None, (vault.source,), json.loads(token) if token else {})
    if token is None:
        return ActionIntent(json.dumps(_as_it_is(names, vault)))
    answer = ctx.azure.open_network(names.resource_group, names.vault)
    return ActionDone(f"Every network reaches {names.vault} now.", True, (answer.source,), json.loads(token))


def _as_it_is(names: Names, vault: Seen[Vault]) -> dict[str, str]:
    public = "yes" if vault.value.public_access else ""
    return {"vault": names.vault, "public_access": public, "default_action": vault.value.default_action}


def network_back(ctx: Context, token: str | None) -> Step:
    sources: list[Source] = []
    before = {told["vault"]: told for told in reversed(ctx.carried_out.get(_OPEN, ())) if "vault" in told}
    for name, told in before.items():
        seen = ctx.azure.vault(ctx.names.resource_group, name)
        sources.append(seen.source)
        if seen.value is None or not seen.value.open_to_all_networks:
            continue
        if token is None:
            return ActionIntent(common.INTENT)
        public, action = bool(told["public_access"]), told["default_action"]
        answer = ctx.azure.restrict_network(ctx.names.resource_group, name, public_access=public, default_action=action)
        sources.append(answer.source)
    return _restored(token, "network access", sources)


def _plan_policies(names: Names) -> str:
    return (
        f"Set the permission model of {names.vault} to Vault access policy. Roles on its secrets have no effect any "
        "more, and the access policies it has count again. Your connection needs the role Owner or User Access "
        "Administrator for this, as for giving roles."
    )


def _plan_roles(names: Names) -> str:
    return (
        f"Set the permission model of {names.vault} to Azure role-based access control. Its access policies have no "
        "effect any more, and roles count instead. Your connection needs the role Owner or User Access Administrator "
        "for this, as for giving roles."
    )


def _plan_open(names: Names) -> str:
    return (
        f"Let every network reach {names.vault}: public network access on, and the firewall's default action Allow. "
        "Rules it has stay. Whoever reads still needs a policy or a role."
    )


USE_POLICIES = Remedy(
    Action("use-access-policies", "Switch the vault to access policies", _plan_policies, use_policies, 5.0),
    Action(
        "roles-back",
        "Switch the vault back to roles",
        lambda names: (
            f"Set the permission model back to Azure roles, for a vault in {names.resource_group} that stays."
        ),
        roles_back,
        5.0,
    ),
)
USE_ROLES = Remedy(
    Action("use-roles", "Switch the vault to roles", _plan_roles, use_roles, 5.0),
    Action(
        "policies-back",
        "Switch the vault back to access policies",
        lambda names: (
            f"Set the permission model back to access policies, for a vault in {names.resource_group} that stays."
        ),
        policies_back,
        5.0,
    ),
)
OPEN_NETWORK = Remedy(
    Action(_OPEN, "Let every network reach the vault", _plan_open, open_network, 5.0),
    Action(
        "network-back",
        "Close the vault's network again",
        lambda names: f"Set the network back as it was, for a vault in {names.resource_group} that stays.",
        network_back,
        5.0,
    ),
)

REMEDIES: tuple[Remedy, ...] = (USE_POLICIES, USE_ROLES, OPEN_NETWORK)
