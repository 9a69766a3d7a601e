"""What stands between a request and its handler: the vault, the caller, the api-version, the right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from practice_cloud.errors import AzureError, not_implemented
from practice_cloud.json_body import json_object
from practice_cloud.keyvault import access, versions
from practice_cloud.keyvault.auth import authenticate
from practice_cloud.routing import AnyCaseRoute
from practice_cloud.store import Doc
from practice_cloud.tokens import Claims
from practice_cloud.vaults import model as vaults
from practice_cloud.vaults.rules import bad_parameter

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

Handler = Callable[["Call"], Awaitable[Response]]
Needs = tuple[access.Right, Handler]
SERVICE_VERSION = "1.9.472.5"  # one that was recorded; it says nothing about what a vault can do


@dataclass(frozen=True, slots=True)
class Call:
    """An admitted request to one vault."""

    cloud: Cloud
    request: Request
    claims: Claims
    vault: Doc
    api_version: str

    @property
    def name(self) -> str:
        """The name in the path, as it was written."""
        return str(self.request.path_params["name"])

    @property
    def version(self) -> str:
        """The version in the path, "" for the current one."""
        return str(self.request.path_params.get("version", ""))

    @property
    def now(self) -> int:
        """Seconds since 1970, by the cloud's clock."""
        return int(self.cloud.clock.now().timestamp())

    async def body(self) -> Doc:
        """The JSON object sent. Raises AzureError 400 for anything else."""
        try:
            return json_object(await self.request.body())
        except ValueError as error:
            raise bad_parameter(f"The request body cannot be read: {error}.") from error


def route(cloud: Cloud, path: str, methods: Mapping[str, Needs]) -> AnyCaseRoute:
    async def endpoint(request: Request) -> Response:
        needs = methods.get(request.method)
        if needs is None:
            raise not_implemented(request)
        right, handler = needs
        await request.body()  # all of it is here before anything is looked up: from here on nobody else comes between
        vault = _vault(cloud, request)
        address = request.client.host if request.client else ""
        try:
            answer = await handler(_admit(cloud, request, vault, right, address))
        except AzureError as refusal:
            refusal.headers |= _signed(vault, address)
            raise
        answer.headers.update(_signed(vault, address))
        return answer

    return AnyCaseRoute(path, endpoint)


def _signed(vault: Doc, address: str) -> dict[str, str]:
    """Recorded on every answer of a vault, refusals too."""
    kind, family = ("Ipv6", "InterNetworkV6") if ":" in address else ("Ipv4", "InterNetwork")
    return {
        "x-ms-keyvault-region": vault["location"],
        "x-ms-keyvault-service-version": SERVICE_VERSION,
        "x-ms-keyvault-network-info": f"conn_type={kind};addr={address};act_addr_fam={family};",
    }


def _admit(cloud: Cloud, request: Request, vault: Doc, right: access.Right, address: str) -> Call:
    claims = authenticate(cloud, vault, request.headers.get("Authorization"))
    version = _api_version(request)
    name = str(request.path_params.get("name", ""))
    access.require(cloud, vault, claims, right, name=name, address=address)
    return Call(cloud, request, claims, vault, version)


def _vault(cloud: Cloud, request: Request) -> Doc:
    """The vault whose host name this is.

    Raises AzureError 404: the answer on a connection that outlived its vault, or that was made before
    its name was known. A new connection to such a name does not come about at all.
    """
    name = (request.url.hostname or "").split(".", 1)[0]
    found = vaults.find(cloud, name)
    if found is None or not vaults.ready(found, cloud.clock.now().timestamp()):
        raise AzureError(404, "VaultNotFound", f"There is no key vault with the name '{name}'.")
    return found


def _api_version(request: Request) -> str:
    version = request.query_params.get("api-version", "")
    if not version:
        raise bad_parameter("api-version must be specified")
    if version.lower() not in versions.KNOWN:
        raise bad_parameter(
            f"The specified version ({version}) is not recognized. Consider using the latest supported version"
            f" ({versions.NEWEST})."
        )
    return version
