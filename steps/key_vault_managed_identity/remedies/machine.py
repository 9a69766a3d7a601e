"""What the portal can mend about the VM."""

from __future__ import annotations

from collections.abc import Callable

from steps.key_vault_managed_identity import common, patience
from steps.kit.reasons import Remedy
from steps.kit.records import Done, Running, Seen, VirtualMachine
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Context, Names

Answer = Done[None] | Running
Step = ActionDone | ActionPending | ActionIntent


def start(ctx: Context, token: str | None) -> Step:
    seen, name = _vm(ctx), ctx.names.vm
    if seen.value.power_state == "running":
        said = f"{name} was started." if token else f"{name} was running already."
        return ActionDone(said, did=token is not None, sources=(seen.source,), facts={"vm": name})
    if token is None:
        return _begun_by_another(seen) or ActionIntent(common.INTENT)
    if seen.value.power_state == "starting" and patience.inside(token) == common.INTENT:
        return patience.later(token, common.INTENT, f"{name} is starting.", seen.source)
    azure, group = ctx.azure, ctx.names.resource_group
    answer = _go_on(token, azure.resume_start_vm, lambda: azure.start_vm(group, name))
    return _told(ctx, token, answer, f"{name} is starting.", f"{name} was started.")


def _begun_by_another(seen: Seen[VirtualMachine]) -> ActionDone | None:
    """One that is starting already: the checks look until it is up."""
    if seen.value.power_state != "starting":
        return None
    return ActionDone(f"{seen.value.name} is starting already.", did=False, sources=(seen.source,))


def stop(ctx: Context, token: str | None) -> Step:
    """Takes ``start`` back."""
    name = _changed(ctx, "start-vm")
    group = ctx.names.resource_group
    seen = ctx.azure.virtual_machine(group, name)
    if seen.value is None or seen.value.power_state in {"deallocated", "stopped"}:
        said = f"{name} does not run any more." if token else f"{name} was not running."
        return ActionDone(said, did=token is not None, sources=(seen.source,))
    if token is None:
        return ActionIntent(common.INTENT)
    if seen.value.power_state == "deallocating" and patience.inside(token) == common.INTENT:
        return patience.later(token, common.INTENT, f"{name} is stopping.", seen.source)
    answer = _go_on(token, ctx.azure.resume_deallocate_vm, lambda: ctx.azure.deallocate_vm(group, name))
    return _told(ctx, token, answer, f"{name} is stopping.", f"{name} was stopped and deallocated, as it was before.")


def identity_on(ctx: Context, token: str | None) -> Step:
    seen, name = _vm(ctx), ctx.names.vm
    if seen.value.principal_id:
        said = f"The system-assigned identity of {name} is on."
        return ActionDone(said, did=token is not None, sources=(seen.source,), facts={"vm": name})
    return _switch(ctx, token, name, on=True)


def identity_off(ctx: Context, token: str | None) -> Step:
    """Takes ``identity_on`` back."""
    name = _changed(ctx, "turn-identity-on")
    seen = ctx.azure.virtual_machine(ctx.names.resource_group, name)
    if seen.value is None or not seen.value.principal_id:
        said = f"The system-assigned identity of {name} is off, as it was before."
        return ActionDone(said, did=token is not None, sources=(seen.source,))
    return _switch(ctx, token, name, on=False)


def _switch(ctx: Context, token: str | None, name: str, *, on: bool) -> Step:
    if token is None:
        return ActionIntent(common.INTENT)
    azure, group = ctx.azure, ctx.names.resource_group
    answer = _go_on(token, azure.resume_set_system_identity, lambda: azure.set_system_identity(group, name, on=on))
    said = f"The system-assigned identity of {name} was turned {'on' if on else 'off again, as it was before'}."
    return _told(ctx, token, answer, f"Azure is turning the identity of {name} {'on' if on else 'off'}.", said)


def _vm(ctx: Context) -> Seen[VirtualMachine]:
    """The student's VM. Raises a BLOCKED AzureProblem if it is not there."""
    names = ctx.names
    seen = ctx.azure.virtual_machine(names.resource_group, names.vm)
    if seen.value is None:
        raise common.blocked("VmMissing", f"There is no VM {names.vm} in {names.resource_group}.", seen.source)
    return common.there(seen)


def _changed(ctx: Context, remedy: str) -> str:
    """The VM that ``remedy`` changed: the student may have chosen another since."""
    told = ctx.carried_out.get(remedy, ())
    return told[-1]["vm"] if told and "vm" in told[-1] else ctx.names.vm


def _go_on(token: str, resume: Callable[[str], Answer], begin: Callable[[], Answer]) -> Answer:
    """By Azure's own token; with only the intent stored, nothing may have been begun."""
    operation = patience.inside(token)
    return begin() if operation == common.INTENT else resume(operation)


def _told(ctx: Context, token: str, answer: Answer, meanwhile: str, done: str) -> ActionDone | ActionPending:
    if isinstance(answer, Running):
        return patience.later(token, answer.token, meanwhile, answer.source, retry_after=answer.retry_after)
    return ActionDone(done, did=True, sources=(answer.source,), facts={"vm": ctx.names.vm})


def _plan_start(names: Names) -> str:
    return (
        f"Start {names.vm}. While it runs it costs computing time; cleaning up stops it again (deallocated, so that "
        "it costs none)."
    )


def _plan_identity_on(names: Names) -> str:
    return (
        f"Turn the system-assigned identity of {names.vm} on. User-assigned ones stay as they are. "
        "Cleaning up turns it off again."
    )


START = Remedy(
    Action("start-vm", "Start the VM", _plan_start, start, 60.0),
    Action("stop-vm-again", "Stop the VM again", lambda names: f"Stop and deallocate {names.vm}.", stop, 60.0),
)
IDENTITY_ON = Remedy(
    Action("turn-identity-on", "Turn the VM's identity on", _plan_identity_on, identity_on, 20.0),
    Action(
        "turn-identity-off-again",
        "Turn the VM's identity off again",
        lambda names: f"Turn the system-assigned identity of {names.vm} off. User-assigned ones stay as they are.",
        identity_off,
        20.0,
    ),
)

REMEDIES: tuple[Remedy, ...] = (START, IDENTITY_ON)
