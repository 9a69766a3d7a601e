"""An Azure in memory, of plain records: quick enough to try every way a task can go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from steps.kit.azure import (
    AccessPolicy,
    AzureProblem,
    DeletedVault,
    Done,
    NameAvailability,
    ProblemKind,
    Provider,
    ResourceGroup,
    RunCommandResult,
    Running,
    SecretInfo,
    Seen,
    Subscription,
    Vault,
    VirtualMachine,
)
from steps.kit.task import Names
from steps.kit.verdict import Source

T = TypeVar("T")

NAMES = Names(
    tenant_id="11111111-1111-4111-8111-111111111111",
    subscription_id="22222222-2222-4222-8222-222222222222",
    resource_group="rg-anna",
    location="westeurope",
    vm="vm-anna",
    vault="kv-anna-7f3c",
    secret="mi-test",
)
PRINCIPAL = "33333333-3333-4333-8333-333333333333"
CALLER = "44444444-4444-4444-8444-444444444444"
VERSION = "50644e90b13249b584c44b9f712f2e51"
SUBSCRIPTION_PATH = f"/subscriptions/{NAMES.subscription_id}"


def problem(kind: ProblemKind, *, retry_after: float | None = None) -> AzureProblem:
    source = Source("GET", "/trouble", 500, "request-of-trouble")
    return AzureProblem(kind, code="SomeCode", message="Azure said so.", source=source, retry_after=retry_after)


def a_vault(**changes: Any) -> Vault:
    return replace(
        Vault(
            id=f"{SUBSCRIPTION_PATH}/resourceGroups/rg-anna/providers/Microsoft.KeyVault/vaults/{NAMES.vault}",
            name=NAMES.vault,
            resource_group=NAMES.resource_group,
            location=NAMES.location,
            tenant_id=NAMES.tenant_id,
            uri=NAMES.vault_uri,
            provisioning_state="Succeeded",
            rbac=False,
            access_policies=(),
        ),
        **changes,
    )


def a_secret(**changes: Any) -> SecretInfo:
    return replace(SecretInfo(NAMES.secret, NAMES.vault, True, None, None, VERSION), **changes)


def a_vm(**changes: Any) -> VirtualMachine:
    return replace(
        VirtualMachine(
            id=f"{SUBSCRIPTION_PATH}/resourceGroups/rg-anna/providers/Microsoft.Compute/virtualMachines/vm-anna",
            name=NAMES.vm,
            location=NAMES.location,
            principal_id=PRINCIPAL,
            identity_type="SystemAssigned",
            power_state="running",
            agent_status="Ready",
            os_type="Windows",
        ),
        **changes,
    )


def policy_for(object_id: str, *rights: str) -> AccessPolicy:
    given = rights or ("get", "list", "set", "delete", "recover", "backup", "restore")
    return AccessPolicy(object_id, NAMES.tenant_id, secrets=given)


@dataclass
class FakeAzure:
    """``before[call]`` and ``after[call]`` are raised, one a call, without and with the effect done.
    ``hook`` is called with the name of every call. ``answer`` changes what the script on the VM prints."""

    seen_subscription: Subscription | None = field(
        default_factory=lambda: Subscription(NAMES.subscription_id, "Anna's", "Enabled")
    )
    providers: dict[str, str] = field(
        default_factory=lambda: {"Microsoft.KeyVault": "Registered", "Microsoft.Compute": "Registered"}
    )
    group: ResourceGroup | None = field(
        default_factory=lambda: ResourceGroup(f"{SUBSCRIPTION_PATH}/resourceGroups/rg-anna", "rg-anna", "westeurope")
    )
    kept_vaults: list[Vault] = field(default_factory=list)
    deleted: DeletedVault | None = None
    availability: NameAvailability = field(default_factory=lambda: NameAvailability(True, "", ""))
    kept_secrets: dict[str, SecretInfo] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    vm: VirtualMachine | None = field(default_factory=a_vm)
    slow: bool = False
    calls: Counter[str] = field(default_factory=Counter)
    before: dict[str, list[AzureProblem]] = field(default_factory=dict)
    after: dict[str, list[BaseException]] = field(default_factory=dict)
    hook: Callable[[str], None] = lambda call: None
    answer: Callable[[dict[str, Any]], str] = json.dumps
    commands: dict[str, str] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)

    def _call(self, name: str, effect: Callable[[Source], T], *, method: str = "GET") -> T:
        self.calls[name] += 1
        self.hook(name)
        if self.before.get(name):
            raise self.before[name].pop(0)
        result = effect(Source(method, f"/{name}", 200, f"request-{name}-{self.calls[name]}"))
        if self.after.get(name):
            raise self.after[name].pop(0)
        return result

    def _see(self, name: str, value: Callable[[], T]) -> Seen[T]:
        return self._call(name, lambda source: Seen(value(), source))

    def subscription(self) -> Seen[Subscription | None]:
        return self._see("subscription", lambda: self.seen_subscription)

    def provider(self, namespace: str) -> Seen[Provider | None]:
        state = self.providers.get(namespace)
        return self._see("provider", lambda: Provider(namespace, state) if state else None)

    def resource_group(self, name: str) -> Seen[ResourceGroup | None]:
        return self._see("resource_group", lambda: self.group)

    def _find(self, resource_group: str, name: str) -> Vault | None:
        matches = (v for v in self.kept_vaults if v.name == name and v.resource_group == resource_group)
        return next(matches, None)

    def vault(self, resource_group: str, name: str) -> Seen[Vault | None]:
        return self._see("vault", lambda: self._find(resource_group, name))

    def vaults_in_subscription(self) -> Seen[tuple[Vault, ...]]:
        return self._see("vaults_in_subscription", lambda: tuple(self.kept_vaults))

    def deleted_vault(self, name: str, location: str) -> Seen[DeletedVault | None]:
        return self._see("deleted_vault", lambda: self.deleted)

    def vault_name_availability(self, name: str) -> Seen[NameAvailability]:
        return self._see("vault_name_availability", lambda: self.availability)

    def secret(self, resource_group: str, vault: str, name: str) -> Seen[SecretInfo | None]:
        return self._see("secret", lambda: self.kept_secrets.get(name))

    def secrets(self, resource_group: str, vault: str) -> Seen[tuple[SecretInfo, ...]]:
        return self._see("secrets", lambda: tuple(self.kept_secrets.values()))

    def virtual_machine(self, resource_group: str, name: str) -> Seen[VirtualMachine | None]:
        return self._see("virtual_machine", lambda: self.vm)

    def create_vault(
        self, resource_group: str, name: str, *, location: str, tenant_id: str, policies: tuple[AccessPolicy, ...]
    ) -> Done[Vault] | Running:
        def effect(source: Source) -> Done[Vault] | Running:
            state = "RegisteringDns" if self.slow else "Succeeded"
            made = a_vault(name=name, location=location, access_policies=policies, provisioning_state=state)
            self.kept_vaults.append(made)
            return Running("azure-token", 2.0, source) if self.slow else Done(made, source)

        return self._call("create_vault", effect, method="PUT")

    def resume_create_vault(self, token: str) -> Done[Vault] | Running:
        raise AssertionError("a vault that is there is looked at, not resumed")

    def finish_vault(self) -> None:
        self.kept_vaults = [replace(vault, provisioning_state="Succeeded") for vault in self.kept_vaults]

    def set_secret(self, vault_uri: str, name: str, value: str) -> Done[SecretInfo]:
        def effect(source: Source) -> Done[SecretInfo]:
            vault = self.kept_vaults[0]
            mine = {r for p in vault.access_policies if p.object_id == CALLER for r in p.secrets}
            if not mine & {"set", "all"}:
                raise problem(ProblemKind.NOT_AUTHORIZED)
            self.values[name] = value
            self.kept_secrets[name] = a_secret(name=name)
            return Done(self.kept_secrets[name], source)

        return self._call("set_secret", effect, method="PUT")

    def add_access_policy(self, resource_group: str, vault: str, policy: AccessPolicy) -> Done[None]:
        def effect(source: Source) -> Done[None]:
            self.kept_vaults = [replace(v, access_policies=(*v.access_policies, policy)) for v in self.kept_vaults]
            return Done(None, source)

        return self._call("add_access_policy", effect, method="PUT")

    def caller_object_id(self) -> str:
        return CALLER

    def run_powershell(self, resource_group: str, vm: str, script: str) -> Done[RunCommandResult] | Running:
        def effect(source: Source) -> Done[RunCommandResult] | Running:
            self.scripts.append(script)
            token = f"run-{uuid.uuid4()}"
            self.commands[token] = script
            return Running(token, 1.0, source)

        return self._call("run_powershell", effect, method="POST")

    def resume_run_powershell(self, token: str) -> Done[RunCommandResult] | Running:
        def effect(source: Source) -> Done[RunCommandResult] | Running:
            if token not in self.commands:
                raise problem(ProblemKind.NOT_FOUND)
            said = self._on_the_vm(self.commands[token])
            return Done(RunCommandResult(self.answer(said), ""), source)

        return self._call("resume_run_powershell", effect)

    def _on_the_vm(self, script: str) -> dict[str, Any]:
        """What the script would print, were this VM's identity and vault the real ones."""
        nonce = re.search(r"\$nonce = '(\w+)'", script)
        assert nonce is not None
        assert self.vm is not None
        said: dict[str, Any] = {"nonce": nonce[1], "stage": "token"}
        if not self.vm.principal_id:
            body = {"error": "invalid_request", "error_description": "Identity not found"}
            return said | {"status": 400, "body": json.dumps(body)}
        said |= {"oid": self.vm.principal_id, "aud": "https://vault.azure.net", "tid": NAMES.tenant_id}
        said |= {"mirid": self.vm.id, "stage": "secret"}
        may = {r for p in self.kept_vaults[0].access_policies if p.object_id == self.vm.principal_id for r in p.secrets}
        if not may & {"get", "all"}:
            return said | refused(403, "Forbidden", "AccessDenied")
        digest = hmac.digest(nonce[1].encode(), self.values.get(NAMES.secret, "canary").encode(), hashlib.sha256)
        identifier = f"{NAMES.vault_uri}secrets/{NAMES.secret}/{VERSION}"
        return said | {"stage": "done", "id": identifier, "digest": base64.b64encode(digest).decode()}


def refused(status: int, code: str, inner: str = "", message: str = "No.") -> dict[str, Any]:
    """The part of the VM's answer that tells of an error answer from the vault."""
    error: dict[str, Any] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return {"stage": "secret", "status": status, "body": json.dumps({"error": error})}


def after_task(number: int) -> FakeAzure:
    """An Azure in which the first ``number`` tasks are done."""
    azure = FakeAzure()
    if number >= 1:
        azure.kept_vaults.append(a_vault(access_policies=(policy_for(CALLER),)))
    if number >= 2:
        azure.kept_secrets[NAMES.secret] = a_secret()
        azure.values[NAMES.secret] = "canary"
    if number >= 3:
        azure.add_access_policy("rg-anna", NAMES.vault, policy_for(PRINCIPAL))
    azure.calls.clear()
    return azure


def set_vault(azure: FakeAzure, **changes: Any) -> None:
    azure.kept_vaults = [replace(vault, **changes) for vault in azure.kept_vaults]
