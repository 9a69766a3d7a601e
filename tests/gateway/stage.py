"""The practice cloud as tests use it: fresh students, and trouble on demand."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from labportal.gateway import Cloud, ServicePrincipal, open_azure
from labportal.gateway.practice import PracticeControl, PracticeStudent
from steps.kit.azure import Azure
from steps.kit.records import Done, Running

if TYPE_CHECKING:
    from tests.practice_process import Practice

T = TypeVar("T")


@dataclass(frozen=True)
class Stage:
    practice: Practice

    @property
    def cloud(self) -> Cloud:
        return Cloud(self.practice.proxy, self.practice.ca_bundle)

    @property
    def control(self) -> str:
        return self.practice.control

    def new_student(self) -> Student:
        return Student(self, PracticeControl(self.control).student(uuid.uuid4().hex), since=self.practice.seen())

    def put(self, what: str, **values: float) -> None:
        """``latency``, ``timings`` or ``clock``; put back after the test."""
        self.practice.ask("PUT", f"/{what}", values)

    def fault(self, **fault: Any) -> None:
        """Stays until the test is over."""
        self.practice.add_fault(**fault)

    def usual(self) -> None:
        self.practice.ask("DELETE", "/faults")
        self.put("latency", ms=0, jitter_ms=0)
        self.put("clock", offset_seconds=0)
        quick = ("vault_create", "vault_purge", "run_command", "vm_power", "provider_registration")
        self.put("timings", vault_delete=0, secret_delete=0, **dict.fromkeys(quick, 0.1))


@dataclass(frozen=True)
class Student:
    stage: Stage
    told: PracticeStudent
    since: int

    @property
    def who(self) -> ServicePrincipal:
        told = self.told
        return ServicePrincipal(told.tenant_id, told.subscription_id, told.client_id, told.client_secret)

    @property
    def group(self) -> str:
        return self.told.resource_group

    @property
    def vault_name(self) -> str:
        return f"kv-{self.told.subscription_id[:8]}"

    def azure(self, *, may_write: bool = True) -> Azure:
        return open_azure(self.stage.cloud, self.who, may_write=may_write)

    def fault(self, **fault: Any) -> None:
        """Trouble for this student's ARM requests only."""
        self.stage.fault(host="management", subscription_id=self.told.subscription_id, **fault)

    def begin_vault(self) -> Done[Any] | Running:
        return self.azure().create_vault(
            self.group, self.vault_name, location=self.told.location, tenant_id=self.told.tenant_id, policies=()
        )

    def requests(self) -> list[str]:
        """``METHOD host/path`` of everything the cloud received since this student was made, oldest first."""
        received = self.stage.practice.requests(since=self.since)
        return [f"{one['method']} {one['host']}{one['path']}" for one in received]

    def delete(self, resource: str) -> None:
        self.send("DELETE", f"{self._group_path}/providers/{resource}")

    def patch_vault(self, properties: dict[str, Any]) -> None:
        vault = f"{self._group_path}/providers/Microsoft.KeyVault/vaults/{self.vault_name}"
        self.send("PATCH", vault, {"properties": properties})

    def patch_secret(self, name: str, attributes: dict[str, Any]) -> None:
        """The current version, at the vault itself."""
        host = f"{self.vault_name}.vault.azure.net"
        sent = {"attributes": attributes}
        self.send("PATCH", f"/secrets/{name}/", sent, host=host, version="7.4", scope="https://vault.azure.net")

    def assign(self, scope: str, role_id: str, principal_id: str) -> None:
        role = f"/subscriptions/{self.told.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role_id}"
        sent = {"properties": {"roleDefinitionId": role, "principalId": principal_id}}
        place = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        self.send("PUT", place, sent, version="2022-04-01")

    def register(self, namespace: str) -> None:
        place = f"/subscriptions/{self.told.subscription_id}/providers/{namespace}"
        self.send("POST", f"{place}/register", version="2021-04-01")
        deadline = time.monotonic() + 10
        while not self._registered(namespace):
            assert time.monotonic() < deadline, "the provider was not registered"

    def _registered(self, namespace: str) -> bool:
        found = self.azure(may_write=False).provider(namespace).value
        return found is not None and found.registration_state == "Registered"

    @property
    def _group_path(self) -> str:
        return f"/subscriptions/{self.told.subscription_id}/resourceGroups/{self.group}"

    def send(
        self,
        method: str,
        path: str,
        content: dict[str, Any] | None = None,
        *,
        host: str = "management.azure.com",
        version: str = "2026-02-01",
        scope: str = "https://management.azure.com",
    ) -> None:
        """What the portal itself does not do, done with the student's own token and a plain HTTP client."""
        who = self.who
        with self.stage.practice.http() as http:
            form = {"grant_type": "client_credentials", "client_id": who.client_id, "client_secret": who.client_secret}
            form["scope"] = f"{scope}/.default"
            answer = http.post(f"https://login.microsoftonline.com/{who.tenant_id}/oauth2/v2.0/token", data=form)
            bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            address = f"https://{host}{path}?api-version={version}"
            http.request(method, address, json=content, headers=bearer).raise_for_status()


def body(code: str, message: str = "Azure's own words.", inner: str = "") -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message}
    return {"error": {**error, "innererror": {"code": inner}} if inner else error}


def ended(outcome: Done[T] | Running, resume: Callable[[str], Done[T] | Running], seconds: float = 10) -> Done[T]:
    """Looks again, without regard to ``retry_after``, until the operation has ended."""
    deadline = time.monotonic() + seconds
    while isinstance(outcome, Running):
        assert time.monotonic() < deadline, "the operation did not end"
        outcome = resume(outcome.token)
    return outcome
