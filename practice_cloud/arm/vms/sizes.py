"""Sizes of machines: a few that students take, and one that they cannot. Every region has them all.

Figures from https://learn.microsoft.com/azure/virtual-machines/sizes/overview; the families are called as in
https://learn.microsoft.com/rest/api/compute/usage/list.
"""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    """``temporary``: the GiB of its temporary disk, 0 where it has none."""

    name: str
    family: str
    cores: int
    memory: float
    disks: int
    temporary: int


FAMILIES = {
    "standardBSFamily": "Standard BS Family vCPUs",
    "standardBsv2Family": "Standard Bsv2 Family vCPUs",
    "standardBasv2Family": "Standard Basv2 Family vCPUs",
    "standardDSv3Family": "Standard DSv3 Family vCPUs",
    "standardDSv5Family": "Standard DSv5 Family vCPUs",
    "standardDASv5Family": "Standard DASv5 Family vCPUs",
}
SIZES: tuple[Size, ...] = (
    Size("Standard_B1s", "standardBSFamily", 1, 1, 2, 4),
    Size("Standard_B1ms", "standardBSFamily", 1, 2, 2, 4),
    Size("Standard_B2s", "standardBSFamily", 2, 4, 4, 8),
    Size("Standard_B2ms", "standardBSFamily", 2, 8, 4, 16),
    Size("Standard_B4ms", "standardBSFamily", 4, 16, 8, 32),
    Size("Standard_B2ls_v2", "standardBsv2Family", 2, 4, 4, 0),
    Size("Standard_B2s_v2", "standardBsv2Family", 2, 8, 4, 0),
    Size("Standard_B2als_v2", "standardBasv2Family", 2, 4, 4, 0),
    Size("Standard_B2as_v2", "standardBasv2Family", 2, 8, 4, 0),
    Size("Standard_D2s_v3", "standardDSv3Family", 2, 8, 4, 16),
    Size("Standard_D2s_v5", "standardDSv5Family", 2, 8, 4, 0),
    Size("Standard_D4s_v5", "standardDSv5Family", 4, 16, 8, 0),
    Size("Standard_D96s_v5", "standardDSv5Family", 96, 384, 32, 0),
    Size("Standard_D2as_v5", "standardDASv5Family", 2, 8, 4, 0),
)
_BY_NAME = {size.name.lower(): size for size in SIZES}


def find(name: str) -> Size | None:
    return _BY_NAME.get(name.lower())
