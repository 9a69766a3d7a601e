"""Azure Resource Manager: everything behind ``management.azure.com``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from practice_cloud.arm.core import urls as core
from practice_cloud.arm.deployments import urls as deployments
from practice_cloud.arm.identities import urls as identities
from practice_cloud.arm.network import urls as network
from practice_cloud.arm.policies import urls as policies
from practice_cloud.arm.quota import Quota
from practice_cloud.arm.roles import urls as roles
from practice_cloud.arm.schedules import urls as schedules
from practice_cloud.arm.slashes import OneSlash
from practice_cloud.arm.vaults import urls as vaults
from practice_cloud.arm.vms import run_command
from practice_cloud.arm.vms import urls as vms
from practice_cloud.arm.wire import route
from practice_cloud.errors import azure_app
from practice_cloud.routing import Routes

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def build(cloud: Cloud) -> Starlette:
    """The service. Commands that were running when the process last ended are failed now: nobody runs them any more."""
    run_command.fail_interrupted(cloud)
    rooms = (core, vaults, vms, identities, network, policies, roles, schedules, deployments)
    operations = sorted((one for room in rooms for one in room.OPERATIONS), key=lambda one: one.path.lower())
    paths = groupby(operations, key=lambda one: one.path.lower())
    quota = Quota()
    app = azure_app([Routes([route(cloud, list(same), quota) for _, same in paths])])
    app.add_middleware(OneSlash)
    return app
