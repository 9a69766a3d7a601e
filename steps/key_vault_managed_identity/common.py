"""What several tasks of this lab judge or need in the same way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.az import SECRET_MANAGEMENT
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet
from steps.kit.records import AccessPolicy, Seen, Vault, VirtualMachine
from steps.kit.task import POLICIES, ROLES, Context, Names
from steps.kit.verdict import Choice, Finding, Source

T = TypeVar("T")

BY_NETWORK = frozenset({"forbiddenbyfirewall", "forbiddenbyconnection"})
"""What a vault says to whom its network does not let in, whatever rights they have."""

_TASK_1_FIRST = "Do Task 1 first: it makes the vault. If you have made it, check that task: it tells what became of it."
INTENT = "intent"
"""The token of an ActionIntent in this lab."""


def same(one: str, other: str) -> bool:
    """Azure keeps the case of names and ids, but does not tell them apart by it."""
    return one.casefold() == other.casefold()


def region(name: str) -> str:
    """ "West Europe" and "westeurope" are the same region."""
    return name.replace(" ", "").casefold()


def there(seen: Seen[T | None]) -> Seen[T]:
    """``seen`` for one who has already dealt with its being None. Raises ValueError if it is."""
    if seen.value is None:
        raise ValueError("asked for what is not there")
    return Seen(seen.value, seen.source, seen.at)


def policies_of(vault: Vault, object_id: str) -> tuple[AccessPolicy, ...]:
    """Those that count for whoever has this object id; one that names an application too is for that one's users."""
    return tuple(one for one in vault.access_policies if same(one.object_id, object_id) and not one.application_id)


def rights(vault: Vault, object_id: str) -> set[str]:
    """The rights on secrets that policies give; "all" is spelled out, and stays among them."""
    given = {right for one in policies_of(vault, object_id) for right in one.secrets}
    return given | set(SECRET_MANAGEMENT) if "all" in given else given


def shut_out(problem: AzureProblem) -> bool:
    """Turned away by the network of the vault: no right and no role would have helped."""
    return problem.kind is ProblemKind.NOT_AUTHORIZED and problem.code.casefold() in BY_NETWORK


def blocked(code: str, message: str, source: Source) -> AzureProblem:
    """What an action raises when it has nothing to build on. ``message`` is a sentence for the student."""
    return AzureProblem(ProblemKind.BLOCKED, code=code, message=message, source=source)


def vault_to_build_on(ctx: Context) -> Seen[Vault]:
    """The student's vault, for an action of a later task. Raises a BLOCKED AzureProblem if it is not there."""
    seen = ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)
    if seen.value is None:
        raise blocked(
            "VaultMissing",
            f"There is no key vault {ctx.names.vault} in {ctx.names.resource_group} yet. Task 1 makes it.",
            seen.source,
        )
    return there(seen)


def vm_with_identity(ctx: Context) -> Seen[VirtualMachine]:
    """The student's VM, identity on. Raises a BLOCKED AzureProblem otherwise."""
    names = ctx.names
    seen = ctx.azure.virtual_machine(names.resource_group, names.vm)
    if seen.value is None:
        raise blocked("VmMissing", f"There is no VM {names.vm} in {names.resource_group}.", seen.source)
    if not seen.value.principal_id:
        raise blocked(
            "VmIdentityOff",
            f"The system-assigned identity of {names.vm} is off, so there is no one to grant access.",
            seen.source,
        )
    return there(seen)


def waits_for(check: str, what: str, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    """For a check that cannot be made yet. ``check`` is the id of the one beside it that tells why."""
    waiting = could_not_tell(
        "waits_for_another_check",
        wanted=wanted,
        found=f"This waits for {what}.",
        next_step="Put right what the other check asks for; this one is made by itself then.",
        seen=seen,
    )
    return replace(waiting, waits_for=check)


def vault_missing(names: Names, seen: tuple[Seen[Any], ...], *, wanted: str, next_step: str = _TASK_1_FIRST) -> Finding:
    return not_yet(
        "vault_missing",
        wanted=wanted,
        found=f"There is no key vault {names.vault} in the resource group {names.resource_group}.",
        next_step=next_step,
        seen=seen,
    )


def other_model(names: Names, seen: Seen[Vault], *, wanted: str) -> Finding | None:
    """The finding about a vault that goes by another permission model than the student does, or None."""
    if seen.value.rbac and not names.by_roles:
        return vault_in_rbac_mode(names, seen, wanted=wanted)
    return vault_goes_by_policies(names, seen, wanted=wanted) if names.by_roles and not seen.value.rbac else None


def vault_in_rbac_mode(names: Names, seen: Seen[Any], *, wanted: str) -> Finding:
    return not_yet(
        "vault_in_rbac_mode",
        wanted=wanted,
        found=f"{names.vault} uses Azure role-based access control, so its access policies have no effect.",
        next_step=(
            f"Open {names.vault}, Settings, Access configuration, choose Vault access policy and apply. "
            f"Or: `{az.use_policies(names)}`. From then on only access policies count, not roles. To create the secret "
            "you may need one for yourself: the last step of Task 2's guide adds it. "
            "Or keep the roles, and do Task 3 by a role assignment instead."
        ),
        seen=(seen,),
        choices=(Choice("permission_model", ROLES, "Keep the roles, and do Task 3 by a role assignment"),),
    )


def vault_goes_by_policies(names: Names, seen: Seen[Any], *, wanted: str) -> Finding:
    return not_yet(
        "vault_goes_by_policies",
        wanted=wanted,
        found=f"{names.vault} uses access policies, so a role on its secrets has no effect. "
        "You have chosen to do this lab by roles.",
        next_step=(
            f"Open {names.vault}, Settings, Access configuration, choose Azure role-based access control and apply. "
            f"Or: `{az.use_roles(names)}`. From then on only roles count, not access policies. "
            "Or do this lab by access policies after all."
        ),
        seen=(seen,),
        choices=(Choice("permission_model", POLICIES, "Do this lab by access policies after all"),),
    )


def vm_missing(names: Names, seen: Seen[Any], *, wanted: str) -> Finding:
    return not_yet(
        "vm_missing",
        wanted=wanted,
        found=f"There is no virtual machine {names.vm} in the resource group {names.resource_group}.",
        next_step=f"Create a Windows VM named {names.vm} there; if yours has another name, set that under Your names. "
        "In the practice cloud you can as well start over on the lab's page, under Your practice subscription.",
        seen=(seen,),
    )


def identity_off(names: Names, seen: Seen[VirtualMachine | None], *, wanted: str) -> Finding:
    """For a VM that is there, without a system-assigned identity."""
    how = (
        f"Open {names.vm}, Security, Identity, and set Status to On under System assigned. Then save. "
        f"Or: `{az.identity_on(names)}`. It gets a new object id then: what an earlier one was given does not count "
        "for it, so let it in anew (Task 3)."
    )
    if seen.value and "userassigned" in seen.value.identity_type.casefold():
        lent = [one.id.rpartition("/")[2] for one in seen.value.user_identities[:5]] or ["identity"]
        return not_yet(
            "vm_only_user_assigned",
            wanted=wanted,
            found=f"The system-assigned identity of {names.vm} is off. It has only been lent the user-assigned "
            f"{' and '.join(lent)}. What is lent lives apart from the machine; this lab is about the machine's own.",
            next_step=f"{how} What is user-assigned may stay.",
            seen=(seen,),
        )
    return not_yet(
        "vm_identity_off",
        wanted=wanted,
        found=f"The system-assigned identity of {names.vm} is off.",
        next_step=how,
        seen=(seen,),
    )


def _once_stopped(vm: VirtualMachine) -> str:
    """Azure starts no machine that it is just stopping."""
    going = vm.power_state in {"stopping", "deallocating"}
    return "Wait a moment until Azure has stopped it. Then s" if going else "S"


_ON_ITS_WAY = {"starting", "creating", "updating", ""}


def vm_asleep(names: Names, seen: Seen[VirtualMachine | None], *, wanted: str) -> Finding | None:
    """The finding about a VM that cannot run anything now, or None if it is there, running and listening."""
    vm = seen.value
    if vm is None:
        return vm_missing(names, seen, wanted=wanted)
    if vm.os_type not in {"Windows", ""}:
        return not_yet(
            "vm_not_windows",
            wanted=wanted,
            found=f"{names.vm} runs {vm.os_type}.",
            next_step="The last task uses Windows PowerShell on the VM: use a Windows VM for this lab, "
            "and set its name under Your names.",
            seen=(seen,),
        )
    if vm.power_state in _ON_ITS_WAY:
        return could_not_tell(
            "vm_not_up_yet",
            wanted=wanted,
            found=f"{names.vm} is {vm.power_state or 'in a state Azure does not name'}.",
            next_step=LOOKS_AGAIN,
            seen=(seen,),
        )
    if vm.power_state != "running":
        return not_yet(
            "vm_not_running",
            wanted=wanted,
            found=f"{names.vm} is {vm.power_state}.",
            next_step=f"{_once_stopped(vm)}tart {names.vm} (Overview, Start; or `{az.start_vm(names)}`), "
            "and check again in a minute or two.",
            seen=(seen,),
        )
    if vm.agent_status != "Ready":
        return could_not_tell(
            "vm_agent_not_ready",
            wanted=wanted,
            found=f"{names.vm} is running, but its agent is not ready ({vm.agent_status or 'it reports nothing'}).",
            next_step="Give it a minute or two after a start: the portal looks again. If it stays so, restart "
            f"{names.vm} (Overview, Restart; or `{az.restart_vm(names)}`).",
            seen=(seen,),
        )
    return None
