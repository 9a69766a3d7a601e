"""Auto-shutdown, by the client for resources of every kind, as whoever has no client of its own for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from tests.practice.services.clients import POLL, Azure

VERSION = "2018-09-15"


def schedule_id(azure: Azure, name: str = "") -> str:
    place = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.DevTestLab/schedules"
    return f"{place}/{name or f'shutdown-computevm-{azure.vm}'}"


def wanted(azure: Azure, **changed: Any) -> Any:
    properties = {
        "status": "Enabled",
        "taskType": "ComputeVmShutdownTask",
        "dailyRecurrence": {"time": "1900"},
        "timeZoneId": "UTC",
        "notificationSettings": {"status": "Disabled", "timeInMinutes": 30},
        "targetResourceId": azure.vm_id,
        **changed,
    }
    return {"location": "eastus", "tags": {"lab": "16"}, "properties": properties}


def registered(azure: Azure) -> Azure:
    azure.resources.providers.register("Microsoft.DevTestLab")
    return azure


def put(azure: Azure, name: str = "", **changed: Any) -> Any:
    resources = azure.resources.resources
    place, body = schedule_id(azure, name), wanted(azure, **changed)
    return resources.begin_create_or_update_by_id(place, body, api_version=VERSION, polling_interval=POLL).result()


def refused(ask: Callable[[], object]) -> tuple[int | None, str]:
    with pytest.raises(HttpResponseError) as raised:
        ask()
    return raised.value.status_code, str(raised.value.error.code if raised.value.error else "")


def signed_in_anew(azure: Azure) -> Azure:
    """A token does not last as long as the clock is set forward."""
    return Azure(azure.cloud, azure.student)


def power(before: Azure) -> str:
    azure = signed_in_anew(before)
    view = azure.compute.virtual_machines.instance_view(azure.group, azure.vm)
    return next(str(one.code) for one in view.statuses or [] if str(one.code).startswith("PowerState/"))


def test_a_subscription_is_not_registered_for_it_at_first(azure: Azure) -> None:
    assert azure.resources.providers.get("Microsoft.DevTestLab").registration_state == "NotRegistered"
    assert refused(lambda: put(azure)) == (409, "MissingSubscriptionRegistration")
    assert put(registered(azure)).name == f"shutdown-computevm-{azure.vm}"


def test_a_schedule_is_set_shown_found_and_deleted(azure: Azure) -> None:
    made = put(registered(azure))
    assert (made.properties["dailyRecurrence"], made.properties["status"]) == ({"time": "1900"}, "Enabled")
    assert made.properties["targetResourceId"] == azure.vm_id
    again = azure.resources.resources.get_by_id(schedule_id(azure), api_version=VERSION)
    assert again.properties == made.properties
    found = azure.resources.resources.list(filter="tagName eq 'lab' and tagValue eq '16'")
    assert [one.type for one in found] == ["Microsoft.DevTestLab/schedules"]
    path = f"{schedule_id(azure).rpartition('/')[0]}?api-version={VERSION}"
    assert [one["name"] for one in azure.arm("GET", path).json()["value"]] == [made.name]
    azure.resources.resources.begin_delete_by_id(
        schedule_id(azure), api_version=VERSION, polling_interval=POLL
    ).result()
    with pytest.raises(ResourceNotFoundError):
        azure.resources.resources.get_by_id(schedule_id(azure), api_version=VERSION)
    assert azure.arm("DELETE", f"{schedule_id(azure)}?api-version={VERSION}").status_code == 204


def test_it_is_called_after_its_machine_which_is_there(azure: Azure) -> None:
    registered(azure)
    assert refused(lambda: put(azure, "auto-shutdown")) == (400, "InvalidScheduleId")
    assert refused(lambda: put(azure, targetResourceId=f"{azure.vm_id}-none")) == (404, "ResourceNotFound")
    assert refused(lambda: put(azure, dailyRecurrence={"time": "2500"})) == (400, "InvalidRequestContent")
    assert refused(lambda: put(azure, taskType="LabVmsStartupTask")) == (501, "NotImplementedByPracticeCloud")
    assert refused(lambda: put(azure, timeZoneId="Mars")) == (501, "NotImplementedByPracticeCloud")
    assert azure.arm("POST", f"{schedule_id(azure)}/execute?api-version={VERSION}").status_code == 501


@pytest.mark.parametrize("zone", ["UTC", "W. Europe Standard Time", "Pacific Standard Time"])
def test_the_machine_is_off_when_its_time_has_come_and_runs_when_it_is_started_again(azure: Azure, zone: str) -> None:
    put(registered(azure), timeZoneId=zone)
    assert power(azure) == "PowerState/running", "what was before it was set does not count"
    with azure.cloud.conduct("clock", offset_seconds=24 * 3600):
        assert power(azure) == "PowerState/deallocated"
        machines = signed_in_anew(azure).compute.virtual_machines
        machines.begin_start(azure.group, azure.vm, polling_interval=POLL).result()
        assert power(azure) == "PowerState/running"
    with azure.cloud.conduct("clock", offset_seconds=48 * 3600):
        assert power(azure) == "PowerState/deallocated"


def test_one_that_is_disabled_does_nothing(azure: Azure) -> None:
    put(registered(azure), status="Disabled")
    with azure.cloud.conduct("clock", offset_seconds=24 * 3600):
        assert power(azure) == "PowerState/running"


def test_it_stays_when_its_machine_is_deleted_and_goes_with_the_group(azure: Azure) -> None:
    put(registered(azure))
    azure.compute.virtual_machines.begin_delete(azure.group, azure.vm, polling_interval=POLL).result()
    assert azure.resources.resources.get_by_id(schedule_id(azure), api_version=VERSION).name
    azure.resources.resource_groups.begin_delete(azure.group, polling_interval=POLL).result()
    assert list(azure.resources.resources.list()) == []
