"""May the caller do this to what is in the vault: the firewall, then access policies or roles, never both."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from practice_cloud.errors import AzureError
from practice_cloud.rbac import evaluate
from practice_cloud.store import Doc
from practice_cloud.tokens import Claims
from practice_cloud.vaults import model

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


@dataclass(frozen=True, slots=True)
class Right:
    """What an operation needs: a permission where the vault has access policies, an action where it has roles.

    Source: https://learn.microsoft.com/azure/key-vault/general/rbac-guide and the REST reference. ``kind`` is that of
    what it is done to, as an access policy spells it.
    """

    permission: str
    action: str
    kind: str = "secrets"


_ACTIONS = "Microsoft.KeyVault/vaults/secrets"
GET = Right("get", f"{_ACTIONS}/getSecret/action")
SET = Right("set", f"{_ACTIONS}/setSecret/action")
UPDATE = Right("set", f"{_ACTIONS}/update/action")
LIST = Right("list", f"{_ACTIONS}/readMetadata/action")
DELETE = Right("delete", f"{_ACTIONS}/delete")
GET_DELETED = Right("get", f"{_ACTIONS}/readMetadata/action")
RECOVER = Right("recover", f"{_ACTIONS}/recover/action")
PURGE = Right("purge", f"{_ACTIONS}/purge/action")
BACKUP = Right("backup", f"{_ACTIONS}/backup/action")
RESTORE = Right("restore", f"{_ACTIONS}/restore/action")


def key(permission: str, action: str) -> Right:
    return Right(permission, f"Microsoft.KeyVault/vaults/keys/{action}", "keys")


def require(cloud: Cloud, vault: Doc, claims: Claims, right: Right, *, name: str, address: str) -> None:
    """Raises AzureError 403. ``name`` is the secret's or the key's, "" for what concerns all; ``address`` is where the
    request came from."""
    _firewall(vault, claims, address)
    policies, by_roles = model.access_in_force(vault, cloud.clock.now().timestamp())
    if by_roles:
        _by_role(cloud, vault, claims, right, name)
    elif not _granted(policies, claims, right):
        raise AzureError(
            403,
            "Forbidden",
            f"The user, group or application '{_caller(claims)}' does not have {right.kind} {right.permission}"
            f" permission on key vault '{vault['name']};location={vault['location']}'. For help resolving this issue,"
            " please see https://go.microsoft.com/fwlink/?linkid=2125287",
            inner="AccessDenied",
        )


def _caller(claims: Claims) -> str:
    """As people report it: who is in groups is told with how many."""
    groups = f"numgroups={len(claims.groups)};" if claims.groups else ""
    return f"appid={claims.appid};oid={claims.oid};{groups}iss={claims.iss}"


def _granted(policies: list[Doc], claims: Claims, right: Right) -> bool:
    """A policy with an applicationId is for a user signed in through that application, and for nobody else: not for the
    application itself either (https://learn.microsoft.com/azure/key-vault/general/security-features)."""
    who = {one.lower() for one in claims.who}
    for policy in policies:
        if policy["objectId"].lower() not in who:
            continue
        through = str(policy.get("applicationId") or "").lower()
        if through and (claims.idtyp != "user" or through != claims.appid.lower()):
            continue
        names = {name.lower() for name in policy["permissions"].get(right.kind, [])}
        if right.permission in names or "all" in names:
            return True
    return False


def _by_role(cloud: Cloud, vault: Doc, claims: Claims, right: Right, name: str) -> None:
    resource = f"{vault['id']}/{right.kind}/{name}" if name else vault["id"]
    if evaluate.permitted_data(cloud, claims.who, resource, right.action):
        return
    raise AzureError(
        403,
        "Forbidden",
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role"
        " definitions were changed recently, please observe propagation time.\r\n"
        f"Caller: {_caller(claims)}\r\nAction: '{right.action}'\r\nResource: '{resource.lower()}'\r\n"
        f"Assignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null \r\n"
        f"Vault: {vault['name']};location={vault['location']}\r\n",
        inner="ForbiddenByRbac",
    )


def _firewall(vault: Doc, claims: Claims, address: str) -> None:
    """Both refusals are recorded: one for a vault that no public address reaches, one for an address no rule names."""
    rules = vault.get("networkAcls") or {}
    place = f"Vault: {vault['name']};location={vault['location']}"
    if vault["publicNetworkAccess"] != "Enabled":
        raise AzureError(
            403,
            "Forbidden",
            "Public network access is disabled and request is not from a trusted service nor via an approved private"
            f" link.\r\nCaller: {_caller(claims)}\r\n{place}",
            inner="ForbiddenByConnection",
        )
    if rules.get("defaultAction", "Allow") != "Allow" and not _inside(address, rules.get("ipRules", [])):
        raise AzureError(
            403,
            "Forbidden",
            "Client address is not authorized and caller is not a trusted service.\r\n"
            f"Client address: {address}\r\nCaller: {_caller(claims)}\r\n{place}",
            inner="ForbiddenByFirewall",
        )


def _inside(address: str, rules: list[Doc]) -> bool:
    try:
        client = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(client in ipaddress.ip_network(rule["value"]) for rule in rules)
