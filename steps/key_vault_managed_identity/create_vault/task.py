"""Task 1: a key vault in the agreed group and region, of the agreed permission model."""

from __future__ import annotations

from dataclasses import replace

from steps.key_vault_managed_identity import common, looks, made, patience, renamed
from steps.key_vault_managed_identity.create_vault import ordering, vault_absent
from steps.key_vault_managed_identity.create_vault.misplaced import elsewhere, failed
from steps.key_vault_managed_identity.create_vault.undo_vault import REOPENED_BY_VAULT, UNDO_VAULT, UNDONE_VAULT
from steps.key_vault_managed_identity.create_vault.vault_network import network
from steps.key_vault_managed_identity.grant_access.idle_grants import right_the_other_way
from steps.key_vault_managed_identity.guides.create_vault import HINTS, guide
from steps.kit.azure import AzureProblem
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, passed
from steps.kit.records import Done, Running, Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Facts, Names, Task
from steps.kit.verdict import Finding, Source


def create(ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
    names = ctx.names
    seen = ctx.azure.vault(names.resource_group, names.vault)
    if seen.value is not None:
        return _there(names, common.there(seen), token)
    if token is None:
        return ActionIntent(common.INTENT)
    operation = patience.inside(token)
    if operation not in {common.INTENT, _SOMEONE_ELSES}:
        return _answer(names, token, ctx.azure.resume_create_vault(operation))
    return _answer(names, token, ordering.order(ctx))


def _there(names: Names, seen: Seen[Vault], token: str | None) -> ActionDone | ActionPending | ActionIntent:
    """The vault is there: ours if a token says that we were making it."""
    name, state = seen.value.name, seen.value.provisioning_state
    operation = patience.inside(token) if token else _SOMEONE_ELSES
    if state == "Succeeded":
        if operation == _SOMEONE_ELSES:
            return ActionDone(f"{name} was already there; nothing was changed.", did=False, sources=(seen.source,))
        return _made(names, seen.source)
    if state in ordering.FAILED:
        raise common.blocked(
            "VaultNotUsable",
            f"Setting up {name} ended as {state}, so nothing can be put into it. It has to be made anew.",
            seen.source,
        )
    at_it = f"Azure is {'deleting' if state == ordering.GOING else 'setting up'} {name} ({state})."
    ours = operation != _SOMEONE_ELSES
    waits = patience.later(token, operation, at_it, seen.source, began=ours)
    return replace(waits, facts=ordering.facts(names) if ours else {})


_SOMEONE_ELSES = "someone-elses"
"""Inside the token while waiting for a vault that the portal did not begin."""


def _answer(names: Names, token: str, answer: Done[Vault] | Running) -> ActionDone | ActionPending:
    if isinstance(answer, Running):
        said = f"Azure is making {names.vault}."
        waits = patience.later(token, answer.token, said, answer.source, retry_after=answer.retry_after)
        return replace(waits, facts=ordering.facts(names))
    return _made(names, answer.source)


def _made(names: Names, source: Source) -> ActionDone:
    model = "Azure roles" if names.by_roles else "access policies"
    return ActionDone(f"{names.vault} was created, with {model}.", True, (source,), ordering.facts(names))


def judge_exists(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"A key vault {names.vault} in the resource group {names.resource_group}."
    try:
        seen = facts.of(looks.VAULT)
    except AzureProblem as problem:
        return vault_absent.unseen(ctx.names, facts, problem)
    if seen.value is None:
        return vault_absent.why(ctx, facts, seen, wanted=wanted)
    if seen.value.provisioning_state == ordering.GOING:
        return could_not_tell(
            "vault_being_deleted",
            wanted=wanted,
            found=f"{names.vault} is there, but Azure is deleting it. It takes a moment until it is gone.",
            next_step=LOOKS_AGAIN,
            seen=(seen,),
        )
    found, notes = f"{seen.value.name} is there, in {seen.value.resource_group}.", made.seen_there(seen.value)
    if seen.value.purge_protection:
        found += (
            " A remark: its purge protection is on, which nobody can switch off. Once deleted, it keeps its name until "
            "its retention is over, and cleaning up cannot purge it."
        )
        return passed("vault_there_protected", wanted=wanted, found=found, seen=(seen,), notes=notes)
    return passed("vault_there", wanted=wanted, found=found, seen=(seen,), notes=notes)


def _vault(facts: Facts, *, wanted: str) -> Seen[Vault] | Finding:
    """The vault, or the finding that the first check tells more about it."""
    try:
        seen = facts.of(looks.VAULT)
    except AzureProblem as problem:
        unseen = (Seen(None, problem.source),)
        return common.waits_for("vault-exists", "the vault to be seen", unseen, wanted=wanted)
    if seen.value is None or seen.value.provisioning_state == ordering.GOING:
        return common.waits_for("vault-exists", "the vault", (seen,), wanted=wanted)
    return common.there(seen)


def judge_region(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The vault is in the region {names.location}."
    seen = _vault(facts, wanted=wanted)
    if isinstance(seen, Finding):
        return seen
    if common.region(seen.value.location) != common.region(names.location):
        return elsewhere(ctx, seen, wanted=wanted)
    return passed("vault_in_region", wanted=wanted, found=f"It is in {seen.value.location}.", seen=(seen,))


def judge_ready(ctx: Context, facts: Facts) -> Finding:
    wanted = "Azure has finished setting the vault up."
    seen = _vault(facts, wanted=wanted)
    if isinstance(seen, Finding):
        return seen
    state = seen.value.provisioning_state
    if state == "Succeeded":
        return passed("vault_ready", wanted=wanted, found=f"It has; the vault's URI is {seen.value.uri}", seen=(seen,))
    if state in ordering.FAILED:
        return failed(ctx, seen, wanted=wanted)
    return could_not_tell(
        "vault_being_set_up",
        wanted=wanted,
        found=f"Azure is still at it ({state}); it takes up to half a minute.",
        next_step=LOOKS_AGAIN,
        seen=(seen,),
    )


def judge_permission_model(ctx: Context, facts: Facts) -> Finding:
    model = "Azure role-based access control" if ctx.names.by_roles else "Vault access policy"
    wanted = f"The vault's permission model is {model}."
    seen = _vault(facts, wanted=wanted)
    if isinstance(seen, Finding):
        return seen
    other = common.other_model(ctx.names, seen, wanted=wanted)
    if other is not None:
        return right_the_other_way(ctx.names, facts, seen, wanted=wanted) or other
    if ctx.names.by_roles:
        found = "It goes by roles, as you have chosen."
        return passed("vault_uses_roles", wanted=wanted, found=found, seen=(seen,))
    return passed("vault_uses_policies", wanted=wanted, found="It goes by access policies.", seen=(seen,))


def judge_network(ctx: Context, facts: Facts) -> Finding:
    wanted = "The network settings of the vault do not keep everybody out."
    seen = _vault(facts, wanted=wanted)
    return seen if isinstance(seen, Finding) else network(ctx.names, facts, seen, wanted=wanted)


TASK = Task(
    id="create-vault",
    number=1,
    title="Create a key vault",
    summary="Make the vault that will keep the secret, and choose how it decides who may read.",
    guide=guide,
    actions=(
        Action(
            made.MAKES_VAULT,
            "Create the key vault",
            ordering.plan,
            create,
            expected_seconds=30.0,
            settles=frozenset({"vault_missing", "vault_under_other_name", "vault_setup_failed"}),
        ),
    ),
    checks=(
        Check("vault-exists", "The vault is in your resource group", (looks.VAULT,), renamed.aware(judge_exists)),
        Check("vault-region", "The vault is in your region", (looks.VAULT,), judge_region),
        Check("vault-ready", "The vault is ready for use", (looks.VAULT,), judge_ready),
        Check("vault-permission-model", "The vault's permission model", (looks.VAULT,), judge_permission_model),
        Check("vault-network", "The vault can be reached", (looks.VAULT,), judge_network),
    ),
    hints=HINTS,
    undo=UNDO_VAULT,
    undone=UNDONE_VAULT,
    undo_reopens=REOPENED_BY_VAULT,
    to_undo=made.agreed_by_portal,
)
