"""The network around a machine, by the client that Azure has for it: made in order, used, and given back in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from tests.practice.services.clients import POLL, Azure
from tests.practice.services.made_network import PLACE, MadeNetwork

VERSION = "api-version=2024-05-01"
ROLE = "55555555-5555-4555-8555-000000000001"


def refused(ask: Callable[[], object]) -> tuple[int | None, str]:
    with pytest.raises(HttpResponseError) as raised:
        ask()
    return raised.value.status_code, str(raised.value.error.code if raised.value.error else "")


def test_the_parts_of_a_network_name_each_other(azure: Azure) -> None:
    made = MadeNetwork(azure)
    interface = made.all()
    configuration = interface.ip_configurations[0]
    assert interface.provisioning_state == "Succeeded"
    assert (configuration.private_ip_address, configuration.primary) == ("10.0.0.4", True)
    address = azure.network.public_ip_addresses.get(azure.group, "ip-lab")
    assert address.ip_address == "203.0.113.4"
    assert address.ip_configuration
    assert address.ip_configuration.id == configuration.id
    subnet: Any = azure.network.subnets.get(azure.group, "vnet-lab", "machines")
    assert [one.id for one in subnet.ip_configurations] == [configuration.id]
    group: Any = azure.network.network_security_groups.get(azure.group, "nsg-lab")
    assert [one.id for one in group.subnets] == [subnet.id]
    assert [one.name for one in group.security_rules] == ["deny-rdp"]
    assert len(group.default_security_rules) == 6
    assert interface.tags == address.tags == group.tags == {"lab": "lab"}


def test_it_takes_its_time_and_is_not_used_before(azure: Azure) -> None:
    made = MadeNetwork(azure)
    with azure.cloud.conduct("timings", network_change=30):
        body = {**PLACE, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
        body["properties"]["subnets"] = [{"name": "machines", "properties": {"addressPrefix": "10.0.0.0/24"}}]
        answer = azure.arm("PUT", f"{made.place}/virtualNetworks/vnet-lab?{VERSION}", body)
        assert (answer.status_code, answer.json()["properties"]["provisioningState"]) == (201, "Updating")
        assert int(answer.headers["retry-after"]) in range(25, 31)
        assert refused(made.interface) == (409, "ReferencedResourceNotProvisioned")
        poll = answer.headers["azure-asyncoperation"].removeprefix("https://management.azure.com")
        assert azure.arm("GET", poll).json() == {"status": "InProgress"}
    with azure.cloud.conduct("clock", offset_seconds=31):
        assert azure.arm("GET", poll).json() == {"status": "Succeeded"}
        assert made.interface().provisioning_state == "Succeeded"


def test_what_is_in_use_is_not_deleted(azure: Azure) -> None:
    made = MadeNetwork(azure)
    made.all()
    network, group = azure.network, azure.group
    assert refused(lambda: network.virtual_networks.begin_delete(group, "vnet-lab")) == (
        400,
        "InUseSubnetCannotBeDeleted",
    )
    assert refused(lambda: network.subnets.begin_delete(group, "vnet-lab", "machines")) == (
        400,
        "InUseSubnetCannotBeDeleted",
    )
    assert refused(lambda: network.public_ip_addresses.begin_delete(group, "ip-lab")) == (
        400,
        "PublicIPAddressCannotBeDeleted",
    )
    assert refused(lambda: network.network_security_groups.begin_delete(group, "nsg-lab")) == (
        400,
        "InUseNetworkSecurityGroupCannotBeDeleted",
    )
    body: Any = {**PLACE, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": []}}
    assert refused(lambda: network.virtual_networks.begin_create_or_update(group, "vnet-lab", body)) == (
        400,
        "InUseSubnetCannotBeDeleted",
    ), "a PUT that leaves the subnet out would take it away"


def test_it_is_given_back_in_order(azure: Azure) -> None:
    MadeNetwork(azure).all()
    network, group = azure.network, azure.group
    for client, name in (
        (network.network_interfaces, "nic-lab"),
        (network.public_ip_addresses, "ip-lab"),
        (network.virtual_networks, "vnet-lab"),
        (network.network_security_groups, "nsg-lab"),
    ):
        any_client: Any = client
        any_client.begin_delete(group, name, polling_interval=POLL).result()
        assert list(any_client.list(group)) == list(any_client.list_all()) == []
        with pytest.raises(ResourceNotFoundError):
            any_client.get(group, name)
        any_client.begin_delete(group, name, polling_interval=POLL).result()  # a second time finds nothing


def test_a_deletion_is_polled_at_its_location(azure: Azure) -> None:
    made = MadeNetwork(azure)
    made.public_address()
    with azure.cloud.conduct("timings", network_change=30):
        answer = azure.arm("DELETE", f"{made.place}/publicIPAddresses/ip-lab?{VERSION}")
    where = answer.headers["location"].removeprefix("https://management.azure.com")
    assert (answer.status_code, azure.arm("GET", where).status_code) == (202, 202)
    shown = azure.arm("GET", f"{made.place}/publicIPAddresses/ip-lab?{VERSION}").json()
    assert shown["properties"]["provisioningState"] == "Deleting"
    with azure.cloud.conduct("clock", offset_seconds=31):
        assert azure.arm("GET", where).status_code == 204
        assert azure.arm("GET", f"{made.place}/publicIPAddresses/ip-lab?{VERSION}").status_code == 404


def test_what_is_not_there_or_taken_is_not_used(azure: Azure) -> None:
    made = MadeNetwork(azure)
    assert refused(made.interface) == (400, "InvalidResourceReference")
    made.virtual_network()
    address = made.public_address()
    made.interface(publicIPAddress={"id": address.id}, privateIPAddress="10.0.0.9", privateIPAllocationMethod="Static")
    assert refused(lambda: made.interface(name="nic-two", publicIPAddress={"id": address.id})) == (
        400,
        "PublicIPAddressInUse",
    )
    static = {"privateIPAllocationMethod": "Static"}
    assert refused(lambda: made.interface(name="nic-two", privateIPAddress="10.0.0.9", **static)) == (
        400,
        "PrivateIPAddressIsAllocated",
    )
    assert refused(lambda: made.interface(name="nic-two", privateIPAddress="10.9.0.9", **static)) == (
        400,
        "PrivateIPAddressNotInSubnet",
    )
    assert refused(lambda: made.interface(name="nic-two", subnet={"id": "machines"})) == (
        400,
        "LinkedInvalidPropertyId",
    )
    elsewhere = {"id": azure.vm_id}
    assert refused(lambda: made.interface(name="nic-two", publicIPAddress=elsewhere)) == (
        400,
        "InvalidResourceReference",
    )
    assert made.interface(name="nic-two").ip_configurations[0].private_ip_address == "10.0.0.4"
    assert made.interface(name="nic-three").ip_configurations[0].private_ip_address == "10.0.0.5"


@pytest.mark.parametrize(
    ("subnets", "code"),
    [
        ([{"name": "a", "properties": {"addressPrefix": "10.1.0.0/24"}}], "NetcfgSubnetRangeOutsideVnet"),
        (
            [
                {"name": "a", "properties": {"addressPrefix": "10.0.0.0/24"}},
                {"name": "b", "properties": {"addressPrefix": "10.0.0.0/25"}},
            ],
            "NetcfgSubnetRangesOverlap",
        ),
        ([{"name": "a", "properties": {"addressPrefix": "10.0.0.7/24"}}], "InvalidAddressPrefixFormat"),
        ([{"name": "a", "properties": {}}], "InvalidAddressPrefixFormat"),
        ([{"properties": {}}], "InvalidRequestContent"),
    ],
)
def test_subnets_must_fit(azure: Azure, subnets: list[Any], code: str) -> None:
    place = f"{MadeNetwork(azure).place}/virtualNetworks/vnet-lab?{VERSION}"
    body = {**PLACE, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}}
    answer = azure.arm("PUT", place, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert azure.arm("GET", place).status_code == 404


def test_a_subnet_is_made_by_itself(azure: Azure) -> None:
    made = MadeNetwork(azure)
    made.virtual_network()
    body: Any = {"properties": {"addressPrefix": "10.0.1.0/24"}}
    subnets = azure.network.subnets
    second = subnets.begin_create_or_update(azure.group, "vnet-lab", "second", body, polling_interval=POLL).result()
    assert second.address_prefix == "10.0.1.0/24"
    assert [one.name for one in subnets.list(azure.group, "vnet-lab")] == ["machines", "second"]
    network: Any = azure.network.virtual_networks.update_tags(azure.group, "vnet-lab", {"tags": {"a": "b"}})
    assert (network.tags, len(network.subnets)) == ({"a": "b"}, 2)
    network = azure.network.virtual_networks.begin_create_or_update(
        azure.group, "vnet-lab", network, polling_interval=POLL
    ).result()
    assert [one.name for one in network.subnets] == ["machines", "second"], "what was read can be sent back"
    subnets.begin_delete(azure.group, "vnet-lab", "second", polling_interval=POLL).result()
    with pytest.raises(ResourceNotFoundError):
        subnets.get(azure.group, "vnet-lab", "second")


def test_public_addresses_are_standard_and_static(azure: Azure) -> None:
    place = f"{MadeNetwork(azure).place}/publicIPAddresses/ip?{VERSION}"
    basic = azure.arm("PUT", place, PLACE)
    assert (basic.status_code, basic.json()["error"]["code"]) == (400, "IPv4BasicSkuPublicIpCountLimitReached")
    dynamic = azure.arm("PUT", place, {**PLACE, "sku": {"name": "Standard"}})
    assert dynamic.json()["error"]["code"] == "StandardSkuPublicIPAddressesMustBeStatic"


def test_rules_of_a_security_group_do_not_contradict_each_other(azure: Azure) -> None:
    place = f"{MadeNetwork(azure).place}/networkSecurityGroups/nsg?{VERSION}"

    def answered(*rules: Any) -> str:
        answer = azure.arm("PUT", place, {**PLACE, "properties": {"securityRules": list(rules)}})
        assert answer.status_code == 400
        return str(answer.json()["error"]["code"])

    rule = {"protocol": "*", "access": "Deny", "direction": "Inbound", "priority": 100}
    one, two = ({"name": name, "properties": rule} for name in ("one", "two"))
    assert answered(one, two) == "SecurityRuleConflict"
    assert answered({"name": "far", "properties": {**rule, "priority": 5000}}) == "SecurityRuleInvalidPriority"
    assert answered({"name": "bare", "properties": {}}) == "InvalidRequestContent"


def test_a_network_that_is_made_by_an_operation_that_fails_is_not_there(azure: Azure) -> None:
    azure.cloud.ask("POST", f"/students/{azure.sid}/scenarios", {"name": "operation-fails"})
    made = MadeNetwork(azure)
    with pytest.raises(HttpResponseError):
        made.public_address()
    assert list(azure.network.public_ip_addresses.list(azure.group)) == []


def test_what_is_not_implemented_says_so(azure: Azure) -> None:
    made = MadeNetwork(azure)
    gateway = {"id": f"{made.place}/natGateways/nat"}
    assert refused(lambda: made.virtual_network(natGateway=gateway)) == (501, "NotImplementedByPracticeCloud")
    made.virtual_network()
    pools = [{"id": f"{made.place}/loadBalancers/lb/backendAddressPools/all"}]
    assert refused(lambda: made.interface(loadBalancerBackendAddressPools=pools)) == (
        501,
        "NotImplementedByPracticeCloud",
    )
    assert azure.arm("GET", f"{made.place}/networkSecurityGroups/x/securityRules?{VERSION}").status_code == 501


def test_a_network_needs_its_provider(azure: Azure) -> None:
    azure.resources.providers.unregister("Microsoft.Network")
    assert refused(MadeNetwork(azure).virtual_network) == (409, "MissingSubscriptionRegistration")


def test_who_may_not_join_a_subnet_is_told(azure: Azure) -> None:
    """A role on another group makes interfaces there, and not in this group's network."""
    made = MadeNetwork(azure)
    made.virtual_network()
    azure.resources.resource_groups.create_or_update("rg-two", {"location": "eastus"})
    body = {
        **PLACE,
        "properties": {
            "ipConfigurations": [
                {
                    "name": "main",
                    "properties": {"subnet": {"id": f"{made.place}/virtualNetworks/vnet-lab/subnets/machines"}},
                }
            ]
        },
    }
    azure.assign("Owner", str(azure.student["vm_principal_id"]), f"{azure.scope}/resourceGroups/rg-two", ROLE)
    token = azure.vm_token("https://management.azure.com")
    place = made.place.replace(azure.group, "rg-two")
    answer = azure.arm("PUT", f"{place}/networkInterfaces/nic?{VERSION}", body, token)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "LinkedAuthorizationFailed")


def test_a_group_takes_its_network_with_it_in_use_or_not(azure: Azure) -> None:
    MadeNetwork(azure).all()
    azure.resources.resource_groups.begin_delete(azure.group, polling_interval=POLL).result()
    assert list(azure.network.network_interfaces.list_all()) == []
    assert list(azure.network.virtual_networks.list_all()) == []


def test_all_of_it_is_found_by_its_tag(azure: Azure) -> None:
    MadeNetwork(azure).all()
    found = azure.resources.resources.list(filter="tagName eq 'lab' and tagValue eq 'lab'")
    assert {str(one.type).rpartition("/")[2] for one in found} == {
        "networkInterfaces",
        "networkSecurityGroups",
        "publicIPAddresses",
        "virtualNetworks",
    }
