"""Task 1: a key vault in the agreed group and region that goes by access policies."""

from __future__ import annotations

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.guides.create_vault import guide
from steps.key_vault_managed_identity.naming import vault_name_in_use, vault_name_not_allowed
from steps.kit.azure import AccessPolicy, Done, Running, Seen, Vault
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet, passed
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Facts, Names, Task
from steps.kit.verdict import Finding, Source


def create(ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
    names = ctx.names
    seen = ctx.azure.vault(names.resource_group, names.vault)
    if seen.value is not None:
        return _there(common.there(seen), token)
    if token is None:
        return ActionIntent(common.INTENT)
    if token not in {common.INTENT, _SOMEONE_ELSES}:
        return _answer(names, ctx.azure.resume_create_vault(token))
    mine = AccessPolicy(ctx.azure.caller_object_id(), names.tenant_id, secrets=az.SECRET_MANAGEMENT)
    started = ctx.azure.create_vault(
        names.resource_group, names.vault, location=names.location, tenant_id=names.tenant_id, policies=(mine,)
    )
    return _answer(names, started)


def _there(seen: Seen[Vault], token: str | None) -> ActionDone | ActionPending | ActionIntent:
    """The vault is there: ours if a token says that we were making it."""
    name, state = seen.value.name, seen.value.provisioning_state
    if state == "Succeeded":
        if token in {None, _SOMEONE_ELSES}:
            return ActionDone(f"{name} was already there; nothing was changed.", did=False, sources=(seen.source,))
        return _made(name, seen.source)
    if state in {"Failed", "Canceled"}:
        raise common.blocked(
            "VaultNotUsable",
            f"Azure calls the vault {name} {state}. Delete it, purge it, and try once more.",
            seen.source,
        )
    return ActionPending(token or _SOMEONE_ELSES, 3.0, f"Azure is setting up {name} ({state}).", (seen.source,))


_SOMEONE_ELSES = "someone-elses"
"""The token while waiting for a vault that the portal did not begin."""


def _answer(names: Names, answer: Done[Vault] | Running) -> ActionDone | ActionPending:
    if isinstance(answer, Running):
        pause = max(1.0, answer.retry_after)
        return ActionPending(answer.token, pause, f"Azure is making {names.vault}.", (answer.source,))
    return _made(names.vault, answer.source)


def _made(name: str, source: Source) -> ActionDone:
    return ActionDone(f"{name} was created, with access policies.", did=True, sources=(source,))


def judge_exists(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"A key vault {names.vault} in the resource group {names.resource_group}."
    seen = facts.of(looks.VAULT)
    if seen.value is not None:
        found = f"{seen.value.name} is there, in {seen.value.resource_group}."
        return passed("vault_there", wanted=wanted, found=found, seen=(seen,))
    facts.ask(looks.NAME_AVAILABILITY, looks.ALL_VAULTS, looks.DELETED_VAULT)
    name = facts.of(looks.NAME_AVAILABILITY)
    if name.value.available:
        return _not_there(names, seen, facts, wanted=wanted)
    if name.value.reason == "AccountNameInvalid":
        return vault_name_not_allowed(names, name, wanted=wanted)
    return vault_name_in_use(names, facts, wanted=wanted)


def _not_there(names: Names, seen: Seen[Vault | None], facts: Facts, *, wanted: str) -> Finding:
    """The name is free: nothing was made yet, or something under another name."""
    everywhere = facts.of(looks.ALL_VAULTS)
    others = sorted(one.name for one in everywhere.value if common.same(one.resource_group, names.resource_group))
    step = f"Create {names.vault} in {names.resource_group} as the guide shows, with Vault access policy."
    if others:
        return not_yet(
            "vault_under_other_name",
            wanted=wanted,
            found=f"{names.resource_group} has no {names.vault}. It has: {', '.join(others[:10])}.",
            next_step=f"{step} Or set the name of yours under Your names.",
            seen=(seen, everywhere),
        )
    return common.vault_missing(names, (seen, facts.of(looks.NAME_AVAILABILITY)), wanted=wanted, next_step=step)


_FIRST = "Create the vault first."


def judge_region(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The vault is in the region {names.location}."
    seen = facts.of(looks.VAULT)
    if seen.value is None:
        return common.vault_missing(names, (seen,), wanted=wanted, next_step=_FIRST)
    if common.region(seen.value.location) != common.region(names.location):
        return not_yet(
            "vault_in_other_region",
            wanted=wanted,
            found=f"{names.vault} is in {seen.value.location}.",
            next_step=f"A vault cannot change its region: delete and purge it, then create it in {names.location}. "
            f"With the Azure CLI: `az keyvault delete --name {names.vault}`, `az keyvault purge --name {names.vault}`.",
            seen=(seen,),
        )
    return passed("vault_in_region", wanted=wanted, found=f"It is in {seen.value.location}.", seen=(seen,))


def judge_ready(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = "Azure has finished setting the vault up."
    seen = facts.of(looks.VAULT)
    if seen.value is None:
        return common.vault_missing(names, (seen,), wanted=wanted, next_step=_FIRST)
    state = seen.value.provisioning_state
    if state == "Succeeded":
        return passed("vault_ready", wanted=wanted, found=f"It has; the vault's URI is {seen.value.uri}", seen=(seen,))
    if state in {"Failed", "Canceled"}:
        return not_yet(
            "vault_setup_failed",
            wanted=wanted,
            found=f"Azure calls setting {names.vault} up {state}.",
            next_step=f"Delete {names.vault}, purge it under Manage deleted vaults, and create it again.",
            seen=(seen,),
        )
    return could_not_tell(
        "vault_being_set_up",
        wanted=wanted,
        found=f"Azure is still at it ({state}); it takes up to half a minute.",
        next_step=LOOKS_AGAIN,
        seen=(seen,),
    )


def judge_permission_model(ctx: Context, facts: Facts) -> Finding:
    wanted = "The vault's permission model is Vault access policy."
    seen = facts.of(looks.VAULT)
    if seen.value is None:
        return common.vault_missing(ctx.names, (seen,), wanted=wanted, next_step=_FIRST)
    if seen.value.rbac:
        return common.vault_in_rbac_mode(ctx.names, seen, wanted=wanted)
    return passed("vault_uses_policies", wanted=wanted, found="It goes by access policies.", seen=(seen,))


def _plan(names: Names) -> str:
    return (
        f"Create the key vault {names.vault} in {names.resource_group}, {names.location}, with the permission model "
        "Vault access policy, and one policy: Secret Management for the identity your connection uses."
    )


TASK = Task(
    id="create-vault",
    number=1,
    title="Create a key vault",
    summary="Make the vault that will keep the secret, and let it go by access policies.",
    guide=guide,
    actions=(Action("create-vault", "Create the key vault", _plan, create, expected_seconds=30.0),),
    checks=(
        Check("vault-exists", "The vault is in your resource group", (looks.VAULT,), judge_exists),
        Check("vault-region", "The vault is in your region", (looks.VAULT,), judge_region),
        Check("vault-ready", "The vault is ready for use", (looks.VAULT,), judge_ready),
        Check("vault-permission-model", "The vault goes by access policies", (looks.VAULT,), judge_permission_model),
    ),
)
