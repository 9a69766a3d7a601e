"""What clients read before they ask for a token: OpenID configuration, instances, keys."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud.cloud import Cloud
from practice_cloud.entra.directory import tenant_of
from practice_cloud.entra.errors import EntraError
from practice_cloud.tokens import issuer

AUTHORITY = "https://login.microsoftonline.com"
_ALIASES = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]


def issuer_v2(tenant_id: str) -> str:
    return f"{AUTHORITY}/{tenant_id}/v2.0"


async def configuration(request: Request) -> Response:
    return JSONResponse(_configuration(request, "/v2.0"))


async def configuration_v1(request: Request) -> Response:
    return JSONResponse(_configuration(request, ""))


def _configuration(request: Request, version: str) -> dict[str, Any]:
    """A domain's tenant answers under its id; "common" leaves the issuer's tenant open, as Entra does."""
    named = request.path_params["tenant"]
    tenant = tenant_of(request.app.state.cloud, named)
    name, tenant_id = (tenant["id"], tenant["id"]) if tenant else (named.lower(), "{tenantid}")
    oauth = f"{AUTHORITY}/{name}/oauth2{version}"
    return {
        "issuer": issuer_v2(tenant_id) if version else issuer(tenant_id),
        "token_endpoint": f"{oauth}/token",
        "authorization_endpoint": f"{oauth}/authorize",
        "device_authorization_endpoint": f"{oauth}/devicecode",
        "jwks_uri": f"{AUTHORITY}/{name}/discovery{version}/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "oid"],
        "tenant_region_scope": "NA",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
    }


async def instances(request: Request) -> Response:
    """Which host names are the same authority; refuses to vouch for any other."""
    endpoint = urlsplit(request.query_params.get("authorization_endpoint", ""))
    if endpoint.hostname not in _ALIASES:
        raise EntraError(400, "invalid_instance", 50049, f"Unknown or invalid instance: {endpoint.hostname}.")
    tenant = endpoint.path.strip("/").partition("/")[0] or "common"
    version = "/v2.0" if "/v2.0" in endpoint.path else ""
    metadata = {"preferred_network": _ALIASES[0], "preferred_cache": _ALIASES[1], "aliases": _ALIASES}
    return JSONResponse(
        {
            "tenant_discovery_endpoint": f"{AUTHORITY}/{tenant}{version}/.well-known/openid-configuration",
            "api-version": request.query_params.get("api-version", "1.1"),
            "metadata": [metadata],
        }
    )


async def keys(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    tenant_of(cloud, request.path_params["tenant"])
    return JSONResponse(cloud.tokens.jwks())


routes = [
    Route("/{tenant}/v2.0/.well-known/openid-configuration", configuration),
    Route("/{tenant}/.well-known/openid-configuration", configuration_v1),
    Route("/{tenant}/discovery/instance", instances),
    Route("/{tenant}/discovery/v2.0/keys", keys),
    Route("/{tenant}/discovery/keys", keys),
]
