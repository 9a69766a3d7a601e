"""Between Key Vault's models and the labs' records."""

from __future__ import annotations

from collections.abc import Iterator

from azure.mgmt.keyvault import models

from labportal.gateway.plain import part_of_id, text, words
from steps.kit.records import AccessPolicy, DeletedVault, NameAvailability, Vault


def vault(found: models.Vault) -> Vault:
    properties = found.properties
    identity = text(found.id)
    uri = text(properties.vault_uri)
    rules = properties.network_acls
    return Vault(
        id=identity,
        name=text(found.name),
        resource_group=part_of_id(identity, "resourceGroups"),
        location=text(found.location),
        tenant_id=text(properties.tenant_id),
        uri=uri if uri.endswith("/") or not uri else f"{uri}/",
        provisioning_state=text(properties.provisioning_state),
        rbac=properties.enable_rbac_authorization,
        access_policies=tuple(map(policy, properties.access_policies or ())),
        tags=dict(found.tags or {}),
        # "Disabled", and "SecuredByPerimeter" where a network security perimeter decides.
        public_access=text(properties.public_network_access).casefold() in ("", "enabled"),
        default_action=(text(rules.default_action) if rules else "") or "Allow",
        purge_protection=properties.enable_purge_protection is True,
        created_at=found.system_data.created_at if found.system_data else None,
        let_in=tuple(_let_in(properties)),
    )


def _let_in(properties: models.VaultProperties) -> Iterator[str]:
    """Private endpoints only once they are approved: before that they reach nothing."""
    rules = properties.network_acls or models.NetworkRuleSet()
    yield from (text(rule.value) for rule in rules.ip_rules or ())
    yield from (text(rule.id) for rule in rules.virtual_network_rules or ())
    for connection in properties.private_endpoint_connections or ():
        told = connection.properties or models.PrivateEndpointConnectionProperties()
        state = told.private_link_service_connection_state
        if told.private_endpoint and state and text(state.status).casefold() == "approved":
            yield text(told.private_endpoint.id)


def policy(entry: models.AccessPolicyEntry) -> AccessPolicy:
    permissions = entry.permissions or models.Permissions()
    return AccessPolicy(
        object_id=text(entry.object_id),
        tenant_id=text(entry.tenant_id),
        secrets=words(permissions.secrets),
        keys=words(permissions.keys_property),
        certificates=words(permissions.certificates),
        application_id=text(entry.application_id),
    )


def entry(policy: AccessPolicy) -> models.AccessPolicyEntry:
    return models.AccessPolicyEntry(
        tenant_id=policy.tenant_id,
        object_id=policy.object_id,
        application_id=policy.application_id or None,
        permissions=models.Permissions(
            secrets=list(policy.secrets), keys_property=list(policy.keys), certificates=list(policy.certificates)
        ),
    )


def deleted(found: models.DeletedVault) -> DeletedVault:
    properties = found.properties or models.DeletedVaultProperties()
    return DeletedVault(
        name=text(found.name),
        location=text(properties.location),
        deletion_date=properties.deletion_date,
        scheduled_purge_date=properties.scheduled_purge_date,
        vault_id=text(properties.vault_id),
        purge_protection=properties.purge_protection_enabled is True,
    )


def availability(found: models.CheckNameAvailabilityResult) -> NameAvailability:
    return NameAvailability(bool(found.name_available), text(found.reason), text(found.message))
