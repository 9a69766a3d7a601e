"""The metadata service of practice VMs, each at ``/vm/{imdsKey}`` on one port; and the device code page,
which a browser must reach without a proxy."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route

from practice_cloud.cloud import Cloud
from practice_cloud.entra import device
from practice_cloud.errors import azure_app
from practice_cloud.imds import identity, instance
from practice_cloud.imds.errors import ImdsError, answer


def build(cloud: Cloud) -> Starlette:
    routes = [
        Route(f"/vm/{{imds_key}}/metadata/identity/oauth2/token{slash}", identity.token, methods=["GET"])
        for slash in ("", "/")
    ]
    routes += [
        Route(f"/vm/{{imds_key}}/metadata/instance{slash}", instance.show, methods=["GET"]) for slash in ("", "/")
    ]
    app = azure_app([*routes, *device.page_routes])
    app.add_exception_handler(ImdsError, answer)
    app.state.cloud = cloud
    return app
