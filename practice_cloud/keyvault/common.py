"""What is done to secrets and to keys alike: list, list versions, delete, and what becomes of the deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from practice_cloud.errors import AzureError
from practice_cloud.keyvault.access import Right
from practice_cloud.keyvault.paging import page
from practice_cloud.keyvault.render import deletion
from practice_cloud.keyvault.wire import Call, Needs
from practice_cloud.store import Doc
from practice_cloud.vaults import rules
from practice_cloud.vaults.shelf import Shelf, current, there


@dataclass(frozen=True, slots=True)
class Kind:
    """``path`` is "secrets" or "keys". ``whole`` shows a version, ``short`` a thing in a list."""

    path: str
    shelf: Shelf
    whole: Callable[[Call, Doc, Doc], Doc]
    short: Callable[[Call, Doc], Doc]

    def routes(self, rights: Mapping[str, Right]) -> dict[str, dict[str, Needs]]:
        """``rights`` by what is done: list, get deleted, purge, recover."""
        one = f"/deleted{self.path}/{{name}}"
        gone: dict[str, Needs] = {
            "GET": (rights["get_deleted"], self.get_deleted),
            "DELETE": (rights["purge"], self.purge),
        }
        return {
            f"/{self.path}": {"GET": (rights["list"], self.list)},
            f"/{self.path}/{{name}}/versions": {"GET": (rights["list"], self.versions)},
            f"/deleted{self.path}": {"GET": (rights["list"], self.list_deleted)},
            one: gone,
            f"{one}/recover": {"POST": (rights["recover"], self.recover)},
        }

    async def list(self, call: Call) -> Response:
        return page(
            call, self.shelf.all_live(call.cloud, call.vault), key=_by_name, show=lambda doc: self.short(call, doc)
        )

    async def versions(self, call: Call) -> Response:
        """What is not there has no versions: 200 and an empty list (recorded)."""
        doc = self.shelf.any_state(call.cloud, call.vault, rules.name(call.name))
        found = doc["versions"] if doc is not None and there(call.cloud, doc) else []
        show = lambda version: self.whole(call, doc or {}, version)  # noqa: E731
        return page(call, found, key=lambda version: str(version["id"]), show=show)

    async def delete(self, call: Call) -> Response:
        doc = self.shelf.delete(call.cloud, call.vault, rules.name(call.name))
        return JSONResponse(self._deleted(call, doc))

    async def get_deleted(self, call: Call) -> Response:
        return JSONResponse(self._deleted(call, self.shelf.gone(call.cloud, call.vault, call.name)))

    async def list_deleted(self, call: Call) -> Response:
        found = self.shelf.all_gone(call.cloud, call.vault)
        return page(call, found, key=_by_name, show=lambda doc: {**self._deletion(call, doc), **self.short(call, doc)})

    async def recover(self, call: Call) -> Response:
        doc = self.shelf.recover(call.cloud, call.vault, call.name)
        return JSONResponse(self.whole(call, doc, current(doc)))

    async def purge(self, call: Call) -> Response:
        """204. Raises AzureError 403 where the vault has purge protection, 409 while it is still being deleted."""
        if call.vault.get("enablePurgeProtection"):
            self.shelf.gone(call.cloud, call.vault, call.name)
            raise AzureError(
                403,
                "Forbidden",
                'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service'
                " will automatically purge it after the retention period has passed.\r\n"
                f"Vault: {call.vault['name']};location={call.vault['location']}",
            )
        self.shelf.begin_to_purge(call.cloud, call.vault, call.name)
        return Response(status_code=204)

    def _deleted(self, call: Call, doc: Doc) -> Doc:
        return {**self._deletion(call, doc), **self.whole(call, doc, current(doc))}

    def _deletion(self, call: Call, doc: Doc) -> Doc:
        return deletion(call.vault, doc, self.path)


def _by_name(doc: Doc) -> str:
    return str(doc["name"]).lower()
