"""The paths of Microsoft.KeyVault."""

from __future__ import annotations

from starlette.responses import Response

from practice_cloud.arm.paging import page
from practice_cloud.arm.vaults import deleted, handlers, keys, policies, secrets
from practice_cloud.arm.wire import Call, Handler, Operation
from practice_cloud.ids import KEY_VAULT

# 2026-05-15 is what today's SDK asks for; the rest of the year leaves room for its next releases.
VERSIONS = ("2015-06-01", "2026-12-31")
_SUB = "/subscriptions/{sid}/providers/Microsoft.KeyVault"
_VAULTS = "/subscriptions/{sid}/resourceGroups/{rg}/providers/Microsoft.KeyVault/vaults"
_VAULT = _VAULTS + "/{name}"
_DELETED = _SUB + "/locations/{location}/deletedVaults/{name}"


async def no_hsms(call: Call) -> Response:
    """There are no managed HSMs here, and az asks whenever it lists vaults."""
    return page(call, [])


def _operation(method: str, path: str, action: str, handler: Handler, *, listing: bool = False) -> Operation:
    return Operation(method, path, f"{KEY_VAULT}/{action}", handler, VERSIONS, listing=listing, provider=KEY_VAULT)


OPERATIONS: tuple[Operation, ...] = (
    _operation("PUT", _VAULT, "vaults/write", handlers.put),
    _operation("PATCH", _VAULT, "vaults/write", handlers.patch),
    _operation("GET", _VAULT, "vaults/read", handlers.get),
    _operation("DELETE", _VAULT, "vaults/delete", handlers.delete),
    _operation("GET", _VAULTS, "vaults/read", handlers.list_in_group, listing=True),
    _operation("GET", f"{_SUB}/vaults", "vaults/read", handlers.list_in_subscription, listing=True),
    _operation("PUT", _VAULT + "/accessPolicies/{kind}", "vaults/accessPolicies/write", policies.update),
    _operation("GET", f"{_VAULT}/secrets", "vaults/secrets/read", secrets.list_),
    _operation("GET", _VAULT + "/secrets/{secret}", "vaults/secrets/read", secrets.get),
    _operation("PUT", _VAULT + "/secrets/{secret}", "vaults/secrets/write", secrets.put),
    _operation("PATCH", _VAULT + "/secrets/{secret}", "vaults/secrets/write", secrets.patch),
    _operation("GET", f"{_VAULT}/keys", "vaults/keys/read", keys.list_),
    _operation("GET", _VAULT + "/keys/{key}", "vaults/keys/read", keys.get),
    _operation("POST", f"{_SUB}/checkNameAvailability", "checkNameAvailability/read", handlers.check_name),
    _operation("POST", f"{_SUB}/checkMhsmNameAvailability", "checkMhsmNameAvailability/read", handlers.check_hsm_name),
    _operation("GET", f"{_SUB}/deletedVaults", "deletedVaults/read", deleted.list_),
    _operation("GET", _DELETED, "locations/deletedVaults/read", deleted.get),
    _operation("POST", f"{_DELETED}/purge", "locations/deletedVaults/purge/action", deleted.purge),
    _operation(
        "GET",
        _SUB + "/locations/{location}/operationResults/{operation}",
        "locations/operationResults/read",
        deleted.purge_result,
        listing=True,
    ),
    _operation("GET", f"{_SUB}/managedHSMs", "managedHSMs/read", no_hsms),
    _operation("GET", f"{_SUB}/deletedManagedHSMs", "deletedManagedHsms/read", no_hsms),
    _operation(
        "GET",
        "/subscriptions/{sid}/resourceGroups/{rg}/providers/Microsoft.KeyVault/managedHSMs",
        "managedHSMs/read",
        no_hsms,
    ),
)
