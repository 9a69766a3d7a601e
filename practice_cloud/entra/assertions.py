"""Client assertions: a token in place of a client secret, signed with the app's certificate or by another issuer.

Sources: what is in one and who may sign it
(https://learn.microsoft.com/entra/identity-platform/certificate-credentials,
https://learn.microsoft.com/entra/workload-id/workload-identity-federation), and the refusals as they are reported
(https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/troubleshooting-signature-validation-errors,
https://github.com/Azure/login/issues, https://github.com/Azure/azure-workload-identity/issues). An issuer that no
federated credential names used to be 70021; it is 700211 now, a subject 700213, an audience 700212.

``jti`` is not looked at: MSAL sends one assertion again until it ends, and Entra takes it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.types import Options

from practice_cloud import certificates, credentials, federation
from practice_cloud.cloud import Cloud
from practice_cloud.entra.directory import Client
from practice_cloud.entra.errors import EntraError, missing
from practice_cloud.store import Doc

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PUBLIC = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."
_AUTHORITY = "https://login.microsoftonline.com"
_ALGORITHMS = ["RS256", "PS256"]
_LATER: Options = {
    "verify_aud": False,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
"""The signature first: what the token says is looked at here, by the cloud's clock."""
_UNSEEN: Options = {**_LATER, "verify_signature": False}
_SEE = "Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials ."
_INVALID = "Client assertion contains an invalid signature."
_SEE_FEDERATION = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"


def check(cloud: Cloud, client: Client, tenant: Doc | None, form: dict[str, str]) -> None:
    """Whether the assertion proves who the client is. Raises EntraError."""
    if client.app is None:
        raise EntraError(401, "invalid_client", 700025, PUBLIC)
    if form.get("client_assertion_type") != JWT_BEARER:
        raise missing("client_assertion_type")
    header, claims = _read(form["client_assertion"])
    if str(claims.get("iss", "")).startswith("https://"):
        key = _federated(cloud, client.app, header, claims)
    else:
        key = _of_app(cloud, client, header, claims, tenant)
    _signed(form["client_assertion"], key)
    _in_time(cloud, claims)


def _read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        header = jwt.get_unverified_header(token)
        return header, dict(jwt.decode(token, options=_UNSEEN))
    except jwt.InvalidTokenError as error:
        raise EntraError(400, "invalid_request", 50027, "JWT token is invalid or malformed.") from error


def _of_app(
    cloud: Cloud, client: Client, header: dict[str, Any], claims: dict[str, Any], tenant: Doc | None
) -> rsa.RSAPublicKey:
    """The key of the certificate that the assertion names, if it is the app's and for this tenant."""
    assert client.app is not None  # noqa: S101 - a public client has got no further
    if not str(claims.get("iss", "")).lower() == str(claims.get("sub", "")).lower() == client.id:
        text = f"Client assertion application identifier doesn't match 'client_id' parameter. {_SEE}"
        raise _refused(700021, text)
    if not _for_us(claims.get("aud"), tenant):
        raise _refused(700023, f"Client assertion audience claim does not match Realm issuer. {_SEE}")
    found = certificates.named_in(client.app, header)
    if found is None:
        named = header.get("x5t#S256") or header.get("x5t") or header.get("kid") or ""
        reason = f"The key was not found., Thumbprint of key used by client: '{named}'"
        text = "The certificate with identifier used to sign the client assertion is not registered on application."
        raise _refused(700027, f"{text} [Reason - {reason}, for app Id '{client.id}']")
    if not credentials.counts(found, cloud.clock.now().timestamp()):
        raise _refused(700027, f"{_INVALID} [Reason - The key used is expired., {_key(found)}]")
    return certificates.public_key(found)


def _key(found: Doc) -> str:
    starts, ends = (f"{datetime.fromtimestamp(found[name], UTC):%m/%d/%Y %H:%M:%S}" for name in ("startsAt", "endsAt"))
    return f"Thumbprint of key used by client: '{found['thumbprint']}', Found key 'Start={starts}, End={ends}'"


def _for_us(audience: Any, tenant: Doc | None) -> bool:
    """The tenant's issuer, or its token endpoint in either version, by id or by domain, as clients write them."""
    names = [tenant["id"], tenant["defaultDomain"]] if tenant else ["common", "organizations"]
    ends = ("/v2.0", "/oauth2/v2.0/token", "/oauth2/token", "/")
    known = {f"{_AUTHORITY}/{name}{end}" for name in names for end in ends}
    given = audience if isinstance(audience, list) else [audience]
    return any(str(one).lower() in known for one in given)


def _federated(cloud: Cloud, app: Doc, header: dict[str, Any], claims: dict[str, Any]) -> Any:
    """The key of the issuer, if a federated credential of the app is for what the token says."""
    there, issuer, subject = federation.of(app), str(claims["iss"]), str(claims.get("sub", ""))
    if not there:
        text = f"The client '{app['appId']}'({app['displayName']}) has no configured federated identity credentials."
        raise _refused(70025, text)
    there = [one for one in there if one["issuer"] == issuer]
    if not there:
        raise _no_match(700211, "issuer", issuer)
    exact = [one for one in there if one["subject"] == subject]
    if not exact:
        near = any(one["subject"].lower() == subject.lower() for one in there)
        raise _no_match(7002138 if near else 700213, "subject", subject)
    audiences = _audiences(claims.get("aud"))
    if not any(set(one["audiences"]) & audiences for one in exact):
        raise _no_match(700212, "audience", ", ".join(sorted(audiences)))
    home = federation.home_of(issuer)
    if home is not None and (home != app["tenantId"] or not claims.get("xms_mirid")):
        text = f"Entra ID tokens issued by issuer '{issuer}' may not be used for federated identity credential flows"
        raise _refused(700236, f"{text} for applications or managed identities registered in this tenant.")
    return _issuers_key(cloud, issuer, header)


def _issuers_key(cloud: Cloud, issuer: str, header: dict[str, Any]) -> Any:
    keys = federation.keys_of(cloud, issuer)
    if keys is None:
        raise EntraError(400, "invalid_request", 50166, f"Request to External OIDC endpoint failed: {issuer}.")
    for one in keys.keys:
        if one.key_id == header.get("kid"):
            return one.key
    raise _refused(700027, f"{_INVALID} [Reason - The key was not found., key id '{header.get('kid', '')}']")


def _audiences(audience: Any) -> set[str]:
    given = {str(one) for one in (audience if isinstance(audience, list) else [audience])}
    return {federation.AUDIENCE if one == federation.AUDIENCE_ID else one for one in given}


def _no_match(code: int, what: str, value: str) -> EntraError:
    text = f"No matching federated identity record found for presented assertion {what} '{value}'."
    if code == 7002138:
        text += " The subject matches with case-insensitive comparison, but not with case-sensitive comparison."
    check_it = "Check your federated identity credential Subject, Audience and Issuer against the presented assertion."
    return _refused(code, f"{text} {check_it} {_SEE_FEDERATION}")


def _signed(token: str, key: Any) -> None:
    try:
        jwt.decode(token, key, algorithms=_ALGORITHMS, options=_LATER)
    except jwt.InvalidTokenError as error:
        reason = "Key was found, but use of the key to verify the signature failed."
        raise _refused(700027, f"{_INVALID} [Reason - {reason}]") from error


def _in_time(cloud: Cloud, claims: dict[str, Any]) -> None:
    now, starts, ends = cloud.clock.now(), claims.get("nbf", 0), claims.get("exp", 0)
    try:
        if starts - credentials.SKEW <= now.timestamp() < ends:
            return
        first, last = datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise EntraError(400, "invalid_request", 50027, "JWT token is invalid or malformed.") from error
    times = f"Current time: {now.isoformat()}, assertion valid from {first.isoformat()}, expiry time of assertion"
    text = f"Client assertion is not within its valid time range. {times} {last.isoformat()}. {_SEE}"
    raise _refused(700024, text)


def _refused(code: int, text: str) -> EntraError:
    return EntraError(401, "invalid_client", code, text)
