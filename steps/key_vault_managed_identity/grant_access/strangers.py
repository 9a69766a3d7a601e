"""Who else may have been let in, when the VM was not: told from object ids as far as they can be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from steps.key_vault_managed_identity import looks, role_actions
from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.azure import AzureProblem
from steps.kit.records import RoleAssignment, Seen, VirtualMachine
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Choice

_PRINCIPAL = "vm_principal"
"""The kind of note that keeps the object id that a VM's identity had when it was looked at: this, a space, its name."""


class Kind(IntEnum):
    """The more telling, the smaller."""

    FORMER = 1  # an identity the VM had before
    APPLICATION = 2  # the VM's own identity, by the wrong one of its two ids
    NOBODY = 3  # no identity at all: the id of something else
    USER_ASSIGNED = 4  # an identity lent to the VM
    OTHER_VM = 5
    UNKNOWN = 6
    CALLER = 7  # the portal's own: it may well have a right of its own there


@dataclass(frozen=True, slots=True)
class Stranger:
    """``name``: of the other VM, of the identity lent, or of what the id belongs to; "" for the others. ``group``: that
    of the other VM, if it is not the student's. ``about``: what their roles tell of one that nobody can name, as part
    of a sentence."""

    object_id: str
    kind: Kind
    name: str = ""
    group: str = ""
    about: str = ""

    @property
    def may_be_a_group(self) -> bool:
        return self.kind is Kind.UNKNOWN and (not self.about or self.about.startswith("a group"))


def note_of(vm: VirtualMachine) -> dict[str, str]:
    """To be remembered for the walk, in which the machine may be made anew, or another one be chosen."""
    return {_PRINCIPAL: f"{vm.principal_id} {vm.name}"}


def former_ids(ctx: Context, vm: VirtualMachine) -> tuple[str, ...]:
    """Object ids that the VM's identity had earlier in this walk, the latest first."""
    noted = [one.partition(" ") for one in reversed(ctx.noted.get(_PRINCIPAL, ()))]
    before = (one for one, _, name in noted if same(name, vm.name) and not same(one, vm.principal_id))
    return tuple(dict.fromkeys(before))


def known_at_once(ctx: Context, vm: VirtualMachine) -> tuple[Stranger, ...]:
    """Those that can be told without asking Azure anything."""
    lent = [
        Stranger(identity, Kind.USER_ASSIGNED, one.id.rpartition("/")[2])
        for one in vm.user_identities
        for identity in (one.principal_id, one.client_id)
        if identity
    ]
    former = [Stranger(one, Kind.FORMER) for one in former_ids(ctx, vm)]
    things = {
        "your directory (tenant)": ctx.names.tenant_id,
        "your subscription": ctx.names.subscription_id,
        f"{vm.name} as a machine (vmId)": vm.vm_id,
    }
    nobody = [Stranger(one, Kind.NOBODY, thing) for thing, one in things.items() if one]
    return (*former, *nobody, *lent, Stranger(ctx.azure.caller_object_id(), Kind.CALLER))


@dataclass(frozen=True, slots=True)
class Asked:
    """Who Azure was asked about, and where."""

    strangers: tuple[Stranger, ...]
    seen: tuple[Seen[Any], ...]


def asked_of_azure(ctx: Context, facts: Facts, vm: VirtualMachine) -> Asked:
    """The VM's own application id, and the identities of the subscription's other VMs, those of the group first."""
    facts.ask(looks.client_id_of(vm.id), looks.ALL_VMS)
    found: list[Stranger] = []
    application = if_told(facts, looks.client_id_of(vm.id))
    if isinstance(application.value, str):
        found.append(Stranger(application.value, Kind.APPLICATION))
    machines = if_told(facts, looks.ALL_VMS)
    if not isinstance(machines.value, AzureProblem):
        others = [one for one in machines.value if one.principal_id and not same(one.id, vm.id)]
        others.sort(key=lambda one: not same(one.resource_group, ctx.names.resource_group))
        for one in others:
            theirs = "" if same(one.resource_group, ctx.names.resource_group) else one.resource_group
            found.append(Stranger(one.principal_id, Kind.OTHER_VM, one.name, theirs))
    return Asked(tuple(found), (application, machines))


def who_is_who(ctx: Context, facts: Facts, vm: VirtualMachine, object_ids: Iterable[str]) -> Asked:
    """Each of ``object_ids``, the most telling first. Azure is asked only about those not known without it, and of the
    first that nobody can name, what a role tells."""
    wanted = list(dict.fromkeys(object_ids))
    at_once = known_at_once(ctx, vm)
    asked = Asked((), ())
    if any(_who(one, at_once).kind is Kind.UNKNOWN for one in wanted):
        asked = asked_of_azure(ctx, facts, vm)
    told = sorted((_who(one, (*at_once, *asked.strangers)) for one in wanted), key=lambda one: one.kind)
    if not told or told[0].kind is not Kind.UNKNOWN:
        return Asked(tuple(told), asked.seen)
    given = if_told(facts, looks.roles_of(told[0].object_id, f"/subscriptions/{ctx.names.subscription_id}", below=True))
    if isinstance(given.value, AzureProblem):
        return Asked(tuple(told), asked.seen)
    theirs = [one for one in given.value if same(one.principal_id, told[0].object_id)]
    known = replace(told[0], about=_about(ctx.names, vm, theirs))
    return Asked((known, *told[1:]), (*asked.seen, given))


_BEFORE = "an identity that {} had before, if it was created anew or its identity switched off and on"
_KINDS = {
    "User": "a person{}, you yourself perhaps",
    "Group": "a group{}",
    "ServicePrincipal": "an app or a managed identity{}",
}
"""By the type that Azure gives a principal in the assignment of a role."""


def _about(names: Names, vm: VirtualMachine, given: list[RoleAssignment]) -> str:
    """What the role given furthest up tells of somebody; "" if there is none. One in the vault tells only the type:
    that is where they were met."""
    telling = sorted((one for one in given if one.principal_type in _KINDS), key=lambda one: len(one.scope))
    if not telling:
        return ""
    role = telling[0]
    inside = role_actions.covers(role_actions.vault_scope(names), role.scope)
    has = "" if inside else f" with the role {role.role_name} on {role_actions.in_words(role.scope)}"
    perhaps = f"; perhaps {_BEFORE.format(vm.name)}" if role.principal_type == "ServicePrincipal" else ""
    return f"{_KINDS[role.principal_type].format(has)}{perhaps}"


def _who(object_id: str, known: Iterable[Stranger]) -> Stranger:
    return next((one for one in known if same(one.object_id, object_id)), Stranger(object_id, Kind.UNKNOWN))


def in_words(names: Names, who: Stranger) -> str:
    """Who it is, after "for": whole enough for a student who has seen only the id."""
    match who.kind:
        case Kind.FORMER:
            return (
                f"{who.object_id}, the identity that {names.vm} had before. Created anew, or with its identity "
                "switched off and on again, a machine has a new object id, and what the old one was given is lost."
            )
        case Kind.APPLICATION | Kind.NOBODY:
            own = who.kind is Kind.APPLICATION
            what = f"the application (client) id of the identity of {names.vm}" if own else f"the id of {who.name}"
            counts = "its object id" if own else f"the object id of the identity of {names.vm}"
            return f"{who.object_id}: that is {what}. What counts is {counts}. Ids look alike, and Azure takes any."
        case Kind.USER_ASSIGNED:
            return (
                f"{who.object_id}, the user-assigned identity {who.name} that {names.vm} has been lent. This lab is "
                "about the machine's own, the system-assigned one."
            )
        case Kind.OTHER_VM:
            where = f" in {who.group}" if who.group else ""
            return f"{who.object_id}, the identity of another machine: {who.name}{where}."
        case Kind.CALLER:
            return f"{who.object_id}, the identity that your connection works as."
        case Kind.UNKNOWN:
            anybody = f"you yourself, a group, an app, or {_BEFORE.format(names.vm)}"
            unknown = f". Azure does not tell the portal who that is: {anybody}."
            return f"{who.object_id}{f': {who.about}.' if who.about else unknown}"


def meant(who: Stranger) -> tuple[Choice, ...]:
    """The other machine may be the one that the student means, if it is in their group."""
    if who.kind is not Kind.OTHER_VM or who.group:
        return ()
    return (Choice("vm", who.name, f"Use the machine {who.name}"),)


def what_of_it(who: Stranger) -> str:
    """What to do about the access of somebody else. The portal leaves it alone, always."""
    match who.kind:
        case Kind.CALLER:
            return "What your connection has may stay: with it you put secrets in."
        case Kind.FORMER:
            return "What the old identity was given opens nothing any more, and may go."
        case Kind.APPLICATION | Kind.NOBODY:
            return "What was given to that id opens nothing, and may go."
        case Kind.USER_ASSIGNED | Kind.OTHER_VM:
            return f"Did you let {who.name} in by mistake? Then take that away again. If not, let it stay."
        case Kind.UNKNOWN:
            return f"Did you let {who.object_id} in by mistake? Then take that away again. If not, let it stay."
