"""What the gateway will send, as closed lists. What is on none of them is refused before it leaves.

It stands twice: first in the clients' pipelines, so that a refused request does not even fetch a token, and
last in the transport, which also sees token requests, polls, next pages and redirects.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.rest import HttpRequest, HttpResponse

from labportal.gateway.calls import Call, current_call

LOGIN = "login.microsoftonline.com"
MANAGEMENT = "management.azure.com"
_VAULT = re.compile(r"[a-z][a-z0-9-]{1,22}[a-z0-9]\.vault\.azure\.net")

_BLURRED = re.compile(r"[\x00-\x20\x7f\\]|%(?:2f|5c|3f|23|25|[01][0-9a-f]|7f)", re.IGNORECASE)
"""What one reader of an address takes for part of a name, and another for a slash, a query or nothing at all."""

_SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)", re.IGNORECASE)
_IN_GROUP = r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers"
_IN_SUBSCRIPTION = r"/subscriptions/[^/]+/providers"
_VAULTS = rf"{_IN_GROUP}/Microsoft\.KeyVault/vaults/[^/]+"
_MACHINES = rf"{_IN_GROUP}/Microsoft\.Compute/virtualMachines/[^/]+"
_ROLES = r"(?:/secrets/[^/]+)?/providers/Microsoft\.Authorization/roleAssignments/[^/]+"

_READ_LIKE = (
    ("POST", LOGIN, r"/[^/]+/oauth2/v2\.0/(?:token|devicecode)"),
    ("POST", MANAGEMENT, rf"{_IN_SUBSCRIPTION}/Microsoft\.KeyVault/checkNameAvailability"),
    ("POST", MANAGEMENT, rf"{_IN_GROUP}/Microsoft\.PolicyInsights/checkPolicyRestrictions"),
    # The proof of the last task runs a script on the VM that only reads.
    ("POST", MANAGEMENT, rf"{_MACHINES}/runCommand"),
)
_WRITES = (
    ("PUT", MANAGEMENT, _VAULTS),
    ("PATCH", MANAGEMENT, _VAULTS),
    ("DELETE", MANAGEMENT, _VAULTS),
    ("POST", MANAGEMENT, rf"{_IN_SUBSCRIPTION}/Microsoft\.KeyVault/locations/[^/]+/deletedVaults/[^/]+/purge"),
    ("PUT", MANAGEMENT, rf"{_VAULTS}/accessPolicies/(?:add|remove)"),
    # Roles are given and taken on vaults and on their secrets: what holds for more is not the lab's. Where one may be
    # taken, it may be given: the challenge puts back what it took.
    ("PUT", MANAGEMENT, _VAULTS + _ROLES),
    ("DELETE", MANAGEMENT, _VAULTS + _ROLES),
    ("PATCH", MANAGEMENT, _MACHINES),
    ("POST", MANAGEMENT, rf"{_MACHINES}/(?:start|deallocate)"),
    ("POST", MANAGEMENT, rf"{_IN_SUBSCRIPTION}/Microsoft\.(?:KeyVault|Compute)/register"),
    ("PUT", "a vault", r"/secrets/[^/]+"),
    ("PATCH", "a vault", r"/secrets/[^/]+/"),  # no version behind the slash: the current one
    ("DELETE", "a vault", r"/secrets/[^/]+"),
    ("POST", "a vault", r"/deletedsecrets/[^/]+/recover"),
    ("DELETE", "a vault", r"/deletedsecrets/[^/]+"),
)


class Refused(RuntimeError):
    """The portal was about to send what it must not: a fault in the portal, never a problem of Azure's."""


def check(call: Call, method: str, url: str) -> bool:
    """Whether it changes something. Raises Refused unless the host is Azure's and ``call`` may do this there."""
    parts = urlsplit(url)
    host = _known_host(parts.hostname or "")
    if host is None or parts.scheme != "https" or parts.username or parts.port not in (None, 443):
        raise Refused(f"{method} to {parts.scheme}://{parts.hostname}: not a host this portal talks to")
    blurred = _BLURRED.search(url.partition("?")[0]) is not None
    if blurred or {".", ".."} & set(unquote(parts.path).split("/")):  # somebody would make another path of it
        raise Refused(f"{method} {parts.path} is no path this portal asks for")
    if host == MANAGEMENT and _of_another(call, parts.path):
        raise Refused(f"{method} {parts.path} is about a subscription that this call is not for")
    if method in ("GET", "HEAD") or _listed(_READ_LIKE, method, host, parts.path):
        return False
    if not _listed(_WRITES, method, host, parts.path):
        raise Refused(f"{method} {parts.path} is not among the things this portal does")
    if not call.may_write:
        raise Refused(f"{method} {parts.path} would change something, and this call may only read")
    return True


class GuardPolicy(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    """``check`` as the first policy of a client's pipeline."""

    def on_request(self, request: PipelineRequest[HttpRequest]) -> None:
        check(current_call(), request.http_request.method, request.http_request.url)


def _of_another(call: Call, path: str) -> bool:
    """Ids of what is changed come from Azure's own answers: the last word on whose they are is spoken here."""
    named = _SUBSCRIPTION.match(unquote(path))
    return named is not None and bool(call.subscription) and named[1].casefold() != call.subscription.casefold()


def _known_host(host: str) -> str | None:
    if host in (LOGIN, MANAGEMENT):
        return host
    return "a vault" if _VAULT.fullmatch(host) else None


def _listed(entries: tuple[tuple[str, str, str], ...], method: str, host: str, path: str) -> bool:
    return any(
        (method, host) == entry[:2] and re.fullmatch(entry[2], path, re.IGNORECASE) is not None for entry in entries
    )
