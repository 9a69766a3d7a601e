"""Whom a vault's firewall lets in: public addresses and subnets.

Source: https://learn.microsoft.com/azure/key-vault/general/network-security; the words about private addresses are
those that people report of Azure (https://github.com/Azure/azure-powershell/issues/11471).
"""

from __future__ import annotations

import ipaddress
from typing import Any

from practice_cloud.arm.vaults.permissions import invalid
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
PRIVATE = tuple(ipaddress.IPv4Network(block) for block in _PRIVATE)  # RFC 1918


def rules(sent: Any) -> Doc:
    """``{bypass, defaultAction, ipRules: [{value}], virtualNetworkRules: [{id}]}`` with Azure's defaults.

    Raises AzureError 400."""
    if not isinstance(sent, dict):
        raise invalid("networkAcls")
    action, bypass = sent.get("defaultAction", "Allow"), sent.get("bypass", "AzureServices")
    if action not in ("Allow", "Deny") or bypass not in ("AzureServices", "None"):
        raise invalid("networkAcls")
    addresses = [{"value": _address(rule, at)} for at, rule in enumerate(sent.get("ipRules") or [])]
    networks = [{"id": _subnet(rule)} for rule in sent.get("virtualNetworkRules") or []]
    return {"bypass": bypass, "defaultAction": action, "ipRules": addresses, "virtualNetworkRules": networks}


def _subnet(rule: Any) -> str:
    """Azure answers these ids in lower case."""
    if not isinstance(rule, dict) or not isinstance(rule.get("id"), str):
        raise invalid("networkAcls.virtualNetworkRules")
    return str(rule["id"]).lower()


def _address(rule: Any, at: int) -> str:
    try:
        block = ipaddress.ip_network(rule["value"], strict=False)
    except (KeyError, TypeError, ValueError) as error:
        raise invalid("networkAcls.ipRules") from error
    for private in PRIVATE:
        if block.version == private.version and block.overlaps(private):
            raise AzureError(
                400,
                "BadRequest",
                f"Invalid value found at properties.networkAcls.ipRules[{at}].value: {rule['value']} belongs to"
                f" forbidden range {private[0]}–{private[-1]} (private IP addresses)",  # noqa: RUF001 - Azure's own dash
            )
    return str(block)
