"""What an access policy may grant, as the control plane spells it.

Source: Microsoft.KeyVault vaults REST reference, ``Permissions``.
"""

from __future__ import annotations

from practice_cloud.errors import AzureError
from practice_cloud.ids import is_guid
from practice_cloud.store import Doc

MOST_POLICIES = 1024
_KEYS = """all encrypt decrypt wrapkey unwrapkey sign verify get list create update import delete backup restore
    recover purge release rotate getrotationpolicy setrotationpolicy"""
_SECRETS = """all get list set delete backup restore recover purge"""
_CERTIFICATES = """all get list delete create import update managecontacts getissuers listissuers setissuers
    deleteissuers manageissuers recover purge backup restore"""
_STORAGE = (
    """all get list delete set update regeneratekey recover purge backup restore setsas listsas getsas deletesas"""
)
KNOWN: dict[str, frozenset[str]] = {
    "keys": frozenset(_KEYS.split()),
    "secrets": frozenset(_SECRETS.split()),
    "certificates": frozenset(_CERTIFICATES.split()),
    "storage": frozenset(_STORAGE.split()),
}


def policies(found: object, tenant: str) -> list[Doc]:
    """Access policies as sent, checked. Raises AzureError 400."""
    if not isinstance(found, list) or not all(isinstance(policy, dict) for policy in found):
        raise invalid("accessPolicies")
    if len(found) > MOST_POLICIES:
        raise AzureError(
            400, "BadRequest", f"A vault can have at most {MOST_POLICIES} access policies; {len(found)} were given."
        )
    return merge([_policy(policy, tenant) for policy in found])


def merge(found: list[Doc]) -> list[Doc]:
    """One policy for each principal: a later one for the same principal counts, in the place of the first."""
    by_principal: dict[tuple[str, str], Doc] = {}
    for policy in found:
        by_principal[principal(policy)] = policy
    return list(by_principal.values())


def principal(policy: Doc) -> tuple[str, str]:
    """Whom a policy is for: an object id, and the application on whose behalf, if any."""
    return policy["objectId"].lower(), str(policy.get("applicationId") or "").lower()


def _policy(policy: Doc, tenant: str) -> Doc:
    oid, given = policy.get("objectId"), policy.get("permissions")
    if not isinstance(oid, str) or not is_guid(oid):
        raise invalid("objectId")
    if str(policy.get("tenantId", "")).lower() != tenant.lower():
        raise invalid("tenantId")
    if not isinstance(given, dict):
        raise invalid("permissions")
    kept: Doc = {"tenantId": tenant, "objectId": oid}
    if policy.get("applicationId"):
        kept["applicationId"] = policy["applicationId"]
    kept["permissions"] = {kind: _granted(kind, names) for kind, names in given.items() if names is not None}
    return kept


def _granted(kind: str, names: object) -> list[str]:
    known = KNOWN.get(kind)
    if known is None or not isinstance(names, list):
        raise invalid("permissions")
    for name in names:
        if not isinstance(name, str) or name.lower() not in known:
            raise invalid(f"permissions.{kind}")
    return list(dict.fromkeys(names))


def invalid(field: str) -> AzureError:
    return AzureError(400, "BadRequest", f"An invalid value was provided for '{field}'.")
