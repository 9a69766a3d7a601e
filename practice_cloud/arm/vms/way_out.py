"""What keeps a machine's encrypted requests from getting anywhere: ``wayOut`` in its document, "" where nothing does.

All three lie in the machine or its network, so they keep it from every host alike, and from its metadata service,
which is an address and not encrypted, never.
"""

from __future__ import annotations

import httpx

from practice_cloud.store import Doc
from practice_cloud.vm.unreached import NoSecureChannel, NotResolved, NotTrusted

_BARRED: dict[str, type[httpx.ConnectError]] = {
    "unresolved": NotResolved,  # its DNS servers do not know public names
    "unsecured": NoSecureChannel,  # it has TLS 1.2 switched off, and Azure has nothing older
    "untrusted": NotTrusted,  # a proxy shows it certificates of its own, or its clock is wrong
}


def pass_out(vm: Doc, request: httpx.Request) -> None:
    """Raises httpx.ConnectError, of the kind that says why, where the machine's request does not get out."""
    barred = _BARRED.get(vm.get("wayOut", ""))
    if barred is not None and request.url.scheme == "https":
        raise barred(f"{vm['name']}: {vm['wayOut']}", request=request)
