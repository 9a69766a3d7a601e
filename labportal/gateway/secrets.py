"""Secrets: read through ARM, which never tells values; written, deleted and brought back at the vault itself."""

from __future__ import annotations

from azure.core.exceptions import ResourceNotFoundError
from azure.keyvault.secrets import DeletedSecret as DeletedKeyVaultSecret
from azure.keyvault.secrets import KeyVaultSecret
from azure.mgmt.keyvault import models

from labportal.gateway.desk import Desk
from labportal.gateway.plain import text
from steps.kit.records import DeletedSecret, Done, SecretInfo, Seen


class Secrets(Desk):
    def secret(self, resource_group: str, vault: str, name: str) -> Seen[SecretInfo | None]:
        return self._look(lambda: _secret(vault, self._clients.key_vault.secrets.get(resource_group, vault, name)))

    def secrets(self, resource_group: str, vault: str) -> Seen[tuple[SecretInfo, ...]]:
        """A vault that is not there has no secrets: an empty answer, whose source says 404."""
        with self._call() as call:
            try:
                found = tuple(
                    _secret(vault, one) for one in self._clients.key_vault.secrets.list(resource_group, vault)
                )
            except ResourceNotFoundError:
                found = ()
            return Seen(found, call.source)

    def key(self, resource_group: str, vault: str, name: str) -> Seen[str | None]:
        def kind() -> str:
            return text(self._clients.key_vault.keys.get(resource_group, vault, name).properties.kty)

        return self._look(kind)

    def set_secret(self, vault_uri: str, name: str, value: str) -> Done[SecretInfo]:
        """A new version of the secret. Azure's answer repeats the value, and goes no further than here."""
        return self._done(lambda: _written(self._clients.secrets_of(vault_uri).set_secret(name, value)), value)

    def enable_secret(self, vault_uri: str, name: str) -> Done[None]:
        """Without a version it is the current one that changes."""

        def enable() -> None:
            self._clients.secrets_of(vault_uri).update_secret_properties(name, enabled=True)

        return self._done(enable)

    def deleted_secret(self, vault_uri: str, name: str) -> Seen[DeletedSecret | None]:
        return self._look(lambda: _deleted(self._clients.secrets_of(vault_uri).get_deleted_secret(name)))

    def delete_secret(self, vault_uri: str, name: str) -> Done[None]:
        """The SDK's poller is left alone: it would only ask, every two seconds, what ``deleted_secret`` asks once."""
        return self._gone(lambda: self._clients.secrets_of(vault_uri).begin_delete_secret(name))

    def recover_secret(self, vault_uri: str, name: str) -> Done[None]:
        def recover() -> None:
            self._clients.secrets_of(vault_uri).begin_recover_deleted_secret(name)

        return self._done(recover)

    def purge_secret(self, vault_uri: str, name: str) -> Done[None]:
        return self._gone(lambda: self._clients.secrets_of(vault_uri).purge_deleted_secret(name))


def _secret(vault: str, found: models.Secret) -> SecretInfo:
    attributes = found.properties.attributes
    return SecretInfo(
        name=text(found.name),
        vault_name=vault,
        enabled=attributes is None or attributes.enabled is not False,
        not_before=attributes.not_before if attributes else None,
        expires=attributes.expires if attributes else None,
        version=text(found.properties.secret_uri_with_version).rpartition("/")[2],
    )


def _written(secret: KeyVaultSecret) -> SecretInfo:
    properties = secret.properties
    return SecretInfo(
        name=text(secret.name),
        vault_name=_vault_name(properties.vault_url),
        enabled=properties.enabled is not False,
        not_before=properties.not_before,
        expires=properties.expires_on,
        version=text(properties.version),
    )


def _deleted(found: DeletedKeyVaultSecret) -> DeletedSecret:
    name = _vault_name(found.properties.vault_url)
    return DeletedSecret(text(found.name), name, scheduled_purge_date=found.scheduled_purge_date)


def _vault_name(url: str | None) -> str:
    return text(url).removeprefix("https://").partition(".")[0]
