"""Resource providers: which there are, and whether a subscription is registered for them."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.arm import gate
from practice_cloud.arm.paging import page
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.ids import (
    AUTHORIZATION,
    COMPUTE,
    DEV_TEST_LAB,
    KEY_VAULT,
    LOCATIONS,
    MANAGED_IDENTITY,
    NETWORK,
    POLICY_INSIGHTS,
)
from practice_cloud.store import Doc

# Always registered, as in Azure: they are ARM itself.
_BUILT_IN = ("Microsoft.Resources", AUTHORIZATION)
_TYPES: dict[str, dict[str, tuple[str, ...]]] = {
    KEY_VAULT: {
        "vaults": ("2026-05-15", "2026-02-01", "2024-11-01", "2023-07-01", "2022-07-01", "2019-09-01", "2016-10-01"),
        "vaults/secrets": ("2026-05-15", "2026-02-01", "2024-11-01", "2023-07-01", "2022-07-01", "2019-09-01"),
        "deletedVaults": ("2026-05-15", "2026-02-01", "2024-11-01", "2023-07-01", "2022-07-01", "2019-09-01"),
    },
    COMPUTE: {
        "virtualMachines": ("2026-04-01", "2024-11-01", "2024-07-01", "2023-03-01", "2022-08-01"),
        "disks": ("2025-01-02", "2024-03-02", "2023-10-02", "2022-07-02", "2021-12-01"),
    },
    "Microsoft.Resources": {
        "deployments": ("2025-04-01", "2024-11-01", "2022-09-01", "2021-04-01"),
        "resourceGroups": ("2025-04-01", "2024-11-01", "2022-09-01", "2021-04-01"),
    },
    AUTHORIZATION: {
        "roleAssignments": ("2022-04-01", "2020-10-01-preview", "2015-07-01"),
        "roleDefinitions": ("2022-05-01-preview", "2022-04-01", "2018-01-01-preview", "2015-07-01"),
        "permissions": ("2022-04-01", "2018-01-01-preview", "2015-07-01"),
    },
    MANAGED_IDENTITY: {
        "Identities": ("2024-11-30", "2023-01-31", "2018-11-30"),
        "userAssignedIdentities": ("2024-11-30", "2023-01-31", "2018-11-30"),
    },
    NETWORK: {
        name: ("2024-05-01", "2023-09-01", "2022-01-01", "2019-11-01")
        for name in ("virtualNetworks", "networkInterfaces", "publicIPAddresses", "networkSecurityGroups")
    },
    DEV_TEST_LAB: {"schedules": ("2018-09-15", "2016-05-15")},
    POLICY_INSIGHTS: {"checkPolicyRestrictions": ("2024-10-01", "2023-03-01", "2022-03-01", "2020-07-01")},
}
_BY_LOWER = {namespace.lower(): namespace for namespace in _TYPES}


async def get(call: Call) -> Response:
    return JSONResponse(_shown(call, _namespace(call)))


async def list_(call: Call) -> Response:
    return page(call, [_shown(call, namespace) for namespace in sorted(_TYPES)])


async def register(call: Call) -> Response:
    """Registering until its time is over; one that is registered stays so.

    Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types
    """
    namespace = _namespace(call)
    if gate.registration(call.cloud, call.sid, namespace) == "NotRegistered":
        at = call.now + call.cloud.timings_of(call.sid).provider_registration
        _save(call, namespace, {"registrationState": "Registered", "registeredAt": at})
    return JSONResponse(_shown(call, namespace))


async def unregister(call: Call) -> Response:
    namespace = _namespace(call)
    if namespace in _BUILT_IN:
        raise AzureError(409, "CannotUnregisterRPSubscriptionHasResources", f"'{namespace}' cannot be unregistered.")
    _save(call, namespace, {"registrationState": "NotRegistered"})
    return JSONResponse(_shown(call, namespace))


def _save(call: Call, namespace: str, state: Doc) -> None:
    doc = {"namespace": namespace, **state}
    call.cloud.store.put("provider", f"{call.sid}/{namespace.lower()}", doc, owner=call.sid)


def _namespace(call: Call) -> str:
    asked = call.param("namespace")
    found = _BY_LOWER.get(asked.lower())
    if found is None:
        raise AzureError(404, "InvalidResourceNamespace", f"The resource namespace '{asked}' is invalid.")
    return found


def _shown(call: Call, namespace: str) -> Doc:
    state = "Registered" if namespace in _BUILT_IN else gate.registration(call.cloud, call.sid, namespace)
    places = [location.display_name for location in LOCATIONS]
    return {
        "id": f"/subscriptions/{call.sid}/providers/{namespace}",
        "namespace": namespace,
        "registrationPolicy": "RegistrationFree" if namespace in _BUILT_IN else "RegistrationRequired",
        "registrationState": state,
        "resourceTypes": [
            {"resourceType": name, "locations": places, "apiVersions": list(versions), "capabilities": "None"}
            for name, versions in _TYPES[namespace].items()
        ],
    }
