"""Secrets of the Azure in memory: seen through ARM, written at the vault itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from steps.kit.azure import ProblemKind
from steps.kit.records import DeletedSecret, Done, SecretInfo, Seen
from tests.steps.fake_records import CALLER, VERSION, a_secret, problem
from tests.steps.fake_state import FakeState, key_of
from tests.steps.fake_vaults import PURGED_AT

T = TypeVar("T")


class FakeSecrets(FakeState):
    def secret(self, resource_group: str, vault: str, name: str) -> Seen[SecretInfo | None]:
        def look() -> SecretInfo | None:
            key = key_of(vault, name)
            if self._hides(f"secret:{key}") or self._find(resource_group, vault) is None:
                return None
            return self.kept_secrets.get(key)

        return self._see("secret", look)

    def secrets(self, resource_group: str, vault: str) -> Seen[tuple[SecretInfo, ...]]:
        def look() -> tuple[SecretInfo, ...]:
            there = self._find(resource_group, vault) is not None
            return tuple(one for one in self.kept_secrets.values() if there and one.vault_name == vault)

        return self._see("secrets", look)

    def key(self, resource_group: str, vault: str, name: str) -> Seen[str | None]:
        def look() -> str | None:
            there = self._find(resource_group, vault) is not None
            return self.keys.get(key_of(vault, name)) if there else None

        return self._see("key", look)

    def set_secret(self, vault_uri: str, name: str, value: str) -> Done[SecretInfo]:
        """The first version is VERSION, as ``a_secret`` has it; a later one is counted up from there."""

        def effect(vault: str) -> SecretInfo:
            key = key_of(vault, name)
            if key in self.deleted_secrets:
                raise problem(ProblemKind.NAME_IN_DELETED_STATE, code="ObjectIsDeletedButRecoverable")
            older = self.kept_secrets.get(key)
            version = f"{int(older.version, 16) + 1:032x}" if older else VERSION
            self.values[key] = value
            self.kept_secrets[key] = a_secret(name=name, vault_name=vault, version=version)
            return self.kept_secrets[key]

        return self._at_vault("set_secret", vault_uri, "set", effect, method="PUT")

    def enable_secret(self, vault_uri: str, name: str) -> Done[None]:
        def effect(vault: str) -> None:
            key = key_of(vault, name)
            if key not in self.kept_secrets:
                raise problem(ProblemKind.NOT_FOUND, code="SecretNotFound")
            self.kept_secrets[key] = replace(self.kept_secrets[key], enabled=True)

        return self._at_vault("enable_secret", vault_uri, "set", effect, method="PATCH")

    def deleted_secret(self, vault_uri: str, name: str) -> Seen[DeletedSecret | None]:
        def look() -> DeletedSecret | None:
            vault = self._at(vault_uri, "get", CALLER)
            key = key_of(vault.name, name)
            if self._hides(f"deleted:{key}") or key not in self.deleted_secrets:
                return None
            return DeletedSecret(name, vault.name, PURGED_AT)

        return self._see("deleted_secret", look)

    def delete_secret(self, vault_uri: str, name: str) -> Done[None]:
        def effect(vault: str) -> None:
            key = key_of(vault, name)
            if key in self.kept_secrets:
                self.deleted_secrets[key] = self.kept_secrets.pop(key)
                self._hide(f"deleted:{key}")

        return self._at_vault("delete_secret", vault_uri, "delete", effect, method="DELETE")

    def recover_secret(self, vault_uri: str, name: str) -> Done[None]:
        def effect(vault: str) -> None:
            key = key_of(vault, name)
            if key not in self.deleted_secrets:
                raise problem(ProblemKind.NOT_FOUND, code="SecretNotFound")
            self.kept_secrets[key] = self.deleted_secrets.pop(key)
            self._hide(f"secret:{key}")

        return self._at_vault("recover_secret", vault_uri, "recover", effect, method="POST")

    def purge_secret(self, vault_uri: str, name: str) -> Done[None]:
        def effect(vault: str) -> None:
            self.deleted_secrets.pop(key_of(vault, name), None)

        return self._at_vault("purge_secret", vault_uri, "purge", effect, method="DELETE")

    def _at_vault(self, call: str, vault_uri: str, right: str, effect: Callable[[str], T], *, method: str) -> Done[T]:
        def at() -> T:
            return effect(self._at(vault_uri, right, CALLER).name)

        return self._do(call, at, method=method)
