"""What happened to a student before the portal looks: the parts that a row of the table is told in.

Texts hold the student's names in braces, as those of a row do.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from steps.kit.course import Mode

if TYPE_CHECKING:
    from tests.verdicts.stage import Stage


class Step(Protocol):
    def on(self, stage: Stage, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Scenario:
    """One more of the practice cloud's catalogue."""

    name: str
    parameters: Mapping[str, float] = field(default_factory=dict)

    def on(self, stage: Stage) -> None:
        stage.apply(self.name, self.parameters)


@dataclass(frozen=True, slots=True)
class Looked:
    """The portal has checked a task: it remembers what the findings noted."""

    task: str
    paste: str = ""

    def on(self, stage: Stage) -> None:
        stage.look(self.task, self.paste)


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """The portal has carried tasks out for the student."""

    tasks: tuple[str, ...]

    def on(self, stage: Stage) -> None:
        for task in self.tasks:
            stage.go(task, Mode.CARRY_OUT)


@dataclass(frozen=True, slots=True)
class Mended:
    """The portal has mended something for the student."""

    task: str
    remedy: str

    def on(self, stage: Stage) -> None:
        stage.go(self.task, Mode.REPAIR, remedy=self.remedy)


@dataclass(frozen=True, slots=True)
class Fault:
    """Azure answers this student's requests otherwise than it would."""

    host: str
    status: int
    body: Any
    path: str = ""
    method: str = ""
    skip: int = 0
    times: int | None = None

    def on(self, stage: Stage) -> None:
        told = {"host": self.host, "path": self.path, "method": self.method, "status": self.status}
        told |= {"skip": self.skip, "times": self.times}
        body = json.loads(stage.fill(json.dumps(self.body)))
        stage.practice.add_fault(**told, body=body, subscription_id=stage.names.subscription_id)


@dataclass(frozen=True, slots=True)
class Dropped:
    """Connections to a host are dropped before anything was answered."""

    host: str
    path: str = ""

    def on(self, stage: Stage) -> None:
        told = {"host": self.host, "path": self.path, "reset": "before"}
        stage.practice.add_fault(**told, subscription_id=stage.names.subscription_id)


@dataclass(frozen=True, slots=True)
class ByHand:
    """The student changes something over Azure's REST interface; ``path`` begins after the subscription."""

    method: str
    path: str
    version: str
    body: Any = None

    def on(self, stage: Stage) -> None:
        body = None if self.body is None else json.loads(stage.fill(json.dumps(self.body)))
        path = f"/subscriptions/{stage.names.subscription_id}{stage.fill(self.path)}"
        stage.hand.arm(self.method, f"{path}?api-version={self.version}", body).raise_for_status()


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the student's subscription, as the control plane knows them."""

    name: str
    value: str

    def on(self, stage: Stage) -> None:
        path = f"/students/{stage.names.subscription_id}/conditions"
        stage.practice.ask("PUT", path, {self.name: self.value})


@dataclass(frozen=True, slots=True)
class Renamed:
    """The student changes one of their names."""

    name: str
    value: str

    def on(self, stage: Stage) -> None:
        stage.rename(self.name, stage.fill(self.value))


@dataclass(frozen=True, slots=True)
class Impatient:
    """The portal waits for answers only so many seconds, so that the test need not wait for ten."""

    seconds: float

    def on(self, stage: Stage) -> None:
        stage.read_limit = self.seconds


GROUP = "/resourceGroups/{resource_group}"
VAULT = GROUP + "/providers/Microsoft.KeyVault/vaults/{vault}"
VM = GROUP + "/providers/Microsoft.Compute/virtualMachines/{vm}"


def locked(scope: str, level: str, note: str = "") -> ByHand:
    """``scope`` begins after the subscription."""
    properties = {"level": level} | ({"notes": note} if note else {})
    path = f"{scope}/providers/Microsoft.Authorization/locks/lab-lock"
    return ByHand("PUT", path, "2020-05-01", {"properties": properties})


def vm_shown(power: str, provisioning: str) -> Fault:
    """The student's machine as Azure shows it then; ``power`` is "" where Azure names no power state."""
    states = [{"code": f"PowerState/{power}"}] if power else []
    properties = {
        "provisioningState": provisioning,
        "storageProfile": {"osDisk": {"osType": "Windows", "createOption": "FromImage"}},
        "instanceView": {"statuses": [{"code": f"ProvisioningState/{provisioning.lower()}"}, *states]},
    }
    machine = {
        "id": "/subscriptions/{subscription_id}" + VM,
        "name": "{vm}",
        "location": "{location}",
        "identity": {"type": "SystemAssigned", "principalId": "{oid}", "tenantId": "{tenant_id}"},
        "properties": properties,
    }
    return Fault(r"^management\.azure\.com$", 200, machine, path="/virtualMachines/[^/]+$", method="GET")


_NET = GROUP + "/providers/Microsoft.Network"


def _network(path: str, *, sku: str = "", **properties: Any) -> ByHand:
    sent = {"location": "{location}", "properties": properties, **({"sku": {"name": sku}} if sku else {})}
    return ByHand("PUT", _NET + path, "2024-05-01", sent)


def _at(path: str) -> dict[str, str]:
    return {"id": "/subscriptions/{subscription_id}" + _NET + path}


NETWORKED_VM: tuple[Step, ...] = (
    _network(
        "/virtualNetworks/net",
        addressSpace={"addressPrefixes": ["10.0.0.0/16"]},
        subnets=[{"name": "machines", "properties": {"addressPrefix": "10.0.0.0/24"}}],
    ),
    _network("/publicIPAddresses/ip", sku="Standard", publicIPAllocationMethod="Static"),
    _network(
        "/networkInterfaces/nic",
        ipConfigurations=[
            {
                "name": "one",
                "properties": {
                    "subnet": _at("/virtualNetworks/net/subnets/machines"),
                    "publicIPAddress": _at("/publicIPAddresses/ip"),
                },
            }
        ],
    ),
    ByHand(
        "PUT",
        VM + "-net",
        "2024-11-01",
        {
            "location": "{location}",
            "identity": {"type": "SystemAssigned"},
            "properties": {
                "hardwareProfile": {"vmSize": "Standard_B2s"},
                "storageProfile": {"osDisk": {"osType": "Windows", "createOption": "FromImage"}},
                "networkProfile": {"networkInterfaces": [_at("/networkInterfaces/nic")]},
            },
        },
    ),
    Renamed("vm", "{vm}-net"),
)
"""A second machine, with a network around it and a public address, is the one the student works with."""


def let_in(*addresses: str) -> ByHand:
    """The vault's firewall lets these in, and nobody else."""
    rules = [{"value": one} for one in addresses]
    return vault_changed(networkAcls={"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": rules})


def vault_changed(**properties: Any) -> ByHand:
    return ByHand("PATCH", VAULT, "2026-02-01", {"properties": properties})


_ARM = r"^management\.azure\.com$"


def imds_says(status: int, body: Any) -> Fault:
    """What the metadata service of the student's VM answers to whoever asks for a token."""
    return Fault(r"^169\.254\.169\.254$", status, body, path="/metadata/identity")


def imds_refuses(error: str, description: str) -> Fault:
    return imds_says(400, {"error": error, "error_description": description})


def imds_gives(**claims: str) -> Fault:
    """A token with other claims than the VM's."""
    own = {"aud": "https://vault.azure.net", "oid": "{oid}", "tid": "{tenant_id}", "appid": "{appid}"}
    return imds_says(200, {"access_token": Token({**own, **claims}), "token_type": "Bearer"})


def Token(claims: Mapping[str, str]) -> str:
    """``fill`` makes a token of it, once the names are known."""
    return "(token " + json.dumps(dict(claims)).replace('"', "'") + ")"


def encoded(claims: str) -> str:
    def part(text: str) -> str:
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    return f"{part(json.dumps({'typ': 'JWT', 'alg': 'RS256'}))}.{part(claims)}.c2lnbmF0dXJl"


def script_prints(text: str) -> Fault:
    """What comes back of the script that the portal has run on the student's VM, whatever the VM did."""
    streams = [
        {"code": f"ComponentStatus/{name}/succeeded", "level": "Info", "message": said}
        for name, said in (("StdOut", text), ("StdErr", ""))
    ]
    ended = {"status": "Succeeded", "properties": {"output": {"value": streams}}}
    return Fault(_ARM, 200, ended, path="/Microsoft.Compute/locations/[^/]+/operations/", method="GET")


def not_there(path: str, *, after: int = 0, times: int | None = None) -> Fault:
    """ARM has shown it so many times; from then on it is gone, or so many times only."""
    error = {"error": {"code": "ResourceNotFound", "message": "The resource was not found."}}
    return Fault(_ARM, 404, error, path=path, method="GET", skip=after, times=times)


def azure_is_away(*, after: int) -> Fault:
    """ARM has answered so many requests; then it fails for good."""
    error = {"error": {"code": "ServiceUnavailable", "message": "The service is unavailable."}}
    return Fault(_ARM, 503, error, skip=after)


def vault_says(status: int, code: str, message: str, inner: str = "") -> Fault:
    """What every vault answers to whoever asks for a secret's value."""
    error: dict[str, Any] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return Fault(r"\.vault\.azure\.net$", status, {"error": error}, path="^/secrets/")


def arm_says(status: int, code: str, message: str, *, method: str = "", path: str = "") -> Fault:
    return Fault(r"^management\.azure\.com$", status, {"error": {"code": code, "message": message}}, path, method)
