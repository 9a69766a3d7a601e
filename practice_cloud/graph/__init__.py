"""Microsoft Graph, as much of the directory as az asks for. Everyone sees their own tenant only."""

from __future__ import annotations

from starlette.applications import Starlette

from practice_cloud.cloud import Cloud
from practice_cloud.errors import azure_app
from practice_cloud.graph import groups, handlers, keys, passwords, principals, sessions

_ROOMS = (groups, passwords, keys, sessions, principals, handlers)


def build(cloud: Cloud) -> Starlette:
    app = azure_app(
        [*groups.routes, *passwords.routes, *keys.routes, *sessions.routes, *principals.routes, *handlers.routes]
    )
    app.state.cloud = cloud
    return app
