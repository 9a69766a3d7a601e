"""Virtual machines, and scripts run on them."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from azure.mgmt.compute import models
from azure.mgmt.resource.resources.models import GenericResource

from labportal.gateway.desk import Desk
from labportal.gateway.plain import text
from labportal.gateway.polling import OneLook, begun, resumed
from steps.kit.records import (
    Done,
    RunCommandResult,
    Running,
    Seen,
    UserIdentity,
    VirtualMachine,
)

IDENTITY_VERSION = "2023-01-31"  # api-version


class Machines(Desk):
    def virtual_machine(self, resource_group: str, name: str) -> Seen[VirtualMachine | None]:
        """Model and instance view in one request."""
        get = self._clients.compute.virtual_machines.get
        return self._look(lambda: _machine(get(resource_group, name, expand="instanceView")))

    def virtual_machines(self) -> Seen[tuple[VirtualMachine, ...]]:
        return self._read(lambda: tuple(map(_machine, self._clients.compute.virtual_machines.list_all())))

    def vm_client_id(self, vm_id: str) -> Seen[str | None]:
        """Compute tells the object id only; the application id stands in the identity's own resource, beside the VM.
        404 is the answer for one that is off."""
        identity = f"{vm_id.lstrip('/')}/providers/Microsoft.ManagedIdentity/identities/default"
        get = self._clients.resources.resources.get_by_id
        return self._look(lambda: _client_id(get(identity, api_version=IDENTITY_VERSION)))

    def run_powershell(self, resource_group: str, vm: str, script: str) -> Done[RunCommandResult] | Running:
        wanted = models.RunCommandInput(command_id="RunPowerShellScript", script=script.splitlines())
        look = OneLook()
        with self._call() as call:
            begin = self._clients.compute.virtual_machines.begin_run_command
            return begun(call, look, begin(resource_group, vm, wanted, polling=look), _output)

    def resume_run_powershell(self, token: str) -> Done[RunCommandResult] | Running:
        look = OneLook()
        with self._call() as call:
            begin = self._clients.compute.virtual_machines.begin_run_command
            # The token holds everything; the other arguments are not looked at.
            return resumed(call, look, begin("", "", BytesIO(), polling=look, continuation_token=token), _output)


def _machine(found: models.VirtualMachine) -> VirtualMachine:
    properties = found.properties or models.VirtualMachineProperties()
    view = properties.instance_view or models.VirtualMachineInstanceView()
    disk = properties.storage_profile.os_disk if properties.storage_profile else None
    identity = found.identity
    return VirtualMachine(
        id=text(found.id),
        name=text(found.name),
        location=text(found.location),
        principal_id=text(identity.principal_id) if identity else "",
        identity_type=text(identity.type) if identity else "",
        power_state=_after("PowerState/", view.statuses or ()),
        agent_status=_agent(view.vm_agent),
        os_type=text(disk.os_type) if disk else "",
        user_identities=_user_identities(identity),
        vm_id=text(found.vm_id),
        provisioning_state=text(properties.provisioning_state) or "Succeeded",
        nic=_primary_nic(properties.network_profile),
    )


def _user_identities(identity: models.VirtualMachineIdentity | None) -> tuple[UserIdentity, ...]:
    given = (identity.user_assigned_identities if identity else None) or {}
    return tuple(UserIdentity(key, text(one.principal_id), text(one.client_id)) for key, one in given.items())


def _primary_nic(profile: models.NetworkProfile | None) -> str:
    """A machine's only one is its primary one, said or not."""
    every = (profile.network_interfaces if profile else None) or []
    primary = [one for one in every if len(every) == 1 or (one.properties and one.properties.primary)]
    return text(primary[0].id) if primary else ""


def _client_id(found: GenericResource) -> str:
    return text((found.properties or {}).get("clientId"))


def _agent(agent: models.VirtualMachineAgentInstanceView | None) -> str:
    statuses = (agent.statuses if agent else None) or ()
    return next((text(status.display_status) for status in statuses), "")


def _output(result: models.RunCommandResult) -> RunCommandResult:
    return RunCommandResult(stdout=_stream("StdOut", result), stderr=_stream("StdErr", result))


def _stream(name: str, result: models.RunCommandResult) -> str:
    """Windows answers in two statuses, one for each stream."""
    statuses = (status for status in result.value or () if text(status.code).startswith(f"ComponentStatus/{name}/"))
    return next((text(status.message) for status in statuses), "")


def _after(prefix: str, statuses: Iterable[models.InstanceViewStatus]) -> str:
    codes = (text(status.code) for status in statuses)
    return next((code.removeprefix(prefix) for code in codes if code.startswith(prefix)), "")
