"""The host names of Azure that the practice cloud answers for, and no others."""

from __future__ import annotations

import re

NAMED = {
    "login.microsoftonline.com": "entra",
    "management.azure.com": "arm",
    "graph.microsoft.com": "graph",
}
VAULTS = "vault.azure.net"
_VAULT_HOST = re.compile(rf"[a-z0-9-]{{1,63}}\.{re.escape(VAULTS)}")


def service_of(host: str) -> str | None:
    """The service behind a host name ("entra", "arm", "graph", "keyvault"), or None if we are not that host."""
    host = host.lower()
    if host in NAMED:
        return NAMED[host]
    return "keyvault" if _VAULT_HOST.fullmatch(host) else None


def certificate_name(host: str) -> str:
    """The name a certificate for ``host`` carries: vaults share a wildcard."""
    return f"*.{VAULTS}" if service_of(host) == "keyvault" else host.lower()
