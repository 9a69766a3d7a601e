"""Key vaults as ARM knows them: looked at, made, deleted, brought back and purged."""

from __future__ import annotations

from io import BytesIO

from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.keyvault import models

from labportal.gateway import vault_records as records
from labportal.gateway.desk import Desk
from labportal.gateway.plain import part_of_id
from labportal.gateway.polling import OneLook, begun, nothing, resumed
from steps.kit.records import (
    AccessPolicy,
    DeletedVault,
    Done,
    NameAvailability,
    Running,
    Seen,
    Vault,
)

MADE_BY = {"created-by": "lab-portal"}  # tag


class Vaults(Desk):
    def vault(self, resource_group: str, name: str) -> Seen[Vault | None]:
        return self._look(lambda: records.vault(self._clients.key_vault.vaults.get(resource_group, name)))

    def vaults_in_subscription(self) -> Seen[tuple[Vault, ...]]:
        """By Key Vault's own list: the generic one of all resources knows neither policies nor modes."""
        return self._read(lambda: tuple(map(records.vault, self._clients.key_vault.vaults.list_by_subscription())))

    def deleted_vaults(self) -> Seen[tuple[DeletedVault, ...]]:
        return self._read(lambda: tuple(map(records.deleted, self._clients.key_vault.vaults.list_deleted())))

    def vault_name_availability(self, name: str) -> Seen[NameAvailability]:
        wanted = models.VaultCheckNameAvailabilityParameters(name=name)
        return self._read(lambda: records.availability(self._clients.key_vault.vaults.check_name_availability(wanted)))

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
        """The permission model is said outright: since api-version 2026-02-01 silence means RBAC."""
        properties = models.VaultProperties(
            tenant_id=tenant_id,
            sku=_standard(),
            enable_rbac_authorization=rbac,
            access_policies=[records.entry(policy) for policy in policies],
        )
        wanted = models.VaultCreateOrUpdateParameters(location=location, tags=MADE_BY, properties=properties)
        return self._put(resource_group, name, wanted)

    def recover_vault(self, vault_id: str, location: str) -> Done[Vault] | Running:
        """A PUT in the mode "recover": Azure takes everything but the name and the place from what was deleted."""
        properties = models.VaultProperties(
            tenant_id=self._clients.who.tenant_id, sku=_standard(), create_mode=models.CreateMode.RECOVER
        )
        wanted = models.VaultCreateOrUpdateParameters(location=location, properties=properties)
        return self._put(part_of_id(vault_id, "resourceGroups"), part_of_id(vault_id, "vaults"), wanted)

    def _put(
        self, resource_group: str, name: str, wanted: models.VaultCreateOrUpdateParameters
    ) -> Done[Vault] | Running:
        look = OneLook()
        with self._call() as call:
            begin = self._clients.key_vault.vaults.begin_create_or_update
            return begun(call, look, begin(resource_group, name, wanted, polling=look), records.vault)

    def resume_create_vault(self, token: str) -> Done[Vault] | Running:
        look = OneLook()
        with self._call() as call:
            begin = self._clients.key_vault.vaults.begin_create_or_update
            # The token holds everything; the other arguments are not looked at.
            poller = begin("", "", BytesIO(), polling=look, continuation_token=token)
            return resumed(call, look, poller, records.vault)

    def delete_vault(self, resource_group: str, name: str) -> Done[None]:
        return self._gone(lambda: self._clients.key_vault.vaults.delete(resource_group, name))

    def purge_vault(self, name: str, location: str) -> Done[None] | Running:
        look = OneLook()
        with self._call() as call:
            try:
                poller = self._clients.key_vault.vaults.begin_purge_deleted(name, location, polling=look)
            except ResourceNotFoundError:
                return Done(None, call.source)
            return begun(call, look, poller, nothing)

    def resume_purge_vault(self, token: str) -> Done[None] | Running:
        look = OneLook()
        with self._call() as call:
            begin = self._clients.key_vault.vaults.begin_purge_deleted
            return resumed(call, look, begin("", "", polling=look, continuation_token=token), nothing)


def _standard() -> models.Sku:
    return models.Sku(family="A", name="standard")
