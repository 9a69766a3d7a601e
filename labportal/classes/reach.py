"""Whether others can open the address that somebody has come by."""

from __future__ import annotations

from ipaddress import ip_address

from django.http import HttpRequest
from django.http.request import split_domain_port


def only_here(request: HttpRequest) -> bool:
    """The request came by an address that leads every other machine to itself: no link made from it works there."""
    name, _ = split_domain_port(request.get_host())
    name = name.strip("[]").rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:  # a name, which only others could resolve
        return False
