"""``steps.kit.azure.Azure``, put together from one class per service."""

from __future__ import annotations

from labportal.gateway.clients import ARM_SCOPE, clients_of
from labportal.gateway.credentials import object_id
from labportal.gateway.locks import Locks
from labportal.gateway.machine_settings import MachineSettings
from labportal.gateway.machines import Machines
from labportal.gateway.networks import Networks
from labportal.gateway.restrictions import Restrictions
from labportal.gateway.roles import Roles
from labportal.gateway.secrets import Secrets
from labportal.gateway.subscriptions import Subscriptions
from labportal.gateway.vault_settings import VaultSettings
from labportal.gateway.vaults import Vaults


class SdkAzure(
    Subscriptions, Roles, Locks, Restrictions, Vaults, VaultSettings, Secrets, Machines, MachineSettings, Networks
):
    def caller_object_id(self) -> str:
        """From the portal's own token, which is fetched only if there is none yet."""
        with self._call():
            return object_id(self._clients.credential.get_token(ARM_SCOPE).token)


__all__ = ["SdkAzure", "clients_of"]
