"""What a vault keeps on its shelves, one for each kind of thing: secrets, keys. All are deleted, recovered and purged
alike, and all have versions.

``{kind}``/{vault uid}/{name lower}, owned by the vault's uid: ``name, versions: [{id, created, updated, …}]``, the last
one current; a deleted one adds ``deletedAt`` and ``scheduledPurgeAt``. ``settling: {doing, until}`` is there while it
is "deleting", "recovering" or "purging": until then it is neither among what is there nor among the deleted. Times are
seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.vaults import rules
from practice_cloud.vaults.model import DAY

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def current(doc: Doc) -> Doc:
    return dict(doc["versions"][-1])


def deleted(doc: Doc) -> bool:
    return "deletedAt" in doc


def doing(cloud: Cloud, doc: Doc) -> str:
    """What is under way with it: "deleting", "recovering", "purging", or ""."""
    settling = doc.get("settling")
    return str(settling["doing"]) if settling and cloud.clock.now().timestamp() < settling["until"] else ""


def there(cloud: Cloud, doc: Doc) -> bool:
    """Whether it is there now: neither deleted nor still being recovered."""
    return not deleted(doc) and not doing(cloud, doc)


@dataclass(frozen=True, slots=True)
class Shelf:
    """``kind`` is the kind of its documents, "secret"; ``noun`` is how messages name it, "Secret"."""

    kind: str
    noun: str

    def keep(self, cloud: Cloud, vault: Doc, name: str, version: Doc) -> Doc:
        """A new version of the thing. Raises AzureError 400, or 409 while a deleted one holds the name, or one that is
        on its way."""
        rules.consistent(version)
        with cloud.store.transaction():
            doc = self.any_state(cloud, vault, rules.name(name)) or {"name": name, "versions": []}
            self.require_free(cloud, doc)
            doc["versions"].append(version)
            self.save(cloud, vault, doc)
        return doc

    def any_state(self, cloud: Cloud, vault: Doc, name: str) -> Doc | None:
        """The thing, deleted or not; one whose purge or retention is over is forgotten here."""
        doc = cloud.store.get(self.kind, self._key(vault, name))
        if doc is None:
            return None
        purged = doc.get("settling", {}).get("doing") == "purging" and not doing(cloud, doc)
        if purged or doc.get("scheduledPurgeAt", float("inf")) <= cloud.clock.now().timestamp():
            self.purge(cloud, vault, name)
            return None
        return doc

    def live(self, cloud: Cloud, vault: Doc, name: str) -> Doc:
        """What is there. Raises AzureError 404."""
        doc = self.any_state(cloud, vault, name)
        if doc is None or not there(cloud, doc):
            raise self.not_found(name)
        return doc

    def gone(self, cloud: Cloud, vault: Doc, name: str) -> Doc:
        """What is deleted. Raises AzureError 404, as while it is still being deleted."""
        doc = self.any_state(cloud, vault, name)
        if doc is None or not deleted(doc) or doing(cloud, doc):
            raise AzureError(404, f"{self.noun}NotFound", f"Deleted {self.noun} not found: {name}")
        return doc

    def all_live(self, cloud: Cloud, vault: Doc) -> list[Doc]:
        return [doc for doc in cloud.store.list(self.kind, owner=vault["uid"]) if there(cloud, doc)]

    def all_gone(self, cloud: Cloud, vault: Doc) -> list[Doc]:
        found = (
            self.any_state(cloud, vault, doc["name"])
            for doc in cloud.store.list(self.kind, owner=vault["uid"])
            if deleted(doc)
        )
        return [doc for doc in found if doc is not None and not doing(cloud, doc)]

    def version_of(self, doc: Doc, version: str) -> Doc:
        """The version named, the current one for "". Raises AzureError 404."""
        if not version:
            return current(doc)
        for found in doc["versions"]:
            if found["id"] == version.lower():
                return dict(found)
        raise self.not_found(f"{doc['name']}/{version}")

    def delete(self, cloud: Cloud, vault: Doc, name: str) -> Doc:
        """The deletion takes a while to be there. Raises AzureError 404."""
        now = int(cloud.clock.now().timestamp())
        until = now + vault["softDeleteRetentionInDays"] * DAY
        doc = self._settling(cloud, vault, self.live(cloud, vault, name), "deleting")
        doc |= {"deletedAt": now, "scheduledPurgeAt": until}
        self.save(cloud, vault, doc)
        return doc

    def recover(self, cloud: Cloud, vault: Doc, name: str) -> Doc:
        """Raises AzureError 404, or 409 while it is still being deleted."""
        self._not_deleting(cloud, vault, name)
        doc = self._settling(cloud, vault, self.gone(cloud, vault, name), "recovering")
        del doc["deletedAt"], doc["scheduledPurgeAt"]
        self.save(cloud, vault, doc)
        return doc

    def begin_to_purge(self, cloud: Cloud, vault: Doc, name: str) -> None:
        """Raises AzureError 404, or 409 while it is still being deleted."""
        self._not_deleting(cloud, vault, name)
        self.save(cloud, vault, self._settling(cloud, vault, self.gone(cloud, vault, name), "purging"))

    def purge(self, cloud: Cloud, vault: Doc, name: str) -> None:
        """It is no more, whatever state it was in."""
        cloud.store.delete(self.kind, self._key(vault, name))

    def require_free(self, cloud: Cloud, doc: Doc) -> None:
        """Raises AzureError 409, as recorded, while the name is held: by a deleted one, or by one on its way."""
        under_way = doing(cloud, doc)
        if under_way:
            word = "recovered" if under_way == "recovering" else "deleted"
            raise AzureError(
                409,
                "Conflict",
                f"{self.noun} {doc['name']} is currently being {word} and cannot be re-created; retry later.",
                inner="ObjectIsBeingRecovered" if under_way == "recovering" else "ObjectIsBeingDeleted",
            )
        if deleted(doc):
            raise AzureError(
                409,
                "Conflict",
                f"{self.noun} {doc['name']} is currently in a deleted but recoverable state, and its name cannot be"
                f" reused; in this state, the {self.kind} can only be recovered or purged.",
                inner="ObjectIsDeletedButRecoverable",
            )

    def change(self, cloud: Cloud, vault: Doc, doc: Doc, version: Doc, *, sent: Doc, now: int) -> None:
        """Changes of a version what ``sent`` names (attributes, tags) and nothing else, and keeps it. Within a
        transaction. Raises AzureError 400."""
        version |= rules.attributes(sent.get("attributes"))
        if sent.get("tags") is not None:
            version["tags"] = rules.tags(sent["tags"])
        version["updated"] = now
        rules.consistent(version)
        doc["versions"] = [version if one["id"] == version["id"] else one for one in doc["versions"]]
        self.save(cloud, vault, doc)

    def save(self, cloud: Cloud, vault: Doc, doc: Doc) -> None:
        cloud.store.put(self.kind, self._key(vault, doc["name"]), doc, owner=vault["uid"])

    def not_found(self, name: str) -> AzureError:
        return AzureError(
            404,
            f"{self.noun}NotFound",
            f"A {self.kind} with (name/id) {name} was not found in this key vault. If you recently deleted this"
            f" {self.kind} you may be able to recover it using the correct recovery command. For help resolving this"
            " issue, please see https://go.microsoft.com/fwlink/?linkid=2125182",
        )

    def _not_deleting(self, cloud: Cloud, vault: Doc, name: str) -> None:
        """Recorded: what is still being deleted can be neither recovered nor purged."""
        doc = self.any_state(cloud, vault, name)
        if doc is not None and doing(cloud, doc) == "deleting":
            raise AzureError(409, "Conflict", f"{self.noun} is currently being deleted.", inner="ObjectIsBeingDeleted")

    def _settling(self, cloud: Cloud, vault: Doc, doc: Doc, what: str) -> Doc:
        until = cloud.clock.now().timestamp() + cloud.timings_of(vault["sid"]).secret_delete
        return {**doc, "settling": {"doing": what, "until": until}}

    def _key(self, vault: Doc, name: str) -> str:
        return f"{vault['uid']}/{name.lower()}"
