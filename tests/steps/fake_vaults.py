"""Vaults of the Azure in memory, as ARM knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from steps.kit.azure import ProblemKind
from steps.kit.records import (
    AccessPolicy,
    DeletedVault,
    Done,
    NameAvailability,
    PolicyDenial,
    Running,
    Seen,
    Vault,
)
from steps.kit.verdict import Source
from tests.steps.fake_records import a_vault_named, problem
from tests.steps.fake_state import FakeState

ROLES_ONLY = "Key vaults go by roles"
"""The assignment among ``denials`` that refuses vaults of access policies alone."""
DELETED_AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
PURGED_AT = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)


class FakeVaults(FakeState):
    def vault(self, resource_group: str, name: str) -> Seen[Vault | None]:
        return self._see("vault", lambda: self._find(resource_group, name))

    def vaults_in_subscription(self) -> Seen[tuple[Vault, ...]]:
        return self._see("vaults_in_subscription", lambda: tuple(self.kept_vaults))

    def deleted_vaults(self) -> Seen[tuple[DeletedVault, ...]]:
        def every() -> tuple[DeletedVault, ...]:
            seen = (one for one in self.gone_vaults.values() if not self._hides(f"gone:{one.name}"))
            return (*seen, *([self.deleted] if self.deleted else []))

        return self._see("deleted_vaults", every)

    def _gone(self, name: str, location: str) -> DeletedVault | None:
        found = self.gone_vaults.get(name)
        return found if found and found.location == location else self.deleted

    def vault_name_availability(self, name: str) -> Seen[NameAvailability]:
        held = name in self.gone_vaults or any(vault.name == name for vault in self.kept_vaults)
        taken = NameAvailability(False, "AlreadyExists", "")
        return self._see("vault_name_availability", lambda: taken if held else self.availability)

    def vault_denials(
        self, resource_group: str, name: str, location: str, rbac: bool = False
    ) -> Seen[tuple[PolicyDenial, ...]]:
        return self._see("vault_denials", lambda: self._refusing(rbac))

    def _refusing(self, rbac: bool) -> tuple[PolicyDenial, ...]:
        return tuple(one for one in self.denials if not (rbac and one.assignment == ROLES_ONLY))

    def create_vault(
        self,
        resource_group: str,
        name: str,
        *,
        location: str,
        tenant_id: str,
        policies: tuple[AccessPolicy, ...],
        rbac: bool = False,
    ) -> Done[Vault] | Running:
        def effect(source: Source) -> Done[Vault] | Running:
            if self._refusing(rbac):
                raise problem(ProblemKind.POLICY_DENIED, code="RequestDisallowedByPolicy")
            if name in self.gone_vaults:
                raise problem(ProblemKind.NAME_IN_DELETED_STATE, code="ConflictError")
            made = a_vault_named(
                name,
                resource_group=resource_group,
                location=location,
                access_policies=policies,
                rbac=rbac,
                provisioning_state="RegisteringDns" if self.slow else "Succeeded",
                tags={"created-by": "lab-portal"},
            )
            self.kept_vaults.append(made)
            return Running("azure-token", 2.0, source) if self.slow else Done(made, source)

        return self._call("create_vault", effect, method="PUT")

    def resume_create_vault(self, token: str) -> Done[Vault] | Running:
        if token not in self.operations:
            raise AssertionError("a vault that is there is looked at, not resumed")
        return self._resume("resume_create_vault", token)

    def finish_vault(self) -> None:
        """What has failed stays so."""
        self.kept_vaults = [
            vault if vault.provisioning_state == "Failed" else replace(vault, provisioning_state="Succeeded")
            for vault in self.kept_vaults
        ]

    def add_access_policy(self, resource_group: str, vault: str, policy: AccessPolicy) -> Done[None]:
        def join(found: AccessPolicy | None) -> AccessPolicy:
            return _combined(found or replace(policy, secrets=(), keys=(), certificates=()), policy, _joined)

        return self._policies("add_access_policy", resource_group, vault, policy, join)

    def remove_access_policy(self, resource_group: str, vault: str, policy: AccessPolicy) -> Done[None]:
        def take(found: AccessPolicy | None) -> AccessPolicy | None:
            left = _combined(found, policy, _without) if found else None
            return left if left and (left.secrets or left.keys or left.certificates) else None

        return self._policies("remove_access_policy", resource_group, vault, policy, take)

    def _policies(
        self,
        call: str,
        resource_group: str,
        vault: str,
        about: AccessPolicy,
        change: Callable[[AccessPolicy | None], AccessPolicy | None],
    ) -> Done[None]:
        def changed(found: Vault) -> dict[str, Any]:
            mine = next((one for one in found.access_policies if _whose(one) == _whose(about)), None)
            others = tuple(one for one in found.access_policies if one is not mine)
            new = change(mine)
            return {"access_policies": (*others, new) if new else others}

        def effect() -> None:
            self._change(resource_group, vault, changed)

        return self._do(call, effect, method="PUT")

    def set_permission_model(self, resource_group: str, vault: str, *, rbac: bool) -> Done[Vault]:
        def change() -> Vault:
            return self._change(resource_group, vault, lambda found: {"rbac": rbac})

        return self._do("set_permission_model", change, method="PATCH")

    def open_network(self, resource_group: str, vault: str) -> Done[Vault]:
        return self._network("open_network", resource_group, vault, public_access=True, default_action="Allow")

    def restrict_network(
        self, resource_group: str, vault: str, *, public_access: bool, default_action: str
    ) -> Done[Vault]:
        said = {"public_access": public_access, "default_action": default_action}
        return self._network("restrict_network", resource_group, vault, **said)

    def _network(self, call: str, resource_group: str, vault: str, **said: Any) -> Done[Vault]:
        return self._do(call, lambda: self._change(resource_group, vault, lambda found: said), method="PATCH")

    def delete_vault(self, resource_group: str, name: str) -> Done[None]:
        def effect() -> None:
            vault = self._find(resource_group, name)
            if vault is None:
                return
            self.kept_vaults = [one for one in self.kept_vaults if one is not vault]
            self.remains[vault.name] = vault
            self.gone_vaults[vault.name] = DeletedVault(
                vault.name, vault.location, DELETED_AT, PURGED_AT, vault.id, vault.purge_protection
            )
            if self.lists_late:
                self.hidden.add(f"gone:{vault.name}")

        return self._do("delete_vault", effect, method="DELETE")

    def recover_vault(self, vault_id: str, location: str) -> Done[Vault] | Running:
        """What only ``deleted`` tells of comes back as the lab makes vaults."""
        *_, group, _, _, _, name = vault_id.split("/")

        def effect(source: Source) -> Done[Vault] | Running:
            if self._gone(name, location) is None:
                raise problem(ProblemKind.NOT_FOUND, code="DeletedVaultNotFound")
            back = self.remains.pop(name, None) or a_vault_named(name, resource_group=group, location=location)
            state = "RegisteringDns" if self.slow else "Succeeded"
            self.kept_vaults.append(replace(back, provisioning_state=state))
            self._forget(name)
            return self._begin("recover_vault", lambda: self._up(group, name), source)

        return self._call("recover_vault", effect, method="PUT")

    def _up(self, group: str, name: str) -> Vault:
        return self._change(group, name, lambda found: {"provisioning_state": "Succeeded"})

    def _forget(self, name: str) -> None:
        self.gone_vaults.pop(name, None)
        self.remains.pop(name, None)
        if self.deleted is not None and self.deleted.name == name:
            self.deleted = None

    def purge_vault(self, name: str, location: str) -> Done[None] | Running:
        def effect(source: Source) -> Done[None] | Running:
            found = self._gone(name, location)
            if found is None:
                return Done(None, source)
            if found.purge_protection:
                raise problem(ProblemKind.PROTECTED, code="MethodNotAllowed")
            return self._begin("purge_vault", lambda: self._purged(name), source)

        return self._call("purge_vault", effect, method="POST")

    def _purged(self, name: str) -> None:
        self._forget(name)
        for kept in (self.kept_secrets, self.deleted_secrets):
            for key in [key for key, one in kept.items() if one.vault_name == name]:
                del kept[key]

    def resume_purge_vault(self, token: str) -> Done[None] | Running:
        return self._resume("resume_purge_vault", token)


def _whose(policy: AccessPolicy) -> tuple[str, str]:
    return policy.object_id, policy.application_id


def _combined(
    one: AccessPolicy, other: AccessPolicy, combine: Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]
) -> AccessPolicy:
    return replace(
        one,
        secrets=combine(one.secrets, other.secrets),
        keys=combine(one.keys, other.keys),
        certificates=combine(one.certificates, other.certificates),
    )


def _joined(have: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*have, *more)))


def _without(have: tuple[str, ...], less: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in have if one not in less)
