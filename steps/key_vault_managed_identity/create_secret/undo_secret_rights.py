"""Rights that the portal gives itself for undoing Task 2, and takes back whatever happened."""

from __future__ import annotations

from functools import partial

from steps.key_vault_managed_identity import common, given, made, role_actions
from steps.key_vault_managed_identity.create_secret import own_role
from steps.key_vault_managed_identity.preflight import locks
from steps.kit.azure import effect
from steps.kit.records import AccessPolicy, RoleAssignment, Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, Context, Names
from steps.kit.verdict import Source

_NEEDED = ("get", "delete", "purge")
"""Get is what seeing a deleted secret takes."""
NOT_DELETED = frozenset({"secret_still_there"})
"""What is said then; the right to delete is as much needed for it as deleting."""

LOCKED = "CouldNotTakeBack"
"""The code of the BLOCKED problem that a lock would keep the portal from taking its role back."""


def let_in(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """Facts: those of ``given``, so that exactly what is given is taken back: they are stored before it is given."""
    seen = ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)
    if seen.value is None:
        return ActionDone(f"There is no {ctx.names.vault} to be let into.", False, (seen.source,))
    if not made.secret_by_portal(ctx):
        said = f"The portal has made no secret {ctx.names.secret} in {ctx.names.vault}, so it needs no right for this."
        return ActionDone(said, False, (seen.source,))
    if seen.value.rbac:
        return _by_role(ctx, common.there(seen), token)
    caller = ctx.azure.caller_object_id()
    lacking = [right for right in _NEEDED if right not in common.rights(seen.value, caller)]
    if token is None:
        if not lacking or _nothing_to_undo(ctx, seen.value, lacking):
            return ActionDone("The portal needs no further right for this.", False, (seen.source,))
        return ActionIntent(common.INTENT, _noted(ctx.names, let_in=" ".join(lacking)))
    source, rights = seen.source, ctx.facts[LET_IN.id]["let_in"].split()
    if lacking:
        policy = AccessPolicy(caller, seen.value.tenant_id, secrets=tuple(rights))
        with effect():
            source = ctx.azure.add_access_policy(ctx.names.resource_group, ctx.names.vault, policy).source
    what = ", ".join(rights)
    said = f"For this, the identity of your connection got rights on the secrets of {ctx.names.vault}: {what}."
    return ActionDone(said, True, (source,), ctx.facts[LET_IN.id])


def _noted(names: Names, **what: str) -> dict[str, str]:
    return {**what, "vault": names.vault}


def _nothing_to_undo(ctx: Context, vault: Vault, lacking: list[str]) -> bool:
    """Neither a secret nor a deleted one: seeing that takes only Get."""
    names = ctx.names
    if "get" in lacking or ctx.azure.secret(names.resource_group, names.vault, names.secret).value is not None:
        return False
    return ctx.azure.deleted_secret(vault.uri, names.secret).value is None


def _by_role(ctx: Context, vault: Seen[Vault], token: str | None) -> ActionDone | ActionIntent:
    """Only where the student has settled for roles: in another's vault the portal gives itself none."""
    names = ctx.names
    if not names.by_roles:
        said = f"{names.vault} goes by roles: the portal works with those it has, and gives itself none."
        return ActionDone(said, False, (vault.source,))
    has = own_role.may(ctx, vault.value, role_actions.PURGE)
    if token is None:
        if has.value is not False:
            said = f"The portal has a role that deletes secrets of {names.vault}."
            return ActionDone(said, False, (has.source,))
        _could_be_taken_back(ctx)
        return ActionIntent(common.INTENT, _noted(names, let_in_role=role_actions.SECRETS_OFFICER))
    source = has.source if has.value else own_role.give(ctx, vault.value)
    said = f"For this, the identity of your connection got the role Key Vault Secrets Officer on {names.vault}."
    return ActionDone(said, True, (source,), ctx.facts[LET_IN.id])


def _could_be_taken_back(ctx: Context) -> None:
    """A lock lets a role be given, and not be taken back. Raises a BLOCKED AzureProblem; where the caller may not ask
    for locks, it will be seen."""
    seen = made.if_allowed(partial(ctx.azure.locks, ctx.names.resource_group))
    keeping = locks.on_vault(ctx.names, seen.value or ())
    if keeping:
        said = f"For this the portal needs a role on {ctx.names.vault}, and could not take that back from itself"
        raise common.blocked(LOCKED, f"{said}: {locks.told(keeping)}. So it gives itself none.", seen.source)


def take_back(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """All that the portal gave itself, for this or for making or mending the secret, and that is there still."""
    names, caller = ctx.names, ctx.azure.caller_object_id()
    seen = ctx.azure.vault(names.resource_group, names.vault)
    own, roles_given = given.own_rights(ctx, names.vault), given.own_roles(ctx, names.vault)
    if seen.value is None or not (own or roles_given):
        return ActionDone("The portal had given itself nothing for this.", False, (seen.source,))
    has = {right for one in common.policies_of(seen.value, caller) for right in one.secrets}
    rights = tuple(sorted(own & has))
    # Asked only where one was given: who works with policies may not be allowed to see any.
    there = ctx.azure.role_assignments(seen.value.id, caller).value if roles_given else ()
    roles = given.of_itself(ctx, names.vault, there)
    said = f"What the portal had given itself in {names.vault} for this was taken back: {_list(rights, roles)}."
    if not (rights or roles):
        said = f"Nothing is left of what the portal had given itself in {names.vault} for this."
        return ActionDone(said, token is not None, (seen.source,))
    if token is None:
        return ActionIntent(common.INTENT)
    sources: list[Source] = []
    if rights:
        policy = AccessPolicy(caller, seen.value.tenant_id, secrets=rights)
        sources.append(ctx.azure.remove_access_policy(names.resource_group, names.vault, policy).source)
    sources += [ctx.azure.remove_role(one.id).source for one in roles]
    return ActionDone(said, True, tuple(sources))


def _list(rights: tuple[str, ...], roles: tuple[RoleAssignment, ...]) -> str:
    said = [f"the permissions {', '.join(rights)} on secrets"] if rights else []
    return " and ".join([*said, *(f"the role {one.role_name}" for one in roles)])


def _plan(names: Names) -> str:
    what = "the role Key Vault Secrets Officer" if names.by_roles else "an access policy"
    return (
        f"Where the identity of your connection may not get, delete and purge secrets of {names.vault}, {what} lets "
        "it, until the end of this."
    )


LET_IN = Action("undo-secret-let-in", "Let the portal delete the secret", _plan, let_in, settles=NOT_DELETED)
TAKE_BACK = Action(
    "undo-secret-take-back",
    "Take the portal's rights back",
    lambda names: (
        f"Take back the rights in {names.vault} that the portal gave itself for the secret, now or when it made it. "
        "This is done whatever happens, also if you cancel."
    ),
    take_back,
    whatever_happened=True,
    even_if_cancelled=True,
    settles=frozenset({"portal_rights_left"}),
)
