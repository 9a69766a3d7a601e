"""Before the first task: is everything there that the lab builds on?"""

from __future__ import annotations

from steps.key_vault_managed_identity import common, looks
from steps.key_vault_managed_identity.guides.preflight import guide
from steps.key_vault_managed_identity.naming import vault_name_in_use, vault_name_not_allowed
from steps.kit.azure import Provider
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet, passed
from steps.kit.task import Check, Context, Facts, Look, Task
from steps.kit.verdict import Finding


def judge_subscription(ctx: Context, facts: Facts) -> Finding:
    wanted = "A subscription that your connection may see, and that is enabled."
    seen = facts.of(looks.SUBSCRIPTION)
    if seen.value is None:
        return not_yet(
            "subscription_not_visible",
            wanted=wanted,
            found=f"Your connection does not see the subscription {ctx.names.subscription_id}.",
            next_step="Check the subscription id, and that the connection's identity has a role in it.",
            seen=(seen,),
        )
    if seen.value.state != "Enabled":
        return not_yet(
            "subscription_not_enabled",
            wanted=wanted,
            found=f"The subscription {seen.value.display_name} is {seen.value.state}.",
            next_step="Enable it in the Azure portal (Subscriptions), or connect another one.",
            seen=(seen,),
        )
    found = f"The subscription {seen.value.display_name} is enabled."
    return passed("subscription_enabled", wanted=wanted, found=found, seen=(seen,))


def judge_provider(facts: Facts, look: Look[Provider | None], namespace: str) -> Finding:
    wanted = f"The resource provider {namespace} is registered."
    seen = facts.of(look)
    state = seen.value.registration_state if seen.value else "not known to the subscription"
    if state == "Registered":
        return passed("provider_registered", wanted=wanted, found=f"{namespace} is registered.", seen=(seen,))
    if state == "Registering":
        return could_not_tell(
            "provider_registering",
            wanted=wanted,
            found=f"{namespace} is being registered; it takes a minute or two.",
            next_step=LOOKS_AGAIN,
            seen=(seen,),
        )
    return not_yet(
        "provider_not_registered",
        wanted=wanted,
        found=f"{namespace} is {state}.",
        next_step=f"Register it: subscription, Resource providers, {namespace}, Register. "
        f"Or: `az provider register --namespace {namespace}`.",
        seen=(seen,),
    )


def judge_group(ctx: Context, facts: Facts) -> Finding:
    wanted = f"The resource group {ctx.names.resource_group}."
    seen = facts.of(looks.GROUP)
    if seen.value is None:
        return not_yet(
            "group_missing",
            wanted=wanted,
            found=f"There is no resource group {ctx.names.resource_group} in your subscription.",
            next_step=f"Create {ctx.names.resource_group} in {ctx.names.location}. "
            f"Or: `az group create --name {ctx.names.resource_group} --location {ctx.names.location}`.",
            seen=(seen,),
        )
    found = f"{seen.value.name} is there, in {seen.value.location}."
    return passed("group_there", wanted=wanted, found=found, seen=(seen,))


def judge_vm(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The Windows VM {names.vm}, running, with its agent ready."
    seen = facts.of(looks.VM)
    if seen.value is not None and seen.value.os_type != "Windows":
        return not_yet(
            "vm_not_windows",
            wanted=wanted,
            found=f"{names.vm} runs {seen.value.os_type or 'an unknown system'}.",
            next_step="The last task uses Windows PowerShell on the VM: use a Windows VM for this lab.",
            seen=(seen,),
        )
    asleep = common.vm_asleep(names, seen, wanted=wanted)
    if asleep is not None:
        return asleep
    return passed("vm_up", wanted=wanted, found=f"{names.vm} is running and its agent is ready.", seen=(seen,))


def judge_identity(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The system-assigned managed identity of {names.vm} is on."
    seen = facts.of(looks.VM)
    if seen.value is None:
        return common.vm_missing(names, seen, wanted=wanted)
    if not seen.value.principal_id:
        return common.identity_off(names, seen, wanted=wanted)
    found = f"It is on; its object id is {seen.value.principal_id}."
    return passed("vm_identity_on", wanted=wanted, found=found, seen=(seen,))


def judge_vault_name(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The vault name {names.vault} is allowed, and free or already yours."
    vault, name = facts.of(looks.VAULT), facts.of(looks.NAME_AVAILABILITY)
    if vault.value is not None:
        found = f"{names.vault} exists already, in your own resource group."
        return passed("vault_name_yours", wanted=wanted, found=found, seen=(vault,))
    if name.value.available:
        return passed("vault_name_free", wanted=wanted, found=f"{names.vault} is free.", seen=(name,))
    if name.value.reason == "AccountNameInvalid":
        return vault_name_not_allowed(names, name, wanted=wanted)
    return vault_name_in_use(names, facts, wanted=wanted)


TASK = Task(
    id="preflight",
    number=0,
    title="Before you start",
    summary="See that your subscription, resource group and virtual machine are ready for the lab.",
    guide=guide,
    checks=(
        Check("subscription", "Your subscription", (looks.SUBSCRIPTION,), judge_subscription),
        Check(
            "provider-keyvault",
            "Microsoft.KeyVault is registered",
            (looks.KEY_VAULT_PROVIDER,),
            lambda _, facts: judge_provider(facts, looks.KEY_VAULT_PROVIDER, "Microsoft.KeyVault"),
        ),
        Check(
            "provider-compute",
            "Microsoft.Compute is registered",
            (looks.COMPUTE_PROVIDER,),
            lambda _, facts: judge_provider(facts, looks.COMPUTE_PROVIDER, "Microsoft.Compute"),
        ),
        Check("resource-group", "Your resource group", (looks.GROUP,), judge_group),
        Check("vm", "Your virtual machine", (looks.VM,), judge_vm),
        Check("vm-identity", "The identity of your VM", (looks.VM,), judge_identity),
        Check("vault-name", "The name of your vault", (looks.VAULT, looks.NAME_AVAILABILITY), judge_vault_name),
    ),
)
