"""The metadata service of practice VMs, each at ``/vm/{imdsKey}`` on one port; and the device code page,
which a browser must reach without a proxy."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route

from practice_cloud.cloud import Cloud
from practice_cloud.entra import device
from practice_cloud.errors import azure_app
from practice_cloud.imds import identity, instance
from practice_cloud.imds.errors import OTHER_METHODS, ImdsError, answer, no_such_thing, not_that_way


def build(cloud: Cloud) -> Starlette:
    routes = []
    for path, show in (("identity/oauth2/token", identity.token), ("instance", instance.show)):
        for slash in ("", "/"):
            routes.append(Route(f"/vm/{{imds_key}}/metadata/{path}{slash}", show, methods=["GET"]))
            routes.append(Route(f"/vm/{{imds_key}}/metadata/{path}{slash}", not_that_way, methods=OTHER_METHODS))
    routes.append(Route("/vm/{imds_key}/{anything:path}", no_such_thing, methods=["GET", *OTHER_METHODS]))
    app = azure_app([*routes, *device.page_routes])
    app.add_exception_handler(ImdsError, answer)
    app.state.cloud = cloud
    return app
