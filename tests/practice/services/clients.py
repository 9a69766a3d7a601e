"""The real SDKs as a practice student uses them."""

from __future__ import annotations

import base64
import json
from functools import cached_property
from typing import Any

import httpx
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.keyvault.models import Vault
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient

from tests.practice_process import Json, Practice

ARM = "https://management.azure.com"
POLL = 0.02
EVERYTHING = ["get", "list", "set", "delete", "recover", "backup", "restore", "purge"]
ROLES = {
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
}


class Azure:
    """One student's Azure: their credential, and clients that use it."""

    def __init__(self, cloud: Practice, student: Json) -> None:
        self.cloud = cloud
        self.student = student
        self.sid = str(student["subscription_id"])
        self.group = str(student["resource_group"])
        self.vm = str(student["vm"])
        self.tenant = str(student["tenant_id"])
        self.scope = f"/subscriptions/{self.sid}"
        self.vm_id = f"{self.scope}/resourceGroups/{self.group}/providers/Microsoft.Compute/virtualMachines/{self.vm}"
        self.name = f"kv-{self.sid[:8]}-{self.sid[-6:]}"

    @cached_property
    def credential(self) -> ClientSecretCredential:
        keys = (self.student["tenant_id"], self.student["client_id"], self.student["client_secret"])
        return ClientSecretCredential(*keys, **self.cloud.sdk)

    @cached_property
    def token(self) -> str:
        return self.credential.get_token(f"{ARM}/.default").token

    @cached_property
    def oid(self) -> str:
        """The object id of the app, from its own token."""
        payload = self.token.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["oid"])

    @cached_property
    def keyvault(self) -> KeyVaultManagementClient:
        return KeyVaultManagementClient(self.credential, self.sid, **self.cloud.sdk)

    @cached_property
    def compute(self) -> ComputeManagementClient:
        return ComputeManagementClient(self.credential, self.sid, **self.cloud.sdk)

    @cached_property
    def network(self) -> NetworkManagementClient:
        return NetworkManagementClient(self.credential, self.sid, **self.cloud.sdk)

    @cached_property
    def resources(self) -> ResourceManagementClient:
        return ResourceManagementClient(self.credential, self.sid, **self.cloud.sdk)

    @cached_property
    def subscriptions(self) -> SubscriptionClient:
        return SubscriptionClient(self.credential, **self.cloud.sdk)

    @cached_property
    def authorization(self) -> AuthorizationManagementClient:
        return AuthorizationManagementClient(self.credential, self.sid, **self.cloud.sdk)

    def policy(self, permissions: list[str], oid: str | None = None) -> Json:
        return {"tenantId": self.tenant, "objectId": oid or self.oid, "permissions": {"secrets": permissions}}

    def parameters(self, **properties: Any) -> Json:
        """A vault in access-policy mode in which the app may do everything, changed by ``properties``."""
        standard = {
            "tenantId": self.tenant,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": False,
            "accessPolicies": [self.policy(EVERYTHING)],
        }
        return {"location": "eastus", "properties": {**standard, **properties}}

    def create_vault(self, name: str | None = None, **properties: Any) -> Vault:
        parameters: Any = self.parameters(**properties)
        poller = self.keyvault.vaults.begin_create_or_update(
            self.group, name or self.name, parameters, polling_interval=POLL
        )
        return poller.result()

    def secrets(self, name: str | None = None, **options: Any) -> SecretClient:
        uri = f"https://{name or self.name}.vault.azure.net/"
        return SecretClient(uri, self.credential, retry_total=0, **self.cloud.sdk, **options)

    def assign(self, role: str, oid: str, scope: str, name: str) -> None:
        definition = f"{self.scope}/providers/Microsoft.Authorization/roleDefinitions/{ROLES[role]}"
        parameters: Any = {"properties": {"roleDefinitionId": definition, "principalId": oid}}
        self.authorization.role_assignments.create(scope, name, parameters)

    def arm(self, method: str, path: str, body: Json | None = None, token: str | None = None) -> Any:
        """A plain request to ARM, as httpx answers it."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        with self.cloud.http() as http:
            return http.request(method, f"{ARM}{path}", json=body, headers=headers)

    def suffers(self, **conditions: str | None) -> None:
        """Put the student's Azure into a condition, as a class might find it."""
        self.cloud.ask("PUT", f"/students/{self.sid}/conditions", dict(conditions))

    def imds(self, resource: str) -> httpx.Response:
        """What the VM's metadata service answers who asks for a token."""
        url, query = f"{self.student['imds']}/metadata/identity/oauth2/token", {"api-version": "2018-02-01"}
        with httpx.Client(trust_env=False) as http:
            return http.get(url, params={**query, "resource": resource}, headers={"Metadata": "true"})

    def vm_token(self, resource: str) -> str:
        """A token of the VM's own identity."""
        return str(self.imds(resource).json()["access_token"])
