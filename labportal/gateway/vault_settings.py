"""Whom a vault lets in: its access policies, its permission model and its network."""

from __future__ import annotations

from azure.mgmt.keyvault import models

from labportal.gateway import vault_records as records
from labportal.gateway.desk import Desk
from labportal.gateway.plain import text
from steps.kit.records import AccessPolicy, Done, Vault


class VaultSettings(Desk):
    def add_access_policy(self, resource_group: str, vault: str, policy: AccessPolicy) -> Done[None]:
        """``accessPolicies/add`` joins permissions to those the object id has, whoever else writes meanwhile."""
        return self._done(lambda: self._change_policies(resource_group, vault, "add", records.entry(policy)))

    def remove_access_policy(self, resource_group: str, vault: str, policy: AccessPolicy) -> Done[None]:
        """``accessPolicies/remove`` takes permissions away in the case they were written in, so that is looked up
        first. Where there are none of them there is nothing to do."""

        def remove() -> None:
            found = self._clients.key_vault.vaults.get(resource_group, vault)
            entries = (_shared(entry, policy) for entry in found.properties.access_policies or ())
            for entry in filter(None, entries):
                self._change_policies(resource_group, vault, "remove", entry)

        return self._done(remove)

    def _change_policies(self, resource_group: str, vault: str, kind: str, entry: models.AccessPolicyEntry) -> None:
        properties = models.VaultAccessPolicyProperties(access_policies=[entry])
        wanted = models.VaultAccessPolicyParameters(properties=properties)
        self._clients.key_vault.vaults.update_access_policy(resource_group, vault, kind, wanted)

    def set_permission_model(self, resource_group: str, vault: str, *, rbac: bool) -> Done[Vault]:
        wanted = models.VaultPatchProperties(enable_rbac_authorization=rbac)
        return self._done(lambda: self._patch(resource_group, vault, wanted))

    def open_network(self, resource_group: str, vault: str) -> Done[Vault]:
        return self._done(lambda: self._network(resource_group, vault, public=True, default="Allow"))

    def restrict_network(
        self, resource_group: str, vault: str, *, public_access: bool, default_action: str
    ) -> Done[Vault]:
        return self._done(lambda: self._network(resource_group, vault, public=public_access, default=default_action))

    def _network(self, resource_group: str, vault: str, *, public: bool, default: str) -> Vault:
        """The rules are sent as they are: what is not sent of a firewall's is taken away."""
        found = self._clients.key_vault.vaults.get(resource_group, vault)
        rules = found.properties.network_acls or models.NetworkRuleSet(bypass="AzureServices")
        rules.default_action = default
        access = "Enabled" if public else "Disabled"
        wanted = models.VaultPatchProperties(public_network_access=access, network_acls=rules)
        return self._patch(resource_group, vault, wanted)

    def _patch(self, resource_group: str, vault: str, properties: models.VaultPatchProperties) -> Vault:
        wanted = models.VaultPatchParameters(properties=properties)
        return records.vault(self._clients.key_vault.vaults.update(resource_group, vault, wanted))


def _shared(entry: models.AccessPolicyEntry, policy: AccessPolicy) -> models.AccessPolicyEntry | None:
    """What ``policy`` names of ``entry``, as it is written there; None when that is nothing, or it is another
    principal's. Permissions on storage stay out of it: an ``AccessPolicy`` knows none."""
    known = records.policy(entry)
    if (known.object_id.casefold(), known.application_id) != (policy.object_id.casefold(), policy.application_id):
        return None
    had = entry.permissions or models.Permissions()
    permissions = models.Permissions(
        secrets=_both(had.secrets, policy.secrets),
        keys_property=_both(had.keys_property, policy.keys),
        certificates=_both(had.certificates, policy.certificates),
    )
    if not (permissions.secrets or permissions.keys_property or permissions.certificates):
        return None
    return models.AccessPolicyEntry(
        tenant_id=entry.tenant_id,
        object_id=entry.object_id,
        application_id=entry.application_id,
        permissions=permissions,
    )


def _both(had: list[str] | None, named: tuple[str, ...]) -> list[str]:
    wanted = {one.casefold() for one in named}
    return [text(one) for one in had or () if text(one).casefold() in wanted]
