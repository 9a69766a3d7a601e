"""Rights that the portal gives itself for undoing Task 2, and takes back whatever happened."""

from __future__ import annotations

from steps.key_vault_managed_identity import common, role_actions
from steps.kit.records import AccessPolicy, Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, Context, Names

_NEEDED = ("get", "delete", "purge")
"""Get is what seeing a deleted secret takes."""
_PURGE_ACTION = "Microsoft.KeyVault/vaults/secrets/purge/action"


def let_in(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """The token and the facts hold what is given, so that exactly that is taken back."""
    seen = ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)
    if seen.value is None:
        return ActionDone(f"There is no {ctx.names.vault} to be let into.", False, (seen.source,))
    if seen.value.rbac:
        return _by_role(ctx, common.there(seen), token)
    caller = ctx.azure.caller_object_id()
    lacking = [right for right in _NEEDED if right not in common.rights(seen.value, caller)]
    if token is None:
        if not lacking or _nothing_to_undo(ctx, seen.value, lacking):
            return ActionDone("The portal needs no further right for this.", False, (seen.source,))
        return ActionIntent(f"{common.INTENT} {' '.join(lacking)}")
    source, given = seen.source, token.split()[1:]
    if lacking:
        policy = AccessPolicy(caller, seen.value.tenant_id, secrets=tuple(given))
        source = ctx.azure.add_access_policy(ctx.names.resource_group, ctx.names.vault, policy).source
    what = ", ".join(given)
    said = f"For this, the identity of your connection got rights on the secrets of {ctx.names.vault}: {what}."
    return ActionDone(said, True, (source,), {"given": " ".join(given)})


def _nothing_to_undo(ctx: Context, vault: Vault, lacking: list[str]) -> bool:
    """Neither a secret nor a deleted one: seeing that takes only Get."""
    names = ctx.names
    if "get" in lacking or ctx.azure.secret(names.resource_group, names.vault, names.secret).value is not None:
        return False
    return ctx.azure.deleted_secret(vault.uri, names.secret).value is None


def _by_role(ctx: Context, vault: Seen[Vault], token: str | None) -> ActionDone | ActionIntent:
    """Only where the student has settled for roles: in another's vault the portal gives itself none."""
    names, caller = ctx.names, ctx.azure.caller_object_id()
    if not names.by_roles:
        said = f"{names.vault} goes by roles: the portal works with those it has, and gives itself none."
        return ActionDone(said, False, (vault.source,))
    has = ctx.azure.role_assignments(vault.value.id, caller)
    held = role_actions.that_hold(has.value, vault.value.id)
    may = any(role_actions.allows(one.permissions, _PURGE_ACTION) for one in held)
    if token is None:
        said = f"The portal has a role that deletes secrets of {names.vault}."
        return ActionDone(said, False, (has.source,)) if may else ActionIntent(common.INTENT)
    source = has.source
    if not may:
        source = ctx.azure.assign_role(vault.value.id, role_actions.SECRETS_OFFICER, caller).source
    said = f"For this, the identity of your connection got the role Key Vault Secrets Officer on {names.vault}."
    return ActionDone(said, True, (source,), {"role": role_actions.SECRETS_OFFICER})


def take_back(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """What ``let_in`` gave, what the portal was given for creating or mending the secret, and no more."""
    names, caller = ctx.names, ctx.azure.caller_object_id()
    seen = ctx.azure.vault(names.resource_group, names.vault)
    facts = ctx.facts.get(LET_IN.id, {})
    given = {*facts.get("given", "").split(), *_given_before(ctx)}
    if seen.value is None or not (given or facts.get("role")):
        return ActionDone("The portal had given itself nothing for this.", False, (seen.source,))
    said = f"What the portal had given itself in {names.vault} for this was taken back."
    if facts.get("role"):
        return _take_role_back(ctx, seen.value, caller, token, said)
    has = {right for one in seen.value.access_policies if common.same(one.object_id, caller) for right in one.secrets}
    left = tuple(sorted(given & has))
    if not left:
        return ActionDone(said, token is not None, (seen.source,))
    if token is None:
        return ActionIntent(common.INTENT)
    policy = AccessPolicy(caller, seen.value.tenant_id, secrets=left)
    answer = ctx.azure.remove_access_policy(names.resource_group, names.vault, policy)
    return ActionDone(said, True, (answer.source,))


def _given_before(ctx: Context) -> set[str]:
    """As ``letting_in`` noted it, for the vault as it is named now."""
    given = (one for times in ctx.carried_out.values() for one in times if "let_in" in one)
    return {one["let_in"] for one in given if common.same(one.get("vault", ctx.names.vault), ctx.names.vault)}


def _take_role_back(ctx: Context, vault: Vault, caller: str, token: str | None, said: str) -> ActionDone | ActionIntent:
    given = ctx.azure.role_assignments(vault.id, caller)
    here = [one for one in given.value if common.same(one.scope, vault.id) and common.same(one.principal_id, caller)]
    left = [one for one in here if common.same(one.role_id, role_actions.SECRETS_OFFICER)]
    if left and token is None:
        return ActionIntent(common.INTENT)
    sources = tuple(ctx.azure.remove_role(one.id).source for one in left)
    return ActionDone(said, token is not None, sources or (given.source,))


def _plan(names: Names) -> str:
    given = "the role Key Vault Secrets Officer" if names.by_roles else "an access policy"
    return (
        f"Where the identity of your connection may not get, delete and purge secrets of {names.vault}, {given} lets "
        "it, until the end of this."
    )


LET_IN = Action("undo-secret-let-in", "Let the portal delete the secret", _plan, let_in)
TAKE_BACK = Action(
    "undo-secret-take-back",
    "Take the portal's rights back",
    lambda names: f"Take back the rights in {names.vault} that the portal gave itself for the secret.",
    take_back,
    whatever_happened=True,
)
