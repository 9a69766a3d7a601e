"""Where the requests of a machine come from, as far as its network tells."""

from __future__ import annotations

from typing import Any

from labportal.gateway.desk import Desk
from steps.kit.records import MachineNetwork, Seen

VERSION = "2024-05-01"  # api-version
_KEY_VAULT = "microsoft.keyvault"


class Networks(Desk):
    def machine_network(self, nic: str) -> Seen[MachineNetwork]:
        """From the interface to its subnet, which a virtual network lists, and to its public addresses. The source is
        the interface's own."""
        with self._call() as call:
            configurations = self._resource(nic).get("ipConfigurations") or []
            source = call.source
            parts = [one.get("properties") or {} for one in configurations]
            subnet = next((str(one["subnet"]["id"]) for one in parts if one.get("subnet")), "")
            publics = [str(one["publicIPAddress"]["id"]) for one in parts if one.get("publicIPAddress")]
            around = self._subnet(subnet)
            addresses = tuple(str(self._resource(one).get("ipAddress") or "") for one in publics)
            endpoints = (str(one.get("service")).casefold() for one in around.get("serviceEndpoints") or ())
            network = MachineNetwork(
                subnet=subnet,
                addresses=tuple(filter(None, addresses)),
                by_endpoint=_KEY_VAULT in endpoints,
                detour=bool(around.get("natGateway") or around.get("routeTable")),
            )
            return Seen(network, source)

    def _resource(self, identity: str) -> dict[str, Any]:
        """Its properties, as plain JSON."""
        found = self._clients.resources.resources.get_by_id(identity.lstrip("/"), api_version=VERSION)
        return dict(found.properties or {})

    def _subnet(self, identity: str) -> dict[str, Any]:
        network = identity.partition("/subnets/")[0]
        listed = self._resource(network).get("subnets") or () if network else ()
        for one in listed:
            if str(one.get("id")).casefold() == identity.casefold():
                return dict(one.get("properties") or {})
        return {}
