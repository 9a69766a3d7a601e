"""Templates deployed into a group, and the network that az lays around a machine."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.practice.services.clients import ARM, EVERYTHING, Azure

VERSION = "api-version=2024-11-01"


def vault_template(azure: Azure) -> dict[str, Any]:
    """A vault and a secret in it, the secret first: the order is the dependencies', not the list's."""
    return {
        "parameters": {"name": {"type": "string"}, "value": {"type": "securestring", "defaultValue": "hello"}},
        "variables": {"policy": {"tenantId": "[subscription().tenantId]", "objectId": azure.oid}},
        "resources": [
            {
                "type": "Microsoft.KeyVault/vaults/secrets",
                "apiVersion": "2023-07-01",
                "name": "[concat(parameters('name'), '/lab')]",
                "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', parameters('name'))]"],
                "properties": {"value": "[parameters('value')]"},
            },
            {
                "type": "Microsoft.KeyVault/vaults",
                "apiVersion": "2023-07-01",
                "name": "[parameters('name')]",
                "location": "[resourceGroup().location]",
                "properties": {
                    "tenantId": "[subscription().tenantId]",
                    "sku": {"family": "A", "name": "standard"},
                    "accessPolicies": [{**azure.policy(EVERYTHING), "tenantId": "[variables('policy').tenantId]"}],
                },
            },
        ],
    }


def deploy(azure: Azure, template: Any, method: str = "PUT", tail: str = "", **parameters: str) -> Any:
    path = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.Resources/deployments/lab{tail}?{VERSION}"
    values = {name: {"value": value} for name, value in parameters.items()}
    return azure.arm(method, path, {"properties": {"mode": "Incremental", "template": template, "parameters": values}})


def state(azure: Azure, answer: Any) -> tuple[str, Any]:
    """How a deployment ended, by its operation and by itself."""
    path = answer.headers["azure-asyncoperation"].removeprefix("https://management.azure.com")
    told = azure.arm("GET", path).json()
    shown = azure.arm("GET", f"{answer.json()['id']}?{VERSION}").json()["properties"]
    assert shown["provisioningState"] == told["status"]
    return told["status"], told.get("error")


def test_a_template_makes_a_vault_and_what_is_in_it(azure: Azure) -> None:
    assert deploy(azure, vault_template(azure), "POST", "/validate", name=azure.name).status_code == 200
    assert azure.arm("GET", f"{azure.scope}/resources?api-version=2021-04-01").json()["value"][0]["name"] == azure.vm
    with azure.cloud.conduct("timings", vault_create=0):  # its name resolves at once: the deployment does not wait
        answer = deploy(azure, vault_template(azure), name=azure.name)
    assert (answer.status_code, state(azure, answer)) == (201, ("Succeeded", None))
    assert azure.secrets().get_secret("lab").value == "hello"
    place = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.Resources/deployments"
    listed = azure.arm("GET", f"{place}?{VERSION}").json()["value"]
    assert [(one["name"], one["properties"]["provisioningState"]) for one in listed] == [("lab", "Succeeded")]


def test_a_template_may_come_after_a_name_without_quotes(azure: Azure) -> None:
    """As ``az deployment group create`` sends the file that it was given."""
    body = f'{{"properties": {{"mode": "Incremental", template:{json.dumps({"resources": []})}}}}}'
    path = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.Resources/deployments/lab?{VERSION}"
    with azure.cloud.http() as http:
        headers = {"Authorization": f"Bearer {azure.token}"}
        assert http.put(f"{ARM}{path}", content=body, headers=headers).status_code == 201
        assert http.put(f"{ARM}{path}", content=body[:-3], headers=headers).status_code == 400


def test_what_refuses_a_resource_ends_the_deployment(azure: Azure) -> None:
    azure.suffers(policy_denial="no-vaults")
    ended, error = state(azure, deploy(azure, vault_template(azure), name=azure.name))
    assert (ended, error["code"]) == ("Failed", "DeploymentFailed")
    assert error["details"][0]["code"] == "RequestDisallowedByPolicy"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"resources": None}, 400),
        ({"resources": ["x"]}, 400),
        ({"resources": [{"type": "a/b", "name": "x", "apiVersion": "2024-01-01", "dependsOn": "y"}]}, 400),
        ({"parameters": {"name": 5}}, 400),
        ({"variables": {"a": "[variables('a')]"}, "resources": [{"name": "[variables('a')]"}]}, 400),
        ({"resources": [{"type": "Microsoft.KeyVault/vaults", "name": "x"}]}, 400),
        ({"resources": [{"name": "[parameters('unknown')]"}]}, 400),
        ({"resources": [{"name": "[uniqueString('x')]"}]}, 501),
        ({"resources": [{"name": "[concat('a']"}]}, 501),
        ({"resources": [{"type": "a/b", "name": "x", "apiVersion": "2024-01-01", "copy": {"count": 2}}]}, 501),
    ],
)
def test_what_is_no_template_or_more_than_is_evaluated_here_is_refused(azure: Azure, change: Any, status: int) -> None:
    assert deploy(azure, {**vault_template(azure), **change}).status_code == status


def test_resources_that_wait_for_each_other_are_refused(azure: Azure) -> None:
    one, two = (
        {"type": "a.b/c", "apiVersion": "2024-01-01", "name": name, "dependsOn": [f"a.b/c/{other}"]}
        for name, other in (("one", "two"), ("two", "one"))
    )
    assert "Circular" in deploy(azure, {"resources": [one, two]}).json()["error"]["message"]


def test_a_machine_gets_the_network_it_is_made_with(azure: Azure) -> None:
    """One template for all of it, as az's: each is ready when the next needs it."""
    network = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.Network"
    subnet = {"name": "machines", "properties": {"addressPrefix": "10.0.0.0/24"}}
    place = {"apiVersion": "2024-05-01", "location": "eastus"}
    configuration = {
        "subnet": {"id": f"{network}/virtualNetworks/net/subnets/machines"},
        "publicIPAddress": {"id": f"{network}/publicIPAddresses/ip"},
    }
    vm: Any = {
        "hardwareProfile": {"vmSize": "Standard_B2s"},
        "storageProfile": {"imageReference": {"offer": "WindowsServer"}},
        "networkProfile": {"networkInterfaces": [{"id": f"{network}/networkInterfaces/nic"}]},
    }
    template = {
        "resources": [
            {
                **place,
                "type": "Microsoft.Compute/virtualMachines",
                "name": "vm-two",
                "dependsOn": ["Microsoft.Network/networkInterfaces/nic"],
                "properties": vm,
            },
            {
                **place,
                "type": "Microsoft.Network/networkInterfaces",
                "name": "nic",
                "dependsOn": ["Microsoft.Network/virtualNetworks/net", "Microsoft.Network/publicIPAddresses/ip"],
                "properties": {"ipConfigurations": [{"name": "main", "properties": configuration}]},
            },
            {
                **place,
                "type": "Microsoft.Network/virtualNetworks",
                "name": "net",
                "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]},
            },
            {
                **place,
                "type": "Microsoft.Network/publicIPAddresses",
                "name": "ip",
                "sku": {"name": "Standard"},
                "properties": {"publicIPAllocationMethod": "Static"},
            },
        ]
    }
    with azure.cloud.conduct("timings", network_change=60):
        deployed = deploy(azure, template).json()
    assert len(deployed["properties"]["outputResources"]) == 4, deployed
    interface: Any = azure.network.network_interfaces.get(azure.group, "nic")
    assert interface.virtual_machine.id.endswith("/vm-two")
    assert interface.ip_configurations[0].private_ip_address == "10.0.0.4"
    assert azure.arm("GET", f"{network}/loadBalancers?{VERSION}").status_code == 501


def test_machines_without_room_are_refused_before_anything_is_made(azure: Azure) -> None:
    machine = {
        "apiVersion": "2024-11-01",
        "type": "Microsoft.Compute/virtualMachines",
        "name": "vm-large",
        "location": "eastus",
        "properties": {"hardwareProfile": {"vmSize": "Standard_D96s_v5"}, "storageProfile": {}},
    }
    template = {**vault_template(azure)}
    template["resources"] = [*template["resources"], machine]
    for method, tail in (("POST", "/validate"), ("PUT", "")):
        answer = deploy(azure, template, method, tail, name=azure.name)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (400, "InvalidTemplateDeployment")
        assert [one["code"] for one in error["details"]] == ["QuotaExceeded"]
        assert "Total Regional Cores" in error["details"][0]["message"]
    assert list(azure.keyvault.vaults.list_by_resource_group(azure.group)) == []
    there = {**machine, "name": azure.vm, "properties": {"hardwareProfile": {"vmSize": "Standard_B2s"}}}
    azure.cloud.ask("POST", f"/students/{azure.sid}/scenarios", {"name": "vm-quota-used-up"})
    assert deploy(azure, {"resources": [there]}, "POST", "/validate").status_code == 200, "it is there already"
