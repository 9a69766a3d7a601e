"""Tenants, subscriptions and locations: what a caller signed in to."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud import guests, subscriptions
from practice_cloud.arm import gate
from practice_cloud.arm.wire import Call
from practice_cloud.ids import LOCATIONS, subscription_id
from practice_cloud.rbac import evaluate
from practice_cloud.store import Doc


async def tenants(call: Call) -> Response:
    """Those that the caller belongs to, whichever of them the token is for."""
    found = guests.tenants_of(call.cloud, call.claims.tid, call.claims.oid)
    return JSONResponse({"value": [_tenant(doc) for doc in found]})


def _tenant(doc: Doc) -> Doc:
    return {
        "id": f"/tenants/{doc['id']}",
        "tenantId": doc["id"],
        "countryCode": "US",
        "displayName": doc["displayName"],
        "domains": [doc["defaultDomain"]],
        "defaultDomain": doc["defaultDomain"],
        "tenantCategory": "Home",
        "tenantType": "AAD",
    }


async def list_(call: Call) -> Response:
    """The subscriptions of the token's tenant in which the caller holds any role."""
    tenant = call.cloud.store.get("tenant", call.claims.tid)
    there = subscriptions.of_tenant(call.cloud, tenant) if tenant else []
    found = [_subscription(doc) for doc in there if evaluate.holds_any(call.cloud, call.claims.who, doc["id"])]
    return JSONResponse({"value": found, "count": {"type": "Total", "value": len(found)}})


async def get(call: Call) -> Response:
    """Whoever holds a role anywhere in it sees the subscription, as in the list. Raises AzureError 403 otherwise."""
    if not evaluate.holds_any(call.cloud, call.claims.who, call.sid):
        scope, action = subscription_id(call.sid), "Microsoft.Resources/subscriptions/read"
        gate.authorize(call.cloud, call.claims, call.subscription, scope, action, listing=False)
    return JSONResponse(_subscription(call.subscription))


def _subscription(doc: Doc) -> Doc:
    return {
        "id": f"/subscriptions/{doc['id']}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": doc["id"],
        "tenantId": doc["tenantId"],
        "displayName": doc["displayName"],
        "state": doc["state"],
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "AzureForStudents_2018-01-01",
            "spendingLimit": "On",
        },
        "tags": doc.get("tags", {}),
    }


async def locations(call: Call) -> Response:
    return JSONResponse(
        {
            "value": [
                {
                    "id": f"/subscriptions/{call.sid}/locations/{location.name}",
                    "name": location.name,
                    "type": "Region",
                    "displayName": location.display_name,
                    "regionalDisplayName": location.display_name,
                    "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
                }
                for location in LOCATIONS
            ]
        }
    )
