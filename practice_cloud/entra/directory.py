"""Who is who: tenants by id or domain, clients, users."""

from __future__ import annotations

from dataclasses import dataclass

from practice_cloud import apps, credentials, guests
from practice_cloud.cloud import Cloud
from practice_cloud.entra.errors import EntraError, client_not_found, tenant_not_found
from practice_cloud.principals import knows
from practice_cloud.store import Doc

ANY_TENANT = ("common", "organizations")
MICROSOFT_CLIENTS = {
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Microsoft Azure CLI",
    "1950a258-227b-4e31-a9cf-717495945fc2": "Microsoft Azure PowerShell",
    "aebc6443-996d-45c2-90f0-388ff96faa56": "Visual Studio Code",
    "872cd9fa-d31f-45e0-9eab-6e460a02d1f1": "Visual Studio",
}


@dataclass(frozen=True, slots=True)
class Client:
    """``app`` is its registration, None for Microsoft's public clients, which every tenant knows."""

    id: str
    name: str
    app: Doc | None


def tenant_of(cloud: Cloud, name: str) -> Doc | None:
    """The tenant an address names; None for "common" and "organizations". Raises EntraError 90002."""
    lower = name.lower()
    if lower in ANY_TENANT:
        return None
    domain = cloud.store.get("domain", lower)
    tenant = cloud.store.get("tenant", domain["tenantId"] if domain else lower)
    if tenant is None:
        raise tenant_not_found(name)
    return tenant


def client_of(cloud: Cloud, client_id: str, tenant: Doc | None) -> Client:
    """Raises EntraError 700016 for a client the tenant does not have, 50194 for an app asked outside its tenant."""
    lower = client_id.lower()
    if lower in MICROSOFT_CLIENTS:
        return Client(lower, MICROSOFT_CLIENTS[lower], None)
    app = apps.find(cloud, lower)
    everywhere = app is not None and bool(app.get("multiTenant"))
    if app is None or (tenant is not None and app["tenantId"] != tenant["id"] and not everywhere):
        raise client_not_found(client_id, tenant["displayName"] if tenant else "organizations")
    if tenant is None and not everywhere:
        text = f"Application '{client_id}' lives in one tenant: use that tenant's address, not /common."
        raise EntraError(400, "invalid_request", 50194, text)
    return Client(lower, app["displayName"], app)


def check_secret(cloud: Cloud, client: Client, secret: str) -> None:
    """Raises EntraError 7000215 for a wrong secret, 7000222 for one that has expired."""
    app = client.app
    if app is None:
        text = "The client is public: it has no secret, and none may be presented."
        raise EntraError(401, "invalid_client", 700025, text)
    found = credentials.matching(app, secret)
    if not found:
        text = f"Invalid client secret provided for app '{client.id}'. Send the secret's value, not its id."
        raise EntraError(401, "invalid_client", 7000215, text)
    now = cloud.clock.now().timestamp()
    if not any(credentials.counts(one, now) for one in found):
        text = f"The provided client secret keys for app '{client.id}' are expired."
        raise EntraError(401, "invalid_client", 7000222, text)


def user_with_password(cloud: Cloud, name: str, password: str) -> Doc | None:
    """The user who knows this password, in the tenant that they come from."""
    found = cloud.store.get("signInName", name.strip().lower())
    user = cloud.store.get("user", found["id"]) if found else None
    return user if user is not None and knows(password.strip(), user["passwordDigest"]) else None


def account_in(cloud: Cloud, user: Doc, tenant: Doc | None, client: Client) -> Doc:
    """The user's account in a tenant (None: the one they come from), a guest's in another. Raises EntraError 50020
    where they have none."""
    if tenant is None or tenant["id"] == user["tenantId"]:
        return user
    guest = guests.account(cloud, user, tenant["id"])
    if guest is not None:
        return guest
    text = f"User account '{user['userPrincipalName']}' from identity provider"
    text += f" 'https://sts.windows.net/{user['tenantId']}/' does not exist in tenant '{tenant['displayName']}' and"
    text += f" cannot access the application '{client.id}'({client.name}) in that tenant. The account needs to be added"
    text += " as an external user in the tenant first. Sign out and sign in again with a different Azure Active"
    raise EntraError(400, "invalid_grant", 50020, f"{text} Directory user account.")
