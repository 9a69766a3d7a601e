"""Secrets as they are kept: the only place in the practice cloud where their values are.

``secret``/{vault uid}/{name lower}, owned by the vault's uid: ``name, versions: [{id, value, enabled, nbf?, exp?,
contentType?, tags?, created, updated}]``, the last one current; a deleted one adds ``deletedAt`` and
``scheduledPurgeAt``. ``settling: {doing, until}`` is there while it is "deleting", "recovering" or "purging": until
then it is neither among the secrets nor among the deleted ones. Times are seconds since 1970.
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

    Raises AzureError 400, or 409 while a deleted secret holds the name, or one that is on its way.
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
        require_free(cloud, doc)
        doc["versions"].append(version)
        save(cloud, vault, doc)
    return doc


def any_state(cloud: Cloud, vault: Doc, name: str) -> Doc | None:
    """The secret, deleted or not; one whose purge or retention is over is forgotten here."""
    doc = cloud.store.get("secret", _key(vault, name))
    if doc is None:
        return None
    purged = doc.get("settling", {}).get("doing") == "purging" and not doing(cloud, doc)
    if purged or doc.get("scheduledPurgeAt", float("inf")) <= cloud.clock.now().timestamp():
        purge(cloud, vault, name)
        return None
    return doc


def live(cloud: Cloud, vault: Doc, name: str) -> Doc:
    """The secret that is there. Raises AzureError 404."""
    doc = any_state(cloud, vault, name)
    if doc is None or not there(cloud, doc):
        raise not_found(name)
    return doc


def gone(cloud: Cloud, vault: Doc, name: str) -> Doc:
    """The deleted secret. Raises AzureError 404, as while it is still being deleted."""
    doc = any_state(cloud, vault, name)
    if doc is None or not deleted(doc) or doing(cloud, doc):
        raise AzureError(404, "SecretNotFound", f"Deleted Secret not found: {name}")
    return doc


def all_live(cloud: Cloud, vault: Doc) -> list[Doc]:
    return [doc for doc in cloud.store.list("secret", owner=vault["uid"]) if there(cloud, doc)]


def all_gone(cloud: Cloud, vault: Doc) -> list[Doc]:
    found = (
        any_state(cloud, vault, doc["name"]) for doc in cloud.store.list("secret", owner=vault["uid"]) if deleted(doc)
    )
    return [doc for doc in found if doc is not None and not doing(cloud, doc)]


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


def there(cloud: Cloud, doc: Doc) -> bool:
    """Whether it is among the secrets now: neither deleted nor still being recovered."""
    return not deleted(doc) and not doing(cloud, doc)


def doing(cloud: Cloud, doc: Doc) -> str:
    """What is under way with it: "deleting", "recovering", "purging", or ""."""
    settling = doc.get("settling")
    return str(settling["doing"]) if settling and cloud.clock.now().timestamp() < settling["until"] else ""


def delete(cloud: Cloud, vault: Doc, name: str) -> Doc:
    """The deletion takes a while to be there. Raises AzureError 404."""
    now = int(cloud.clock.now().timestamp())
    until = now + vault["softDeleteRetentionInDays"] * DAY
    doc = _settling(cloud, vault, live(cloud, vault, name), "deleting")
    doc |= {"deletedAt": now, "scheduledPurgeAt": until}
    save(cloud, vault, doc)
    return doc


def recover(cloud: Cloud, vault: Doc, name: str) -> Doc:
    """Raises AzureError 404, or 409 while it is still being deleted."""
    _not_deleting(cloud, vault, name)
    doc = _settling(cloud, vault, gone(cloud, vault, name), "recovering")
    del doc["deletedAt"], doc["scheduledPurgeAt"]
    save(cloud, vault, doc)
    return doc


def begin_to_purge(cloud: Cloud, vault: Doc, name: str) -> None:
    """Raises AzureError 404, or 409 while it is still being deleted."""
    _not_deleting(cloud, vault, name)
    save(cloud, vault, _settling(cloud, vault, gone(cloud, vault, name), "purging"))


def _settling(cloud: Cloud, vault: Doc, doc: Doc, doing: str) -> Doc:
    until = cloud.clock.now().timestamp() + cloud.timings_of(vault["sid"]).secret_delete
    return {**doc, "settling": {"doing": doing, "until": until}}


def purge(cloud: Cloud, vault: Doc, name: str) -> None:
    """It is no more, whatever state it was in."""
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


def require_free(cloud: Cloud, doc: Doc) -> None:
    """Raises AzureError 409, as recorded, while the name is held: by a deleted secret, or by one on its way."""
    under_way = doing(cloud, doc)
    if under_way:
        word = "recovered" if under_way == "recovering" else "deleted"
        raise AzureError(
            409,
            "Conflict",
            f"Secret {doc['name']} is currently being {word} and cannot be re-created; retry later.",
            inner="ObjectIsBeingRecovered" if under_way == "recovering" else "ObjectIsBeingDeleted",
        )
    if deleted(doc):
        raise AzureError(
            409,
            "Conflict",
            f"Secret {doc['name']} is currently in a deleted but recoverable state, and its name cannot be reused; in"
            " this state, the secret can only be recovered or purged.",
            inner="ObjectIsDeletedButRecoverable",
        )


def _not_deleting(cloud: Cloud, vault: Doc, name: str) -> None:
    """Recorded: what is still being deleted can be neither recovered nor purged."""
    doc = any_state(cloud, vault, name)
    if doc is not None and doing(cloud, doc) == "deleting":
        raise AzureError(409, "Conflict", "Secret is currently being deleted.", inner="ObjectIsBeingDeleted")
