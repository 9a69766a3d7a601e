"""Backup and restore. A backup is sealed, and opens in the subscription it was made in and nowhere else
(https://learn.microsoft.com/azure/key-vault/general/backup)."""

from __future__ import annotations

import base64
import binascii
import json
import os
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.responses import JSONResponse, Response

from practice_cloud.errors import AzureError, not_implemented
from practice_cloud.keyvault import render
from practice_cloud.keyvault.wire import Call
from practice_cloud.store import Doc
from practice_cloud.vaults import rules, secrets, shelf

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

_NONCE = 12


async def backup(call: Call) -> Response:
    doc = secrets.SHELF.live(call.cloud, call.vault, rules.name(call.name))
    nonce = os.urandom(_NONCE)
    sealed = _cipher(call.cloud).encrypt(nonce, json.dumps(doc).encode(), call.vault["sid"].encode())
    return JSONResponse({"value": base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")})


async def restore(call: Call) -> Response:
    """``POST /secrets/restore``: the secret with all its versions.

    Raises AzureError 400 for no backup of this subscription's, 409 for a taken name.
    """
    if call.name.lower() != "restore":
        raise not_implemented(call.request)
    body = await call.body()
    doc = _opened(call, body.get("value"))
    with call.cloud.store.transaction():
        existing = secrets.SHELF.any_state(call.cloud, call.vault, doc["name"])
        if existing is not None:
            secrets.SHELF.require_free(call.cloud, existing)
            raise AzureError(
                409,
                "Conflict",
                f"The secret {doc['name']} already exists in this key vault and cannot be restored over.",
            )
        secrets.SHELF.save(call.cloud, call.vault, doc)
    return JSONResponse(render.bundle(call.vault, doc, shelf.current(doc), call.api_version, value=False))


def _opened(call: Call, sent: Any) -> Doc:
    try:
        raw = base64.urlsafe_b64decode(str(sent) + "=" * (-len(str(sent)) % 4))
        opened = _cipher(call.cloud).decrypt(raw[:_NONCE], raw[_NONCE:], call.vault["sid"].encode())
    except (binascii.Error, ValueError, InvalidTag) as error:
        raise rules.bad_parameter("The backup is damaged, or was made in another subscription.") from error
    found: Doc = json.loads(opened)
    return found


def _cipher(cloud: Cloud) -> AESGCM:
    kept = cloud.store.get("setting", "backup-key")
    if kept is None:
        kept = {"key": base64.b64encode(AESGCM.generate_key(256)).decode()}
        cloud.store.put("setting", "backup-key", kept)
    return AESGCM(base64.b64decode(kept["key"]))
