"""A practice credential never travels to Azure itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labportal.connections import azure
from labportal.connections.models import Connection
from labportal.connections.sealing import seal
from labportal.gateway.sent import unheard

if TYPE_CHECKING:
    from pytest_django import Settings


def test_without_a_practice_cloud_a_practice_connection_leads_nowhere(settings: Settings) -> None:
    settings.PRACTICE_PROXY = settings.PRACTICE_CA = ""
    connection = Connection(pk=7, cloud="practice", tenant_id="t", subscription_id="s", client_id="c")
    connection.sealed_secret = seal("secret", place=connection.place_of_secret)
    with pytest.raises(azure.NoPracticeCloud, match="LAB_PRACTICE_PROXY"):
        azure.azure_of(connection, may_write=False, heard=unheard)
