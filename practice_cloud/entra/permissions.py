"""The permissions that a request amounts to, in the words in which people are asked for them.

Source of the words: the display texts of the delegated permissions that Azure Resource Manager, Key Vault and Graph
publish (https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview names the kinds).
"""

from __future__ import annotations

from practice_cloud.entra.errors import EntraError
from practice_cloud.entra.scopes import GRAPH, GRAPH_ID, Wanted
from practice_cloud.store import Doc

_SAME = {"https://management.core.windows.net": "https://management.azure.com", GRAPH_ID: GRAPH}
_WORDS = {
    "https://management.azure.com/user_impersonation": "Access Azure Resource Manager as you: see and change whatever"
    " you may see and change in your subscriptions",
    "https://vault.azure.net/user_impersonation": "Have full access to Azure Key Vault as you",
    f"{GRAPH}/User.Read": "Sign you in and read your profile",
}
STAYS = "Maintain access to what you have given it access to"


def needed(app: Doc, wanted: Wanted) -> tuple[str, ...]:
    """What must be granted. ``/.default`` is all that the registration lists. Raises EntraError 650057 where that has
    nothing for the resource."""
    audience = wanted.audience.rstrip("/").lower()
    audience = _SAME.get(audience, audience)
    if not any(scope.endswith("/.default") for scope in wanted.asked):
        return tuple(f"{audience}/{one}" for one in wanted.scp.split())
    listed = tuple(str(one) for one in app["permissions"])
    if not any(one.rpartition("/")[0] == audience for one in listed):
        text = "Invalid resource. The client has requested access to a resource which is not listed in the requested"
        text += f" permissions in the client's application registration. Client app ID: {app['appId']}"
        raise EntraError(400, "invalid_resource", 650057, f"{text}({app['displayName']}). Resource: {audience}.")
    return listed


def told(permissions: tuple[str, ...]) -> list[str]:
    return [_WORDS.get(one, one) for one in permissions]
