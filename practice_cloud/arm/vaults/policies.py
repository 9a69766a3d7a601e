"""``accessPolicies/add``, ``replace`` and ``remove``: some principals' permissions, the others left alone."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.arm.vaults.handlers import named
from practice_cloud.arm.vaults.permissions import MOST_POLICIES, policies, principal
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.vaults import model


async def update(call: Call) -> Response:
    """200 for a policy that was there, 201 where a principal is new; the body names the vault's policies after it."""
    doc = named(call)
    kind = call.param("kind").lower()
    change = {"add": _add, "replace": _replace, "remove": _remove}.get(kind)
    if change is None:
        raise AzureError(400, "BadRequest", f"'{kind}' is no operation on access policies: use add, replace or remove.")
    body = await call.body()
    sent = (body.get("properties") or {}).get("accessPolicies")
    if sent is None:
        raise invalid_content("'properties.accessPolicies' is missing")
    before = {principal(policy): policy for policy in doc["accessPolicies"]}
    after = dict(before)
    for policy in policies(sent, doc["tenantId"]):
        change(after, policy)
    if len(after) > MOST_POLICIES:
        raise AzureError(400, "BadRequest", f"A vault can have at most {MOST_POLICIES} access policies.")
    changed = model.with_access(call.cloud, doc, list(after.values()), doc["enableRbacAuthorization"])
    model.save(call.cloud, changed)
    shown = {
        "id": f"{doc['id']}/accessPolicies/",
        "type": "Microsoft.KeyVault/vaults/accessPolicies",
        "location": doc["location"],
        "properties": {"accessPolicies": changed["accessPolicies"]},
    }
    return JSONResponse(shown, 201 if set(after) - set(before) else 200)


def _add(known: dict[tuple[str, str], Doc], policy: Doc) -> None:
    """What the principal has already stays; what is new is added to it."""
    old = known.get(principal(policy))
    if old is None:
        known[principal(policy)] = policy
        return
    both = {kind: list(names) for kind, names in old["permissions"].items()}
    for kind, names in policy["permissions"].items():
        had = both.setdefault(kind, [])
        had += [name for name in names if name.lower() not in {one.lower() for one in had}]
    known[principal(policy)] = {**old, "permissions": both}


def _replace(known: dict[tuple[str, str], Doc], policy: Doc) -> None:
    known[principal(policy)] = policy


def _remove(known: dict[tuple[str, str], Doc], policy: Doc) -> None:
    """The named permissions go; a principal with none left goes too."""
    old = known.get(principal(policy))
    if old is None:
        return
    gone = {kind: {name.lower() for name in names} for kind, names in policy["permissions"].items()}
    kept = {
        kind: [name for name in names if name.lower() not in gone.get(kind, set())]
        for kind, names in old["permissions"].items()
    }
    if any(kept.values()):
        known[principal(policy)] = {**old, "permissions": kept}
    else:
        del known[principal(policy)]
