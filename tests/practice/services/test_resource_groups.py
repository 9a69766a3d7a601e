"""Resource groups as a portal makes, tags, finds and deletes them."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.practice.services.clients import POLL, Azure

VERSION = "api-version=2024-11-01"


def tagged(azure: Azure, name: str, tags: dict[str, str]) -> str:
    """A user-assigned identity with those tags; its name."""
    azure.resources.providers.register("Microsoft.ManagedIdentity")
    place = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
    made = azure.arm("PUT", f"{place}/{name}?api-version=2023-01-31", {"location": "eastus", "tags": tags})
    assert made.status_code == 201, made.text
    return name


def test_what_was_tagged_is_found_by_its_tag(azure: Azure) -> None:
    mine = tagged(azure, "id-mine", {"lab": "16", "by": "portal"})
    tagged(azure, "id-other", {"lab": "17", "number": "16"})
    found: Any = azure.resources.resources.list
    assert {one.name for one in found(filter="tagName eq 'LAB'")} == {"id-mine", "id-other"}
    assert [one.name for one in found(filter="tagName eq 'lab' and tagValue eq '16'")] == [mine]
    assert [one.tags for one in found(filter="tagName eq 'lab' and tagValue eq '16'")] == [
        {"lab": "16", "by": "portal"}
    ]
    with pytest.raises(HttpResponseError) as raised:
        list(found(filter="tagName like 'lab'"))
    assert raised.value.status_code == 400


def test_groups_are_found_by_their_tags_too(azure: Azure) -> None:
    groups = azure.resources.resource_groups
    groups.create_or_update("rg-made", {"location": "eastus", "tags": {"lab": "16"}})
    assert [one.name for one in groups.list(filter="tagName eq 'lab' and tagValue eq '16'")] == ["rg-made"]
    groups.update("rg-made", {"tags": {"lab": "done"}})
    assert list(groups.list(filter="tagName eq 'lab' and tagValue eq '16'")) == []


def test_a_deletion_is_polled_until_the_group_and_all_in_it_are_gone(azure: Azure) -> None:
    name = tagged(azure, "id-mine", {"lab": "16"})
    with azure.cloud.conduct("timings", vm_power=30):
        started = azure.arm("DELETE", f"{azure.scope}/resourceGroups/{azure.group}?{VERSION}")
    assert started.status_code == 202
    poll = started.headers["location"].removeprefix("https://management.azure.com")
    waiting = azure.arm("GET", poll)
    assert (waiting.status_code, waiting.headers["location"]) == (202, started.headers["location"])
    assert 0 < int(waiting.headers["retry-after"]) <= 30
    with azure.cloud.conduct("clock", offset_seconds=31):
        assert azure.arm("GET", poll).status_code == 200
        assert azure.arm("GET", f"{azure.scope}/resourceGroups/{azure.group}?{VERSION}").status_code == 404
        assert name not in {one.name for one in azure.resources.resources.list()}


def test_a_deletion_that_fails_deletes_nothing_and_says_so(azure: Azure) -> None:
    azure.cloud.ask("POST", f"/students/{azure.sid}/scenarios", {"name": "operation-fails"})
    groups = azure.resources.resource_groups
    with pytest.raises(HttpResponseError) as raised:
        groups.begin_delete(azure.group, polling_interval=POLL).result()
    assert raised.value.status_code == 409
    group: Any = groups.get(azure.group)
    assert group.properties.provisioning_state == "Succeeded"
    assert [vm.name for vm in azure.compute.virtual_machines.list(azure.group)] == [azure.vm]
