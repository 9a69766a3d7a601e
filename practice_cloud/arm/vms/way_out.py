"""What keeps a machine's requests from getting anywhere.

``wayOut`` in its document bars encrypted requests, "" where nothing does. And a machine in a private subnet that has no
public address gets nowhere at all; every new subnet is one that does not say otherwise, by newer versions of the
interface: https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access. Windows gives up after
some twenty seconds there, a practice machine at once.

All of them lie in the machine or its network, so they keep it from every host alike, and from its metadata service,
which is on its own host and not encrypted, never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from practice_cloud import networks
from practice_cloud.store import Doc
from practice_cloud.vm.unreached import NoSecureChannel, NotConnected, NotResolved, NotTrusted

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

_METADATA = "169.254.169.254"
_BARRED: dict[str, type[httpx.ConnectError]] = {
    "unresolved": NotResolved,  # its DNS servers do not know public names
    "unsecured": NoSecureChannel,  # it has TLS 1.2 switched off, and Azure has nothing older
    "untrusted": NotTrusted,  # a proxy shows it certificates of its own, or its clock is wrong
}


def pass_out(cloud: Cloud, vm: Doc, request: httpx.Request) -> None:
    """Raises httpx.ConnectError, of the kind that says why, where the machine's request does not get out."""
    barred = _BARRED.get(vm.get("wayOut", ""))
    if barred is not None and request.url.scheme == "https":
        raise barred(f"{vm['name']}: {vm['wayOut']}", request=request)
    if request.url.host != _METADATA and not _connected(cloud, vm):
        raise NotConnected(f"{vm['name']}: no way to the internet", request=request)


def _connected(cloud: Cloud, vm: Doc) -> bool:
    """Whether one of its interfaces leads out; a machine that names none reaches what practice machines reach."""
    found = [networks.find(cloud, one) for one in vm.get("nics", [])]
    configurations = [one for nic in found if nic is not None for one in nic["properties"]["ipConfigurations"]]
    return not configurations or any(_leads_out(cloud, one["properties"]) for one in configurations)


def _leads_out(cloud: Cloud, configuration: Doc) -> bool:
    subnet = networks.find_subnet(cloud, configuration["subnet"]["id"])
    open_to_all = subnet is not None and bool(subnet[1]["properties"]["defaultOutboundAccess"])
    return open_to_all or bool(configuration.get("publicIPAddress"))
