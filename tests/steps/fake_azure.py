"""An Azure in memory, of plain records: quick enough to try every way a task can go.

``FakeAzure`` is the whole protocol ``steps.kit.azure.Azure``; what it remembers stands in ``fake_state``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from steps.kit.azure import Azure
from steps.kit.records import (
    Done,
    Lock,
    MachineNetwork,
    Permission,
    Provider,
    ResourceGroup,
    RoleAssignment,
    Seen,
    Subscription,
)
from tests.steps.fake_machines import FakeMachines
from tests.steps.fake_records import (
    CALLER,
    CLIENT_ID,
    CONTRIBUTOR,
    GROUP_PATH,
    NAMES,
    OWNER,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    SUBSCRIPTION_PATH,
    VERSION,
    a_secret,
    a_user_identity,
    a_vault,
    a_vault_named,
    a_vm,
    a_vm_named,
    assignment,
    policy_for,
    problem,
    refused,
)
from tests.steps.fake_secrets import FakeSecrets
from tests.steps.fake_vaults import FakeVaults


@dataclass
class FakeAzure(FakeVaults, FakeSecrets, FakeMachines):
    def subscription(self) -> Seen[Subscription | None]:
        return self._see("subscription", lambda: self.seen_subscription)

    def provider(self, namespace: str) -> Seen[Provider | None]:
        """One that ``register_provider`` has begun to register is registered after the next look."""

        def look() -> Provider | None:
            state = self.providers.get(namespace)
            if self._hides(f"registered:{namespace}"):
                self.providers[namespace] = "Registered"
            return Provider(namespace, state) if state else None

        return self._see("provider", look)

    def register_provider(self, namespace: str) -> Done[Provider]:
        def effect() -> Provider:
            self.providers[namespace] = "Registering" if self.slow else "Registered"
            self._hide(f"registered:{namespace}")
            return Provider(namespace, self.providers[namespace])

        return self._do("register_provider", effect, method="POST")

    def resource_group(self, name: str) -> Seen[ResourceGroup | None]:
        return self._see("resource_group", lambda: self.group)

    def permissions(self, resource_group: str) -> Seen[tuple[Permission, ...]]:
        return self._see("permissions", lambda: self.may)

    def permissions_in_subscription(self) -> Seen[tuple[Permission, ...]]:
        above = self.may if self.may_above is None else self.may_above
        return self._see("permissions_in_subscription", lambda: above)

    def machine_network(self, nic: str) -> Seen[MachineNetwork]:
        return self._see("machine_network", lambda: self.network)

    def locks(self, resource_group: str) -> Seen[tuple[Lock, ...]]:
        return self._see("locks", lambda: self.kept_locks)

    def caller_object_id(self) -> str:
        return CALLER

    def role_assignments(self, scope: str, principal_id: str, below: bool = False) -> Seen[tuple[RoleAssignment, ...]]:
        return self._see("role_assignments", lambda: self._assigned(scope, principal_id, below=below))

    def roles_given_at(self, scope: str) -> Seen[tuple[RoleAssignment, ...]]:
        def here() -> tuple[RoleAssignment, ...]:
            return tuple(one for one in self.assignments if one.scope.casefold() == scope.casefold())

        return self._see("roles_given_at", here)

    def assign_role(
        self, scope: str, role_id: str, principal_id: str, condition: str = "", description: str = ""
    ) -> Done[None]:
        def effect() -> None:
            new = replace(
                assignment(role_id, principal_id, scope, name=str(uuid.uuid4())),
                condition=condition,
                description=description,
            )
            known = {(one.scope.casefold(), one.role_id, one.principal_id) for one in self.assignments}
            if (new.scope.casefold(), role_id, principal_id) not in known:
                self.assignments.append(new)

        return self._do("assign_role", effect, method="PUT")

    def remove_role(self, assignment_id: str) -> Done[None]:
        def effect() -> None:
            gone = assignment_id.casefold()
            self.assignments = [one for one in self.assignments if one.id.casefold() != gone]

        return self._do("remove_role", effect, method="DELETE")


def after_task(number: int) -> FakeAzure:
    """An Azure in which the first ``number`` tasks are done."""
    azure = FakeAzure()
    if number >= 1:
        azure.kept_vaults.append(a_vault(access_policies=(policy_for(CALLER),)))
    if number >= 2:
        azure.kept_secrets[NAMES.secret] = a_secret()
        azure.values[NAMES.secret] = "canary"
    if number >= 3:
        azure.add_access_policy("rg-anna", NAMES.vault, policy_for(PRINCIPAL))
    azure.calls.clear()
    return azure


def set_vault(azure: FakeAzure, **changes: Any) -> None:
    azure.kept_vaults = [replace(vault, **changes) for vault in azure.kept_vaults]


def the_whole_protocol(azure: FakeAzure) -> Azure:
    """For mypy: what the fake lacks of the protocol is an error here."""
    return azure


__all__ = [
    "CALLER",
    "CLIENT_ID",
    "CONTRIBUTOR",
    "GROUP_PATH",
    "NAMES",
    "OWNER",
    "PRINCIPAL",
    "SECRETS_OFFICER",
    "SECRETS_USER",
    "SUBSCRIPTION_PATH",
    "VERSION",
    "FakeAzure",
    "a_secret",
    "a_user_identity",
    "a_vault",
    "a_vault_named",
    "a_vm",
    "a_vm_named",
    "after_task",
    "assignment",
    "policy_for",
    "problem",
    "refused",
    "set_vault",
]
