"""Key Vault's data plane: the secrets and the keys of every vault, each under its own host name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette

from practice_cloud.errors import azure_app
from practice_cloud.keyvault import access, backup, handlers, keys
from practice_cloud.keyvault.wire import Needs, route
from practice_cloud.routing import Routes

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def build(cloud: Cloud) -> Starlette:
    """The service behind ``*.vault.azure.net``. The order matters: fixed words before names."""
    routes = {**_secrets(), **_keys()}
    both = [(f"{path}{slash}", methods) for path, methods in routes.items() for slash in ("", "/")]
    return azure_app([Routes([route(cloud, path, methods) for path, methods in both])])


def _secrets() -> dict[str, dict[str, Needs]]:
    kind = handlers.KIND
    one: dict[str, Needs] = {
        "GET": (access.GET, handlers.get),
        "PUT": (access.SET, handlers.set_),
        "PATCH": (access.UPDATE, handlers.update),
        "DELETE": (access.DELETE, kind.delete),
        "POST": (access.RESTORE, backup.restore),
    }
    rights = {
        "list": access.LIST,
        "get_deleted": access.GET_DELETED,
        "purge": access.PURGE,
        "recover": access.RECOVER,
    }
    return {
        **kind.routes(rights),
        "/secrets/{name}": one,
        "/secrets/{name}/backup": {"POST": (access.BACKUP, backup.backup)},
        "/secrets/{name}/{version}": {"GET": (access.GET, handlers.get), "PATCH": (access.UPDATE, handlers.update)},
    }


def _keys() -> dict[str, dict[str, Needs]]:
    kind = keys.KIND
    rights = {
        "list": access.key("list", "read"),
        "get_deleted": access.key("get", "read"),
        "purge": access.key("purge", "purge/action"),
        "recover": access.key("recover", "recover/action"),
    }
    get, update = (access.key("get", "read"), keys.get), (access.key("update", "update/action"), keys.update)
    return {
        **kind.routes(rights),
        "/keys/{name}": {"GET": get, "PATCH": update, "DELETE": (access.key("delete", "delete"), kind.delete)},
        "/keys/{name}/rotationpolicy": {},
        "/keys/{name}/create": {"POST": (access.key("create", "create/action"), keys.create)},
        "/keys/{name}/{version}": {"GET": get, "PATCH": update},
    }
