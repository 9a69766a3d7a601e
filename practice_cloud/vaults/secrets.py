"""Secrets as they are kept (``practice_cloud.vaults.shelf``): the only place in the practice cloud where their values
are. A version: ``id, value, enabled, nbf?, exp?, contentType?, tags?, created, updated``."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from practice_cloud.store import Doc
from practice_cloud.vaults import rules, shelf

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

SHELF = shelf.Shelf("secret", "Secret")


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
    return SHELF.keep(cloud, vault, name, version)
