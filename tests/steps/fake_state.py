"""What the Azure in memory remembers, and what all of its methods are made with."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import (
    DeletedVault,
    Done,
    Lock,
    MachineNetwork,
    NameAvailability,
    Permission,
    PolicyDenial,
    ResourceGroup,
    RoleAssignment,
    Running,
    SecretInfo,
    Seen,
    Subscription,
    Vault,
    VirtualMachine,
)
from steps.kit.verdict import Source
from tests.steps.fake_records import CLIENT_ID, GROUP_PATH, NAMES, PRINCIPAL, a_vm, allows, problem

T = TypeVar("T")


@dataclass
class FakeState:
    """``before[call]`` and ``after[call]`` are raised, one a call, without and with the effect done.
    ``hook`` is called with the name of every call. ``answer`` changes what the script on the VM prints.
    ``slow``: what takes Azure a while is begun by one call and over by the first that resumes or looks again."""

    seen_subscription: Subscription | None = field(
        default_factory=lambda: Subscription(NAMES.subscription_id, "Anna's", "Enabled")
    )
    providers: dict[str, str] = field(
        default_factory=lambda: {"Microsoft.KeyVault": "Registered", "Microsoft.Compute": "Registered"}
    )
    group: ResourceGroup | None = field(default_factory=lambda: ResourceGroup(GROUP_PATH, "rg-anna", "westeurope"))
    may: tuple[Permission, ...] = (Permission(("*",)),)
    """What the portal's own caller may do: an Owner's rights."""
    may_above: tuple[Permission, ...] | None = None
    """What it may do in the whole subscription; None: the same."""
    network: MachineNetwork = field(default_factory=lambda: MachineNetwork("", ()))
    """Of the VM, if it has a ``nic``."""
    kept_locks: tuple[Lock, ...] = ()
    denials: tuple[PolicyDenial, ...] = ()

    kept_vaults: list[Vault] = field(default_factory=list)
    deleted: DeletedVault | None = None
    """The deleted vault that keeps the name asked for, whatever it is. ``gone_vaults`` and ``remains`` hold by name
    those that ``delete_vault`` put there: as Azure lists them, and as they were."""
    gone_vaults: dict[str, DeletedVault] = field(default_factory=dict)
    remains: dict[str, Vault] = field(default_factory=dict)
    availability: NameAvailability = field(default_factory=lambda: NameAvailability(True, "", ""))

    kept_secrets: dict[str, SecretInfo] = field(default_factory=dict)
    """By ``key_of``, as are ``deleted_secrets`` and ``values``: the name alone in Anna's vault."""
    deleted_secrets: dict[str, SecretInfo] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    """The kinds of the keys in the vaults, by ``key_of`` as well."""

    vm: VirtualMachine | None = field(default_factory=a_vm)
    other_vms: list[VirtualMachine] = field(default_factory=list)
    client_ids: dict[str, str] = field(default_factory=lambda: {PRINCIPAL: CLIENT_ID})
    """Application ids of identities, by object id."""

    assignments: list[RoleAssignment] = field(default_factory=list)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Object ids of the groups a principal is in."""

    slow: bool = False
    lists_late: bool = False
    """The first list of the deleted vaults does not show yet what was deleted just now."""
    calls: Counter[str] = field(default_factory=Counter)
    before: dict[str, list[AzureProblem]] = field(default_factory=dict)
    after: dict[str, list[BaseException]] = field(default_factory=dict)
    hook: Callable[[str], None] = lambda call: None
    answer: Callable[[dict[str, Any]], str] = json.dumps
    commands: dict[str, str] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    operations: dict[str, Callable[[], Any]] = field(default_factory=dict)
    """Long-running operations under way, by token: what each does when it ends."""
    hidden: set[str] = field(default_factory=set)
    """What is done and the next look does not see yet: "secret:...", "deleted:...", "gone:..." or "registered:..."."""

    def _call(self, name: str, effect: Callable[[Source], T], *, method: str = "GET") -> T:
        self.calls[name] += 1
        self.hook(name)
        if self.before.get(name):
            raise self.before[name].pop(0)
        result = effect(Source(method, f"/{name}", 200, f"request-{name}-{self.calls[name]}"))
        if self.after.get(name):
            raise self.after[name].pop(0)
        return result

    def _see(self, name: str, value: Callable[[], T]) -> Seen[T]:
        return self._call(name, lambda source: Seen(value(), source))

    def _do(self, name: str, effect: Callable[[], T], *, method: str) -> Done[T]:
        return self._call(name, lambda source: Done(effect(), source), method=method)

    def _begin(self, name: str, end: Callable[[], T], source: Source) -> Done[T] | Running:
        """``end`` at once, or when ``_resume`` is called with the token."""
        if not self.slow:
            return Done(end(), source)
        token = f"{name}-{uuid.uuid4()}"
        self.operations[token] = end
        return Running(token, 1.0, source)

    def _resume(self, name: str, token: str) -> Done[Any] | Running:
        def effect(source: Source) -> Done[Any]:
            if token not in self.operations:
                raise problem(ProblemKind.NOT_FOUND)
            return Done(self.operations[token](), source)

        return self._call(name, effect)

    def _hide(self, what: str) -> None:
        if self.slow:
            self.hidden.add(what)

    def _hides(self, what: str) -> bool:
        if what not in self.hidden:
            return False
        self.hidden.discard(what)
        return True

    def _find(self, resource_group: str, name: str) -> Vault | None:
        wanted = (name.casefold(), resource_group.casefold())
        matches = (v for v in self.kept_vaults if (v.name.casefold(), v.resource_group.casefold()) == wanted)
        return next(matches, None)

    def _change(self, resource_group: str, name: str, change: Callable[[Vault], dict[str, Any]]) -> Vault:
        """Raises NOT_FOUND if there is no such vault."""
        vault = self._find(resource_group, name)
        if vault is None:
            raise problem(ProblemKind.NOT_FOUND, code="ResourceNotFound")
        changed = replace(vault, **change(vault))
        self.kept_vaults = [changed if one is vault else one for one in self.kept_vaults]
        return changed

    def _at(self, vault_uri: str, right: str, object_id: str) -> Vault:
        """The vault at an address, for somebody with that right on its secrets. Raises UNREACHABLE where there is
        none, because its host is gone with it, and NOT_AUTHORIZED, with the code that says why."""
        vault = next((v for v in self.kept_vaults if v.uri.rstrip("/") == vault_uri.rstrip("/")), None)
        if vault is None:
            raise problem(ProblemKind.UNREACHABLE, code="")
        if not vault.open_to_all_networks:
            raise problem(ProblemKind.NOT_AUTHORIZED, code="ForbiddenByFirewall")
        if not self._has(vault, right, object_id):
            raise problem(ProblemKind.NOT_AUTHORIZED, code="ForbiddenByRbac" if vault.rbac else "AccessDenied")
        return vault

    def _has(self, vault: Vault, right: str, object_id: str) -> bool:
        """By roles or by policies, whichever the vault goes by."""
        if vault.rbac:
            given = self._assigned(vault.id, object_id)
            return any(allows(permission, right) for one in given for permission in one.permissions)
        mine = (one for one in vault.access_policies if one.object_id == object_id and not one.application_id)
        return any({right, "all"} & set(one.secrets) for one in mine)

    def _assigned(self, scope: str, principal_id: str, *, below: bool = False) -> tuple[RoleAssignment, ...]:
        who = {principal_id, *self.groups.get(principal_id, ())}
        mine = (one for one in self.assignments if one.principal_id in who)
        return tuple(one for one in mine if _within(scope, one.scope) or (below and _within(one.scope, scope)))


def _within(scope: str, other: str) -> bool:
    return f"{scope}/".casefold().startswith(f"{other.rstrip('/')}/".casefold())


def key_of(vault: str, secret: str) -> str:
    return secret if vault == NAMES.vault else f"{vault}/{secret}"
