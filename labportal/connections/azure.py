"""From a connection to the Azure behind it. Used in the worker only: here the credential is opened."""

from __future__ import annotations

from django.conf import settings

from labportal.connections.models import Connection
from labportal.connections.sealing import open_sealed
from labportal.gateway import Cloud, ServicePrincipal, open_azure
from labportal.gateway.sent import Hear
from steps.kit.azure import Azure


class NoPracticeCloud(RuntimeError):
    """Without its address a practice connection would lead to Azure itself, and take its credential there."""


def azure_of(connection: Connection, *, may_write: bool, heard: Hear) -> Azure:
    """``heard`` is told of each request, for the student's ledger (``labportal.ledger``).

    Raises ``sealing.CannotOpen`` when the credential cannot be opened, NoPracticeCloud where none is set.
    """
    who = ServicePrincipal(
        tenant_id=connection.tenant_id,
        subscription_id=connection.subscription_id,
        client_id=connection.client_id,
        client_secret=open_sealed(connection.sealed_secret, place=connection.place_of_secret),
    )
    return open_azure(_cloud_of(connection), who, may_write=may_write, heard=heard)


def _cloud_of(connection: Connection) -> Cloud:
    if connection.cloud == Connection.Cloud.PRACTICE:
        if not settings.PRACTICE_PROXY:
            raise NoPracticeCloud("LAB_PRACTICE_PROXY is not set. Start the portal with ./lab.")
        return Cloud(proxy=settings.PRACTICE_PROXY, ca_bundle=settings.PRACTICE_CA)
    return Cloud()
