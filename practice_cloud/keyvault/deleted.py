"""Deleted secrets: get, list, recover, purge."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.errors import AzureError
from practice_cloud.keyvault import render
from practice_cloud.keyvault.paging import page
from practice_cloud.keyvault.wire import Call
from practice_cloud.vaults import secrets


async def get(call: Call) -> Response:
    doc = secrets.gone(call.cloud, call.vault, call.name)
    return JSONResponse(render.deleted_bundle(call.vault, doc, call.api_version))


async def list_(call: Call) -> Response:
    return page(
        call,
        secrets.all_gone(call.cloud, call.vault),
        key=lambda doc: str(doc["name"]).lower(),
        show=lambda doc: render.deleted_item(call.vault, doc, call.api_version),
    )


async def recover(call: Call) -> Response:
    doc = secrets.recover(call.cloud, call.vault, call.name)
    return JSONResponse(render.bundle(call.vault, doc, secrets.current(doc), call.api_version, value=False))


async def purge(call: Call) -> Response:
    """204. Raises AzureError 403 where the vault has purge protection, 409 while the secret is still being deleted."""
    if call.vault.get("enablePurgeProtection"):
        secrets.gone(call.cloud, call.vault, call.name)
        raise AzureError(
            403,
            "Forbidden",
            'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service'
            " will automatically purge it after the retention period has passed.\r\n"
            f"Vault: {call.vault['name']};location={call.vault['location']}",
        )
    secrets.begin_to_purge(call.cloud, call.vault, call.name)
    return Response(status_code=204)
