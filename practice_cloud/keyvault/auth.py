"""Whose request it is: the bearer token, and the challenge that asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud import revocation
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.tokens import BadToken, Claims, issuer

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

RESOURCE = "https://vault.azure.net"


def authenticate(cloud: Cloud, vault: Doc, header: str | None) -> Claims:
    """The caller, of the vault's own tenant. Raises AzureError 401 with the recorded challenge."""
    try:
        claims = cloud.tokens.verify(header, audiences=(RESOURCE,))
    except BadToken as error:
        raise _unauthorized(vault, _why(cloud, vault, header, error)) from error
    if claims.tid != vault["tenantId"]:
        raise _unauthorized(vault, _wrong_issuer(vault, claims.iss))
    asks = revocation.challenge(cloud, claims)
    if asks:
        raise _unauthorized(vault, revocation.MESSAGE, f", {asks}")
    return claims


def _why(cloud: Cloud, vault: Doc, header: str | None, error: BadToken) -> str:
    if error.reason == "missing":
        return "AKV10000: Request is missing a Bearer or PoP token."
    if error.reason == "signature":
        return "AKV10046: Unable to resolve the key used for signature validation."
    if error.reason == "malformed":
        return "Error validating token: it is not a well-formed JSON web token."
    claims = cloud.tokens.signed(header)
    if error.reason == "audience":
        return f"AKV10022: Invalid audience. Expected {RESOURCE}, found: {claims.aud}."
    if error.reason == "issuer":
        return _wrong_issuer(vault, claims.iss)
    return "[TokenExpired] Error validating token: its lifetime is over."


def _wrong_issuer(vault: Doc, found: str) -> str:
    return f"AKV10032: Invalid issuer. Expected one of {issuer(vault['tenantId'])}, found {found}."


def _unauthorized(vault: Doc, message: str, asks: str = "") -> AzureError:
    authority = f"https://login.microsoftonline.com/{vault['tenantId']}"
    challenge = f'Bearer authorization="{authority}", resource="{RESOURCE}"{asks}'
    return AzureError(401, "Unauthorized", message, headers={"WWW-Authenticate": challenge})
