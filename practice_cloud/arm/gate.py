"""Who may pass, and in whose subscription: the checks every ARM request goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud import ids, revocation
from practice_cloud.errors import AzureError
from practice_cloud.rbac import evaluate
from practice_cloud.store import Doc
from practice_cloud.tokens import BadToken, Claims, issuer

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

AUDIENCES = ("https://management.azure.com", "https://management.core.windows.net")
_REFUSALS = {
    "missing": ("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."),
    "malformed": ("InvalidAuthenticationToken", "The access token is invalid."),
    "signature": ("InvalidAuthenticationToken", "The access token's signature could not be validated."),
    "issuer": ("InvalidAuthenticationToken", "The access token's issuer is not one this service trusts."),
    "audience": (
        "InvalidAuthenticationTokenAudience",
        "The access token has been obtained for the wrong audience or resource. It should exactly match one of the"
        " allowed audiences 'https://management.core.windows.net/','https://management.azure.com/'.",
    ),
    "expired": ("ExpiredAuthenticationToken", "The access token expiry UTC time is in the past."),
}

permitted = evaluate.permitted


def authenticate(cloud: Cloud, header: str | None, sid: str) -> Claims:
    """Raises AzureError 401, whose challenge names the subscription's tenant as Azure's does."""
    try:
        claims = cloud.tokens.verify(header, audiences=AUDIENCES)
    except BadToken as error:
        code, message = _REFUSALS[error.reason]
        found = cloud.store.get("subscription", sid.lower())
        tenant = str(found["tenantId"]) if found else "common"
        raise AzureError(401, code, message, headers=_challenge(tenant, message)) from error
    asks = revocation.challenge(cloud, claims)
    if asks:
        uri = f"https://login.windows.net/{claims.tid}"
        headers = {"WWW-Authenticate": f'Bearer authorization_uri="{uri}", {asks}'}
        raise AzureError(401, "InvalidAuthenticationToken", revocation.MESSAGE, headers=headers)
    return claims


def subscription(cloud: Cloud, claims: Claims, sid: str) -> Doc:
    """The subscription, if it is in the caller's tenant.

    Raises AzureError 400 for no GUID, 404 for none, 401 for one of another tenant.
    """
    if not ids.is_guid(sid):
        raise AzureError(
            400, "InvalidSubscriptionId", f"The provided subscription identifier '{sid}' is malformed or invalid."
        )
    found = cloud.store.get("subscription", sid.lower())
    if found is None:
        raise AzureError(404, "SubscriptionNotFound", f"The subscription '{sid}' could not be found.")
    if found["tenantId"] != claims.tid:
        raise _wrong_tenant(claims, str(found["tenantId"]))
    return found


def _wrong_tenant(claims: Claims, tenant: str) -> AzureError:
    message = (
        f"The access token is from the wrong issuer '{claims.iss}'. It must match the tenant '{issuer(tenant)}'"
        " associated with this subscription. Please use the authority (URL)"
        f" 'https://login.windows.net/{tenant}' to get the token."
    )
    return AzureError(401, "InvalidAuthenticationTokenTenant", message, headers=_challenge(tenant, message))


def _challenge(tenant: str, message: str) -> dict[str, str]:
    uri = f"https://login.windows.net/{tenant}"
    return {
        "WWW-Authenticate": f'Bearer authorization_uri="{uri}", error="invalid_token", error_description="{message}"'
    }


def authorize(cloud: Cloud, claims: Claims, found: Doc, scope: str, action: str, *, listing: bool) -> None:
    """Raises AzureError 403. ``listing``: a permission anywhere below ``scope`` is enough.

    What becomes of an operation is asked of the subscription, beside its groups; a role on a group is enough for that:
    https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
    """
    if not action or evaluate.permitted(cloud, claims.who, scope, action):
        return
    sid = str(found["id"])
    around = scope if "/resourcegroups/" in scope.lower() else ids.subscription_id(sid)
    if listing and evaluate.permitted_below(cloud, claims.who, around, action, sid=sid):
        return
    client = claims.appid if claims.idtyp == "app" else display_name(cloud, claims)
    raise AzureError(
        403,
        "AuthorizationFailed",
        f"The client '{client}' with object id '{claims.oid}' does not have authorization to perform action"
        f" '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted,"
        " please refresh your credentials.",
    )


def display_name(cloud: Cloud, claims: Claims) -> str:
    """A person as messages name them: the sign-in name if there is one."""
    principal = cloud.store.get("principal", claims.oid) or {}
    return str(principal.get("userPrincipalName") or principal.get("displayName") or claims.appid)


def writable(found: Doc, method: str) -> None:
    """Raises AzureError 409 where the subscription lets only look and delete: one that is disabled, or warned about
    (https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states; that the words are the same
    for both is assumed)."""
    if found.get("state", "Enabled") in ("Disabled", "Warned") and method != "DELETE":
        raise AzureError(
            409,
            "ReadOnlyDisabledSubscription",
            f"The subscription '{found['id']}' is disabled and therefore marked as read only. You cannot perform any"
            " write actions on this subscription until it is re-enabled.",
        )


def registered(cloud: Cloud, found: Doc, namespace: str) -> None:
    """Raises AzureError 409 until the subscription is registered for ``namespace``."""
    if registration(cloud, str(found["id"]), namespace) != "Registered":
        raise AzureError(
            409,
            "MissingSubscriptionRegistration",
            f"The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found"
            " for how to register subscriptions.",
        )


def registration(cloud: Cloud, sid: str, namespace: str) -> str:
    """ "Registered", "Registering" or "NotRegistered"."""
    provider = cloud.store.get("provider", f"{sid}/{namespace.lower()}") or {}
    if provider.get("registeredAt", 0.0) > cloud.clock.now().timestamp():
        return "Registering"
    return str(provider.get("registrationState", "NotRegistered"))


def group(cloud: Cloud, sid: str, name: str, *, changes: bool) -> Doc:
    """The resource group. Raises AzureError 404, or 409 for ``changes`` in one that is being deleted."""
    found = find_group(cloud, sid, name)
    if found is None:
        raise AzureError(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")
    if changes:
        not_going(found)
    return found


def not_going(found: Doc) -> None:
    if "goneAt" in found:
        raise AzureError(
            409,
            "ResourceGroupBeingDeleted",
            f"The resource group '{found['name']}' is in deprovisioning state and cannot perform this operation.",
        )


def find_group(cloud: Cloud, sid: str, name: str) -> Doc | None:
    """The resource group, or None; one whose deletion has ended is forgotten here."""
    key = f"{sid}/{name.lower()}"
    found = cloud.store.get("group", key)
    if found is not None and found.get("goneAt", float("inf")) <= cloud.clock.now().timestamp():
        cloud.store.delete("group", key)
        return None
    return found
