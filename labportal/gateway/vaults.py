"""Key vaults as ARM knows them."""

from __future__ import annotations

from io import BytesIO

from azure.mgmt.keyvault import models

from labportal.gateway.desk import Desk
from labportal.gateway.plain import part_of_id, text, words
from labportal.gateway.polling import OneLook, begun, resumed
from steps.kit.azure import AccessPolicy, DeletedVault, Done, NameAvailability, Running, Seen, Vault

MADE_BY = {"created-by": "lab-portal"}  # tag


class Vaults(Desk):
    def vault(self, resource_group: str, name: str) -> Seen[Vault | None]:
        return self._look(lambda: _vault(self._clients.key_vault.vaults.get(resource_group, name)))

    def vaults_in_subscription(self) -> Seen[tuple[Vault, ...]]:
        """By Key Vault's own list: the generic one of all resources knows neither policies nor modes."""
        return self._read(lambda: tuple(map(_vault, self._clients.key_vault.vaults.list_by_subscription())))

    def deleted_vault(self, name: str, location: str) -> Seen[DeletedVault | None]:
        return self._look(lambda: _deleted(self._clients.key_vault.vaults.get_deleted(name, location)))

    def vault_name_availability(self, name: str) -> Seen[NameAvailability]:
        wanted = models.VaultCheckNameAvailabilityParameters(name=name)
        return self._read(lambda: _availability(self._clients.key_vault.vaults.check_name_availability(wanted)))

    def create_vault(
        self, resource_group: str, name: str, *, location: str, tenant_id: str, policies: tuple[AccessPolicy, ...]
    ) -> Done[Vault] | Running:
        """Access-policy mode is said outright: since api-version 2026-02-01 silence means RBAC."""
        wanted = models.VaultCreateOrUpdateParameters(
            location=location,
            tags=MADE_BY,
            properties=models.VaultProperties(
                tenant_id=tenant_id,
                sku=models.Sku(family="A", name="standard"),
                enable_rbac_authorization=False,
                access_policies=[_entry(policy) for policy in policies],
            ),
        )
        look = OneLook()
        with self._call() as call:
            begin = self._clients.key_vault.vaults.begin_create_or_update
            return begun(call, look, begin(resource_group, name, wanted, polling=look), _vault)

    def resume_create_vault(self, token: str) -> Done[Vault] | Running:
        look = OneLook()
        with self._call() as call:
            begin = self._clients.key_vault.vaults.begin_create_or_update
            # The token holds everything; the other arguments are not looked at.
            return resumed(call, look, begin("", "", BytesIO(), polling=look, continuation_token=token), _vault)

    def add_access_policy(self, resource_group: str, vault: str, policy: AccessPolicy) -> Done[None]:
        """``accessPolicies/add`` joins permissions to those the object id has, whoever else writes meanwhile."""
        wanted = models.VaultAccessPolicyParameters(
            properties=models.VaultAccessPolicyProperties(access_policies=[_entry(policy)])
        )

        def add() -> None:
            self._clients.key_vault.vaults.update_access_policy(resource_group, vault, "add", wanted)

        return self._done(add)


def _vault(found: models.Vault) -> Vault:
    properties = found.properties
    identity = text(found.id)
    uri = text(properties.vault_uri)
    return Vault(
        id=identity,
        name=text(found.name),
        resource_group=part_of_id(identity, "resourceGroups"),
        location=text(found.location),
        tenant_id=text(properties.tenant_id),
        uri=uri if uri.endswith("/") or not uri else f"{uri}/",
        provisioning_state=text(properties.provisioning_state),
        rbac=properties.enable_rbac_authorization,
        access_policies=tuple(map(_policy, properties.access_policies or ())),
        tags=dict(found.tags or {}),
    )


def _policy(entry: models.AccessPolicyEntry) -> AccessPolicy:
    permissions = entry.permissions or models.Permissions()
    return AccessPolicy(
        object_id=text(entry.object_id),
        tenant_id=text(entry.tenant_id),
        secrets=words(permissions.secrets),
        keys=words(permissions.keys_property),
        certificates=words(permissions.certificates),
    )


def _entry(policy: AccessPolicy) -> models.AccessPolicyEntry:
    return models.AccessPolicyEntry(
        tenant_id=policy.tenant_id,
        object_id=policy.object_id,
        permissions=models.Permissions(
            secrets=list(policy.secrets), keys_property=list(policy.keys), certificates=list(policy.certificates)
        ),
    )


def _deleted(found: models.DeletedVault) -> DeletedVault:
    properties = found.properties or models.DeletedVaultProperties()
    return DeletedVault(
        name=text(found.name),
        location=text(properties.location),
        deletion_date=properties.deletion_date,
        scheduled_purge_date=properties.scheduled_purge_date,
    )


def _availability(found: models.CheckNameAvailabilityResult) -> NameAvailability:
    return NameAvailability(bool(found.name_available), text(found.reason), text(found.message))
