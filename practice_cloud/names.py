"""Which host names lead anywhere: Azure's own, and a vault's for as long as there is that vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.hosts import service_of
from practice_cloud.vaults import model as vaults

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def resolves(cloud: Cloud, host: str) -> bool:
    """Whether a new connection to ``host`` can be made.

    A vault has a name in DNS from the end of RegisteringDns to its deletion; clients of a vault that is not
    there meet a name that does not resolve, and no answer.
    """
    service = service_of(host)
    if service != "keyvault":
        return service is not None
    vault = vaults.find(cloud, host.partition(".")[0])
    return vault is not None and vaults.ready(vault, cloud.clock.now().timestamp())
