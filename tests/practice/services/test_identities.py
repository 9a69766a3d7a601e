"""Managed identities as ARM shows and keeps them: a machine's own, and those that are resources of their own."""

from __future__ import annotations

from typing import Any

import httpx

from tests.practice.services.clients import POLL, Azure
from tests.practice.sign_in import claims


def own(azure: Azure, resource: str) -> Any:
    return azure.arm("GET", f"{resource}/providers/Microsoft.ManagedIdentity/identities/default?api-version=2023-01-31")


def test_a_machines_own_identity_tells_its_client_id(azure: Azure) -> None:
    shown = own(azure, azure.vm_id).json()
    token = claims(azure.vm_token("https://vault.azure.net"))
    told = shown["properties"]
    assert (told["clientId"], told["principalId"], told["tenantId"]) == (token["appid"], token["oid"], azure.tenant)
    assert (shown["name"], shown["location"]) == ("default", "eastus")


def test_there_is_none_where_it_is_off_and_where_there_is_no_machine(azure: Azure) -> None:
    patch: Any = {"identity": {"type": "None"}}
    azure.compute.virtual_machines.begin_update(azure.group, azure.vm, patch, polling_interval=POLL).result()
    assert own(azure, azure.vm_id).status_code == 404
    missing = own(azure, f"{azure.vm_id}-unknown")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "ResourceNotFound")


PROVIDER = "providers/Microsoft.ManagedIdentity"
SYSTEM, USER, BOTH = "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"


def made(azure: Azure, name: str) -> Any:
    """A user-assigned identity, as ``az identity create`` makes it."""
    azure.arm("POST", f"{azure.scope}/{PROVIDER}/register?api-version=2022-09-01")
    path = f"{azure.scope}/resourceGroups/{azure.group}/{PROVIDER}/userAssignedIdentities/{name}"
    return azure.arm("PUT", f"{path}?api-version=2023-01-31", {"location": "eastus", "tags": {"lab": "16"}}).json()


def given(azure: Azure, kind: str, **identities: Any) -> Any:
    """What a PATCH of the machine with these identities answers."""
    body = {"identity": {"type": kind, "userAssignedIdentities": identities} if identities else {"type": kind}}
    return azure.arm("PATCH", f"{azure.vm_id}?api-version=2024-11-01", body)


def token(azure: Azure, **choice: str) -> Any:
    """What the machine's metadata service answers, with the identity named or not."""
    query = {"api-version": "2018-02-01", "resource": "https://vault.azure.net", **choice}
    url = f"{azure.student['imds']}/metadata/identity/oauth2/token"
    return httpx.get(url, params=query, headers={"Metadata": "true"}, trust_env=False)


def test_an_identity_of_its_own_is_made_shown_listed_and_deleted(azure: Azure) -> None:
    path = f"{azure.scope}/resourceGroups/{azure.group}/{PROVIDER}/userAssignedIdentities"
    refused = azure.arm("PUT", f"{path}/id-lab?api-version=2023-01-31", {"location": "eastus"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "MissingSubscriptionRegistration")
    first = made(azure, "id-lab")
    assert first["id"].lower() == f"{path}/id-lab".lower()
    assert first["properties"]["tenantId"] == azure.tenant
    assert made(azure, "id-lab") == first, "the same again changes nothing"
    for where in (path, f"{azure.scope}/{PROVIDER}/userAssignedIdentities"):
        assert azure.arm("GET", f"{where}?api-version=2023-01-31").json()["value"] == [first]
    found = azure.arm("GET", f"{azure.scope}/resources?api-version=2021-04-01").json()["value"]
    assert first["id"] in {one["id"] for one in found}
    azure.assign("Reader", first["properties"]["principalId"], azure.scope, "55555555-5555-4555-8555-000000000001")
    assert azure.arm("DELETE", f"{path}/id-lab?api-version=2023-01-31").status_code == 200
    assert azure.arm("DELETE", f"{path}/id-lab?api-version=2023-01-31").status_code == 204
    assert azure.arm("GET", f"{path}/id-lab?api-version=2023-01-31").status_code == 404
    assert made(azure, "id-lab")["properties"]["principalId"] != first["properties"]["principalId"]


def test_a_machine_is_given_identities_and_they_are_taken_away(azure: Azure) -> None:
    one, two = (made(azure, name) for name in ("id-one", "id-two"))
    assert given(azure, BOTH, **{one["id"]: {}}).json()["identity"]["type"] == BOTH
    shown = azure.compute.virtual_machines.get(azure.group, azure.vm).identity
    assert shown
    assert shown.principal_id == azure.student["vm_principal_id"]
    users = shown.user_assigned_identities or {}
    assert {(user.principal_id, user.client_id) for user in users.values()} == {
        (one["properties"]["principalId"], one["properties"]["clientId"])
    }
    merged = given(azure, BOTH, **{two["id"].upper(): {}}).json()["identity"]["userAssignedIdentities"]
    assert {key.lower() for key in merged} == {one["id"].lower(), two["id"].lower()}
    without = given(azure, USER, **{two["id"]: None}).json()["identity"]
    assert (without["type"], list(without["userAssignedIdentities"]), "principalId" in without) == (
        USER,
        [one["id"]],
        False,
    )
    alone = given(azure, SYSTEM).json()["identity"]
    assert (alone["type"], "userAssignedIdentities" in alone) == (SYSTEM, False)


def test_a_machine_is_not_given_what_is_not_there(azure: Azure) -> None:
    one = made(azure, "id-one")
    unknown = given(azure, USER, **{f"{one['id']}-unknown": {}})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (400, "FailedIdentityOperation")
    assert given(azure, USER).status_code == 400
    assert own(azure, azure.vm_id).status_code == 200, "nothing has changed"


def test_the_metadata_service_answers_for_each_of_them(azure: Azure) -> None:
    one, two = (made(azure, name)["properties"] | {"id": f"{name}"} for name in ("id-one", "id-two"))
    places = {name: made(azure, name)["id"] for name in ("id-one", "id-two")}
    given(azure, BOTH, **{place: {} for place in places.values()})
    assert claims(token(azure).json()["access_token"])["oid"] == azure.student["vm_principal_id"]
    for choice in (
        {"client_id": one["clientId"]},
        {"object_id": one["principalId"]},
        {"mi_res_id": places["id-one"]},
        {"msi_res_id": places["id-one"]},
    ):
        told = claims(token(azure, **choice).json()["access_token"])
        assert (told["oid"], told["appid"], told["xms_mirid"]) == (
            one["principalId"],
            one["clientId"],
            places["id-one"],
        )
    given(azure, USER, **{place: {} for place in places.values()})
    several = token(azure)
    assert (several.status_code, several.json()["error"]) == (400, "invalid_request")
    assert several.json()["error_description"] == (
        "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token"
        " request"
    )
    given(azure, USER, **{places["id-one"]: None})
    assert claims(token(azure).json()["access_token"])["oid"] == two["principalId"]
    azure.arm("DELETE", f"{places['id-two']}?api-version=2023-01-31")
    assert token(azure).json()["error_description"] == "Identity not found"


def test_an_identity_goes_with_its_group(azure: Azure) -> None:
    one = made(azure, "id-one")
    azure.resources.resource_groups.begin_delete(azure.group, polling_interval=POLL).result()
    assert azure.arm("GET", f"{azure.scope}/{PROVIDER}/userAssignedIdentities?api-version=2023-01-31").json() == {
        "value": []
    }
    path = f"/v1.0/servicePrincipals/{one['properties']['principalId']}"
    headers = {"Authorization": f"Bearer {azure.credential.get_token('https://graph.microsoft.com/.default').token}"}
    with azure.cloud.http() as http:
        assert http.get(f"https://graph.microsoft.com{path}", headers=headers).status_code == 404
