"""VMs of the Azure in memory, and what a script on one of them prints."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import uuid
from dataclasses import replace
from typing import Any

from steps.kit.azure import ProblemKind
from steps.kit.records import (
    Done,
    RunCommandResult,
    Running,
    Seen,
    VirtualMachine,
)
from steps.kit.verdict import Source
from tests.steps.fake_records import NAMES, VERSION, problem, refused
from tests.steps.fake_state import FakeState


class FakeMachines(FakeState):
    def virtual_machine(self, resource_group: str, name: str) -> Seen[VirtualMachine | None]:
        return self._see("virtual_machine", lambda: self._machine(resource_group, name))

    def virtual_machines(self) -> Seen[tuple[VirtualMachine, ...]]:
        def bare() -> tuple[VirtualMachine, ...]:
            return tuple(replace(vm, power_state="", agent_status="") for vm in self._machines())

        return self._see("virtual_machines", bare)

    def vm_client_id(self, vm_id: str) -> Seen[str | None]:
        def look() -> str | None:
            vm = next((vm for vm in self._machines() if vm.id.casefold() == vm_id.casefold()), None)
            return self.client_ids.get(vm.principal_id) if vm else None

        return self._see("vm_client_id", look)

    def start_vm(self, resource_group: str, name: str) -> Done[None] | Running:
        end = {"power_state": "running", "agent_status": "Ready"}
        return self._power("start_vm", resource_group, name, "starting", end)

    def resume_start_vm(self, token: str) -> Done[None] | Running:
        return self._resume("resume_start_vm", token)

    def deallocate_vm(self, resource_group: str, name: str) -> Done[None] | Running:
        end = {"power_state": "deallocated", "agent_status": "Not Ready"}
        return self._power("deallocate_vm", resource_group, name, "deallocating", end)

    def resume_deallocate_vm(self, token: str) -> Done[None] | Running:
        return self._resume("resume_deallocate_vm", token)

    def _power(self, call: str, group: str, name: str, meanwhile: str, end: dict[str, str]) -> Done[None] | Running:
        def effect(source: Source) -> Done[None] | Running:
            self._change_vm(group, name, power_state=meanwhile)
            return self._begin(call, lambda: self._change_vm(group, name, **end), source)

        return self._call(call, effect, method="POST")

    def set_system_identity(self, resource_group: str, name: str, *, on: bool) -> Done[None] | Running:
        """Switched on anew, an identity is another one: a principal and an application id of its own."""

        def end() -> None:
            vm = self._there(resource_group, name)
            principal = (vm.principal_id or str(uuid.uuid4())) if on else ""
            if principal:
                self.client_ids.setdefault(principal, str(uuid.uuid4()))
            kinds = [kind for kind, has in (("SystemAssigned", on), ("UserAssigned", vm.user_identities)) if has]
            self._change_vm(resource_group, name, principal_id=principal, identity_type=", ".join(kinds))

        def effect(source: Source) -> Done[None] | Running:
            self._there(resource_group, name)
            return self._begin("set_system_identity", end, source)

        return self._call("set_system_identity", effect, method="PATCH")

    def resume_set_system_identity(self, token: str) -> Done[None] | Running:
        return self._resume("resume_set_system_identity", token)

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

    def _machines(self) -> list[VirtualMachine]:
        return [*([self.vm] if self.vm else []), *self.other_vms]

    def _machine(self, resource_group: str, name: str) -> VirtualMachine | None:
        wanted = (name.casefold(), resource_group.casefold())
        matches = (vm for vm in self._machines() if (vm.name.casefold(), vm.resource_group.casefold()) == wanted)
        return next(matches, None)

    def _there(self, resource_group: str, name: str) -> VirtualMachine:
        vm = self._machine(resource_group, name)
        if vm is None:
            raise problem(ProblemKind.NOT_FOUND, code="ResourceNotFound")
        return vm

    def _change_vm(self, resource_group: str, name: str, **changes: Any) -> None:
        vm = self._there(resource_group, name)
        changed = replace(vm, **changes)
        if vm is self.vm:
            self.vm = changed
        else:
            self.other_vms = [changed if one is vm else one for one in self.other_vms]

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
        vault = next((one for one in self.kept_vaults if one.name == NAMES.vault), self.kept_vaults[0])
        if not vault.open_to_all_networks:
            return said | refused(403, "Forbidden", "ForbiddenByFirewall")
        if not self._has(vault, "get", self.vm.principal_id):
            return said | refused(403, "Forbidden", "ForbiddenByRbac" if vault.rbac else "AccessDenied")
        kept = self.kept_secrets.get(NAMES.secret)
        if kept is not None and not kept.enabled:
            return said | refused(403, "Forbidden", "SecretDisabled")
        digest = hmac.digest(nonce[1].encode(), self.values.get(NAMES.secret, "canary").encode(), hashlib.sha256)
        identifier = f"{NAMES.vault_uri}secrets/{NAMES.secret}/{(kept and kept.version) or VERSION}"
        return said | {"stage": "done", "id": identifier, "digest": base64.b64encode(digest).decode()}
