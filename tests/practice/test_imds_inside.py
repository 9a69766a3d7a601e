"""What a program inside a practice VM reaches: Azure and its own metadata service, by way of ``Cloud.call``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from practice_cloud import front
from practice_cloud.cloud import Cloud
from practice_cloud.students import student_for
from tests.practice.sign_in import GRAPH, claims

TOKEN = "http://169.254.169.254/metadata/identity/oauth2/token"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    opened = Cloud.open(tmp_path)
    front.build(opened)
    yield opened
    opened.store.close()


def machine(cloud: Cloud) -> dict[str, Any]:
    student = student_for(cloud, None)
    (vm,) = cloud.store.list("vm", owner=student["subscription_id"])
    return vm


def token_request(resource: str = GRAPH) -> httpx.Request:
    asked = {"api-version": "2018-02-01", "resource": resource}
    return httpx.Request("GET", TOKEN, params=asked, headers={"Metadata": "true"})


async def test_the_metadata_address_leads_to_the_machines_own_service(cloud: Cloud) -> None:
    for vm in (machine(cloud), machine(cloud)):
        answer = await cloud.call(token_request(), origin="vm", vm=vm)
        assert claims(answer.json()["access_token"])["oid"] == vm["identity"]["principalId"]


async def test_azure_is_reached_with_that_token(cloud: Cloud) -> None:
    vm = machine(cloud)
    token = (await cloud.call(token_request(), origin="vm", vm=vm)).json()["access_token"]
    asked = httpx.Request("GET", f"{GRAPH}/v1.0/organization", headers={"authorization": f"Bearer {token}"})
    answer = await cloud.call(asked, origin="vm", vm=vm)
    assert answer.status_code == 200
    assert answer.json()["value"][0]["id"] == vm["tenantId"]
    seen = cloud.requests.select(subscription_id=vm["subscriptionId"])
    assert [(one["host"], one["origin"]) for one in seen] == [
        ("169.254.169.254", "vm"),
        ("graph.microsoft.com", "vm"),
    ]
    assert {one["caller_oid"] for one in seen} == {vm["identity"]["principalId"]}


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://127.0.0.1/",
            "https://example.com/",
            "http://graph.microsoft.com/",
            "https://graph.microsoft.com:444/",
        ),
        *("https://169.254.169.254/", "http://169.254.169.254:8080/", "ftp://graph.microsoft.com/"),
        "https://graph.microsoft.com.example/",
    ],
)
async def test_no_other_host_resolves(cloud: Cloud, address: str) -> None:
    with pytest.raises(httpx.ConnectError):
        await cloud.call(httpx.Request("GET", address), origin="vm", vm=machine(cloud))


async def test_faults_reach_inside(cloud: Cloud) -> None:
    vm = machine(cloud)
    cloud.faults.add({"host": "169.254.169.254", "status": 410, "times": 1})
    cloud.faults.add({"host": "169.254.169.254", "reset": "before", "times": 1})
    assert (await cloud.call(token_request(), origin="vm", vm=vm)).status_code == 410
    with pytest.raises(httpx.ReadError):
        await cloud.call(token_request(), origin="vm", vm=vm)
    assert (await cloud.call(token_request(), origin="vm", vm=vm)).status_code == 200


async def test_without_an_identity_there_is_no_token(cloud: Cloud) -> None:
    vm = machine(cloud)
    cloud.store.put("vm", vm["id"].lower(), {**vm, "identity": None}, owner=vm["subscriptionId"])
    answer = await cloud.call(token_request(), origin="vm", vm=vm)
    assert (answer.status_code, answer.json()["error_description"]) == (400, "Identity not found")


async def test_a_user_assigned_identity_serves_where_the_machine_has_no_own(cloud: Cloud) -> None:
    vm = machine(cloud)
    other = {"principalId": "11111111-0000-4000-8000-000000000000", "clientId": "22222222-0000-4000-8000-000000000000"}
    resource_id = f"/subscriptions/{vm['subscriptionId']}/resourceGroups/g/providers/x/userAssignedIdentities/u"
    cloud.store.put("principal", other["principalId"], {"id": other["principalId"]}, owner=vm["subscriptionId"])
    both = {**vm, "userIdentities": {resource_id: other}}
    cloud.store.put("vm", vm["id"].lower(), both, owner=vm["subscriptionId"])

    async def oid(**choice: str) -> str:
        request = token_request()
        request = httpx.Request("GET", request.url.copy_merge_params(choice), headers=request.headers)
        answer = await cloud.call(request, origin="vm", vm=vm)
        return str(claims(answer.json()["access_token"])["oid"])

    assert await oid() == vm["identity"]["principalId"]
    assert await oid(client_id=other["clientId"]) == other["principalId"]
    assert await oid(msi_res_id=resource_id.upper()) == other["principalId"]
    cloud.store.put("vm", vm["id"].lower(), {**both, "identity": None}, owner=vm["subscriptionId"])
    assert await oid() == other["principalId"]
