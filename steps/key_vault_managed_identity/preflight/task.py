"""Before the first task: is everything there that the lab builds on?"""

from __future__ import annotations

from steps.key_vault_managed_identity import looks
from steps.key_vault_managed_identity.create_vault.name_in_use import holder_of_the_name, vault_name_in_use
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.guides.preflight import HINTS, guide
from steps.key_vault_managed_identity.naming import rules_broken, vault_name_not_allowed
from steps.key_vault_managed_identity.preflight.connection import (
    in_turn,
    judge_connection,
    judge_subscription,
    needs_role_on_subscription,
)
from steps.key_vault_managed_identity.preflight.groundwork import judge_group, judge_policy, judge_provider
from steps.key_vault_managed_identity.preflight.locks import judge_locks
from steps.key_vault_managed_identity.preflight.machine import judge_identity, judge_vm
from steps.key_vault_managed_identity.preflight.rights import judge_rights
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import passed
from steps.kit.records import Provider, Seen
from steps.kit.task import Check, Context, Facts, Look, Task
from steps.kit.verdict import Finding


def judge_vault_name(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The vault name {names.vault} is allowed, and free or already yours."
    vault = facts.of(looks.VAULT)
    if vault.value is not None:
        found = f"{names.vault} exists already, in your own resource group."
        return passed("vault_name_yours", wanted=wanted, found=found, seen=(vault,))
    if rules_broken(names.vault):
        return vault_name_not_allowed(names, vault, wanted=wanted)
    name = if_told(facts, looks.NAME_AVAILABILITY)
    if isinstance(name.value, AzureProblem):
        if name.value.kind is not ProblemKind.NOT_AUTHORIZED:
            raise name.value
        held = holder_of_the_name(ctx, facts, wanted=wanted)
        unseen = Seen(name.value, name.source)
        return held or needs_role_on_subscription(f"Whether {names.vault} is free", unseen, wanted=wanted)
    if name.value.available:
        return passed("vault_name_free", wanted=wanted, found=f"{names.vault} is free.", seen=(name,))
    if name.value.reason == "AccountNameInvalid":
        return vault_name_not_allowed(names, name, wanted=wanted)
    return vault_name_in_use(ctx, facts, wanted=wanted)


def _provider_check(check: str, look: Look[Provider | None], namespace: str) -> Check:
    def judge(ctx: Context, facts: Facts) -> Finding:
        return judge_provider(ctx.names, facts, look, namespace)

    title = f"{namespace} is registered"
    return Check(check, title, (look,), in_turn(judge, title))


TASK = Task(
    id="preflight",
    number=0,
    title="Before you start",
    summary="See that your subscription, resource group and virtual machine are ready for the lab.",
    guide=guide,
    hints=HINTS,
    checks=(
        Check("connection", "Your connection to Azure", (looks.SUBSCRIPTION,), judge_connection),
        Check("subscription", "Your subscription", (looks.SUBSCRIPTION,), judge_subscription),
        Check("resource-group", "Your resource group", (looks.GROUP,), in_turn(judge_group, "Your resource group")),
        Check(
            "rights",
            "What your connection may do",
            (looks.RIGHTS, looks.RIGHTS_ABOVE),
            in_turn(judge_rights, "What your connection may do", needs_group=True),
        ),
        Check(
            "locks",
            "What locks forbid",
            (looks.LOCKS,),
            in_turn(judge_locks, "What locks forbid", needs_group=True),
        ),
        _provider_check("provider-keyvault", looks.KEY_VAULT_PROVIDER, "Microsoft.KeyVault"),
        _provider_check("provider-compute", looks.COMPUTE_PROVIDER, "Microsoft.Compute"),
        Check("vm", "Your virtual machine", (looks.VM,), in_turn(judge_vm, "Your virtual machine", needs_group=True)),
        Check(
            "vm-identity",
            "The identity of your VM",
            (looks.VM,),
            in_turn(judge_identity, "The identity of your VM", needs_group=True),
        ),
        Check(
            "vault-name",
            "The name of your vault",
            (looks.VAULT, looks.NAME_AVAILABILITY),
            in_turn(judge_vault_name, "The name of your vault"),
        ),
        Check(
            "policy",
            "What Azure Policy says to your vault",
            (looks.DENIALS,),
            in_turn(judge_policy, "What Azure Policy says to your vault", needs_group=True),
        ),
    ),
)
