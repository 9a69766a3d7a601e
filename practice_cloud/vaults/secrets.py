"""Secrets as they are kept: the only place in the practice cloud where their values are.

``secret``/{vault uid}/{name lower}, owned by the vault's uid: ``name, versions: [{id, value, enabled, nbf?, exp?,
contentType?, tags?, created, updated}]``, the last one current; a deleted one adds ``deletedAt`` and
``scheduledPurgeAt``. Times are seconds since 1970.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.vaults import rules
from practice_cloud.vaults.model import DAY

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def set_value(cloud: Cloud, vault: Doc, name: str, sent: Doc) -> Doc:
    """A new version of the secret. ``sent``: ``value, contentType?, tags?, attributes?``.

    Raises AzureError 400, or 409 while a deleted secret holds the name.
    """
    now = int(cloud.clock.now().timestamp())
    version: Doc = {
        "id": uuid.uuid4().hex,
        "value": rules.value(sent.get("value")),
        "enabled": True,
        **rules.attributes(sent.get("attributes")),
        "contentType": rules.content_type(sent.get("contentType")),
        "tags": rules.tags(sent.get("tags")),
        "created": now,
        "updated": now,
    }
    rules.consistent(version)
    with cloud.store.transaction():
        doc = any_state(cloud, vault, rules.name(name)) or {"name": name, "versions": []}
        if deleted(doc):
            raise held_by_deleted(doc["name"])
        doc["versions"].append(version)
        save(cloud, vault, doc)
    return doc


def any_state(cloud: Cloud, vault: Doc, name: str) -> Doc | None:
    """The secret, deleted or not; one whose retention is over is forgotten here."""
    doc = cloud.store.get("secret", _key(vault, name))
    if doc is not None and doc.get("scheduledPurgeAt", float("inf")) <= cloud.clock.now().timestamp():
        purge(cloud, vault, name)
        return None
    return doc


def live(cloud: Cloud, vault: Doc, name: str) -> Doc:
    """The secret that is there. Raises AzureError 404."""
    doc = any_state(cloud, vault, name)
    if doc is None or deleted(doc):
        raise not_found(name)
    return doc


def gone(cloud: Cloud, vault: Doc, name: str) -> Doc:
    """The deleted secret. Raises AzureError 404."""
    doc = any_state(cloud, vault, name)
    if doc is None or not deleted(doc):
        raise AzureError(404, "SecretNotFound", f"Deleted Secret not found: {name}")
    return doc


def all_live(cloud: Cloud, vault: Doc) -> list[Doc]:
    return [doc for doc in cloud.store.list("secret", owner=vault["uid"]) if not deleted(doc)]


def all_gone(cloud: Cloud, vault: Doc) -> list[Doc]:
    found = (
        any_state(cloud, vault, doc["name"]) for doc in cloud.store.list("secret", owner=vault["uid"]) if deleted(doc)
    )
    return [doc for doc in found if doc is not None]


def version_of(doc: Doc, version: str) -> Doc:
    """The version named, the current one for "". Raises AzureError 404."""
    if not version:
        return current(doc)
    for found in doc["versions"]:
        if found["id"] == version.lower():
            return dict(found)
    raise not_found(f"{doc['name']}/{version}")


def current(doc: Doc) -> Doc:
    return dict(doc["versions"][-1])


def deleted(doc: Doc) -> bool:
    return "deletedAt" in doc


def delete(cloud: Cloud, vault: Doc, name: str) -> Doc:
    now = int(cloud.clock.now().timestamp())
    until = now + vault["softDeleteRetentionInDays"] * DAY
    doc = {**live(cloud, vault, name), "deletedAt": now, "scheduledPurgeAt": until}
    save(cloud, vault, doc)
    return doc


def recover(cloud: Cloud, vault: Doc, name: str) -> Doc:
    doc = gone(cloud, vault, name)
    del doc["deletedAt"], doc["scheduledPurgeAt"]
    save(cloud, vault, doc)
    return doc


def purge(cloud: Cloud, vault: Doc, name: str) -> None:
    cloud.store.delete("secret", _key(vault, name))


def save(cloud: Cloud, vault: Doc, doc: Doc) -> None:
    cloud.store.put("secret", _key(vault, doc["name"]), doc, owner=vault["uid"])


def _key(vault: Doc, name: str) -> str:
    return f"{vault['uid']}/{name.lower()}"


def not_found(name: str) -> AzureError:
    return AzureError(
        404,
        "SecretNotFound",
        f"A secret with (name/id) {name} was not found in this key vault. If you recently deleted this secret you may"
        " be able to recover it using the correct recovery command. For help resolving this issue, please see"
        " https://go.microsoft.com/fwlink/?linkid=2125182",
    )


def held_by_deleted(name: str) -> AzureError:
    return AzureError(
        409,
        "Conflict",
        f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state,"
        " the secret can only be recovered or purged.",
        inner="ObjectIsDeletedButRecoverable",
    )
