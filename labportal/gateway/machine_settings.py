"""A virtual machine's power and its own identity, changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from azure.core.polling import LROPoller
from azure.mgmt.compute import models

from labportal.gateway.desk import Desk
from labportal.gateway.plain import text
from labportal.gateway.polling import OneLook, begun, nothing, resumed
from steps.kit.records import Done, Running

_OWN, _GIVEN, _NONE = "SystemAssigned", "UserAssigned", "None"


class MachineSettings(Desk):
    def start_vm(self, resource_group: str, name: str) -> Done[None] | Running:
        return self._begin(self._clients.compute.virtual_machines.begin_start, resource_group, name)

    def resume_start_vm(self, token: str) -> Done[None] | Running:
        return self._resume(self._clients.compute.virtual_machines.begin_start, "", "", token=token)

    def deallocate_vm(self, resource_group: str, name: str) -> Done[None] | Running:
        return self._begin(self._clients.compute.virtual_machines.begin_deallocate, resource_group, name)

    def resume_deallocate_vm(self, token: str) -> Done[None] | Running:
        return self._resume(self._clients.compute.virtual_machines.begin_deallocate, "", "", token=token)

    def set_system_identity(self, resource_group: str, name: str, *, on: bool) -> Done[None] | Running:
        """Every identity that was given to the VM is named in the change: it would keep those that are left out,
        but refuses to have given ones and none named."""
        machines, look = self._clients.compute.virtual_machines, OneLook()
        with self._call() as call:
            has = machines.get(resource_group, name).identity
            given = list((has.user_assigned_identities if has else None) or {})
            if _is_on(has) is on:
                return Done(None, call.source)
            wanted = models.VirtualMachineUpdate(identity=_identity(given, on=on))
            return begun(call, look, machines.begin_update(resource_group, name, wanted, polling=look), nothing)

    def resume_set_system_identity(self, token: str) -> Done[None] | Running:
        wanted = models.VirtualMachineUpdate()
        return self._resume(self._clients.compute.virtual_machines.begin_update, "", "", wanted, token=token)

    def _begin(self, begin: Callable[..., LROPoller[Any]], *about: str) -> Done[None] | Running:
        look = OneLook()
        with self._call() as call:
            return begun(call, look, begin(*about, polling=look), nothing)

    def _resume(self, begin: Callable[..., LROPoller[Any]], *unused: object, token: str) -> Done[None] | Running:
        """The token holds everything; the other arguments are not looked at."""
        look = OneLook()
        with self._call() as call:
            return resumed(call, look, begin(*unused, polling=look, continuation_token=token), nothing)


def _is_on(identity: models.VirtualMachineIdentity | None) -> bool:
    return identity is not None and _OWN.casefold() in text(identity.type).casefold()


def _identity(given: list[str], *, on: bool) -> models.VirtualMachineIdentity:
    kinds = [kind for kind, has in ((_OWN, on), (_GIVEN, given)) if has]
    return models.VirtualMachineIdentity(
        type=", ".join(kinds) or _NONE,
        user_assigned_identities={one: models.UserAssignedIdentitiesValue() for one in given} or None,
    )
