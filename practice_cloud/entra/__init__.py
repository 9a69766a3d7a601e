"""Microsoft Entra ID on login.microsoftonline.com: discovery, tokens, and the pages where a student signs in.

Error codes and reply shapes follow Microsoft's reference of AADSTS codes and the identity platform's protocol pages.
"""

from __future__ import annotations

from starlette.applications import Starlette

from practice_cloud.cloud import Cloud
from practice_cloud.entra import admin, authorize, device, discovery, token
from practice_cloud.entra.errors import EntraError, answer
from practice_cloud.errors import azure_app


def build(cloud: Cloud) -> Starlette:
    app = azure_app([*discovery.routes, *token.routes, *device.routes, *authorize.routes, *admin.routes])
    app.add_exception_handler(EntraError, answer)
    app.state.cloud = cloud
    return app
