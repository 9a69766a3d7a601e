"""Key Vault's data plane: the secrets of every vault, each under its own host name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette

from practice_cloud.errors import azure_app
from practice_cloud.keyvault import access, backup, deleted, handlers
from practice_cloud.keyvault.wire import route
from practice_cloud.routing import Routes

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def build(cloud: Cloud) -> Starlette:
    """The service behind ``*.vault.azure.net``. The order matters: fixed words before names."""
    one = {
        "GET": (access.GET, handlers.get),
        "PUT": (access.SET, handlers.set_),
        "PATCH": (access.UPDATE, handlers.update),
        "DELETE": (access.DELETE, handlers.delete),
        "POST": (access.RESTORE, backup.restore),
    }
    version = {"GET": (access.GET, handlers.get), "PATCH": (access.UPDATE, handlers.update)}
    routes = {
        "/secrets": {"GET": (access.LIST, handlers.list_)},
        "/secrets/{name}": one,
        "/secrets/{name}/versions": {"GET": (access.LIST, handlers.versions)},
        "/secrets/{name}/backup": {"POST": (access.BACKUP, backup.backup)},
        "/secrets/{name}/{version}": version,
        "/deletedsecrets": {"GET": (access.LIST, deleted.list_)},
        "/deletedsecrets/{name}": {"GET": (access.GET_DELETED, deleted.get), "DELETE": (access.PURGE, deleted.purge)},
        "/deletedsecrets/{name}/recover": {"POST": (access.RECOVER, deleted.recover)},
    }
    both = [(f"{path}{slash}", methods) for path, methods in routes.items() for slash in ("", "/")]
    return azure_app([Routes([route(cloud, path, methods) for path, methods in both])])
