"""What a token is asked for: v2's ``scope`` and v1's ``resource``."""

from __future__ import annotations

from dataclasses import dataclass

from practice_cloud.entra.errors import EntraError, missing

GRAPH = "https://graph.microsoft.com"
GRAPH_ID = "00000003-0000-0000-c000-000000000000"
RESOURCES = {
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://vault.azure.net",
    GRAPH,
    GRAPH_ID,
}
_SIGN_IN = {"openid", "profile", "email", "offline_access"}
_DEFAULT = ".default"


@dataclass(frozen=True, slots=True)
class Wanted:
    """``audience`` is spelled as the client spelled it, trailing slash and all: clients compare it.
    ``asked`` are the scopes to repeat in the reply, ``scp`` those the token carries."""

    audience: str
    asked: tuple[str, ...]
    scp: str
    openid: bool
    refresh: bool


def for_app(form: dict[str, str]) -> str:
    """The audience of a client credentials request. Raises EntraError."""
    if form.get("resource"):
        return _known(form["resource"])
    scope = form.get("scope", "").strip()
    if not scope:
        raise missing("scope")
    if " " in scope or not scope.endswith("/" + _DEFAULT):
        text = f"The scope '{scope}' is not valid here: ask for one resource followed by /.default."
        raise EntraError(400, "invalid_scope", 70011, text)
    return _known(scope.removesuffix("/" + _DEFAULT))


def for_user(scope: str, resource: str = "") -> Wanted:
    """What a signed-in user's client asked for. Raises EntraError."""
    if resource:
        audience = _known(resource)
        return Wanted(audience, ("user_impersonation",), "user_impersonation", openid=True, refresh=True)
    scopes = scope.split()
    named = [one for one in scopes if one not in _SIGN_IN]
    audiences = {_split(one)[0] for one in named} or {GRAPH}
    if len(audiences) > 1:
        text = "The scopes belong to more than one resource: ask for one at a time."
        raise EntraError(400, "invalid_scope", 28000, text)
    audience = _known(audiences.pop())
    permissions = [_split(one)[1] for one in named]
    granted = [p for p in permissions if p != _DEFAULT] or [_usual(audience)]
    full = dict.fromkeys(f"{audience}/{p}" for p in granted) if named else {}
    asked = tuple(dict.fromkeys([*(s for s in scopes if s in _SIGN_IN), *full, *named]))
    return Wanted(audience, asked, " ".join(granted), "openid" in scopes, "offline_access" in scopes)


def _usual(audience: str) -> str:
    return "User.Read" if audience.rstrip("/") in (GRAPH, GRAPH_ID) else "user_impersonation"


def _split(scope: str) -> tuple[str, str]:
    """Resource and permission; a bare permission is Graph's."""
    resource, slash, permission = scope.rpartition("/")
    return (resource, permission) if slash else (GRAPH, permission)


def _known(resource: str) -> str:
    if resource.rstrip("/").lower() not in RESOURCES:
        text = f"The resource principal named {resource} was not found in the tenant."
        raise EntraError(400, "invalid_resource", 500011, text)
    return resource
