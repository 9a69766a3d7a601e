"""Security groups: what az asks of Graph, and what the vault and ARM make of them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from azure.core.exceptions import HttpResponseError

from practice_cloud.graph import model
from tests.practice.services.clients import Azure
from tests.practice.sign_in import GRAPH, VAULT, app_token, bearer, claims

NEW = {"displayName": "lab-machines", "mailNickname": "lab", "mailEnabled": False, "securityEnabled": True}
NOBODY = "00000000-0000-4000-8000-000000000000"


def graph(azure: Azure, method: str, path: str, body: Any = None, token: str = "") -> httpx.Response:
    headers = bearer(token or app_token(azure.cloud, azure.student, GRAPH))
    with azure.cloud.http() as http:
        return http.request(method, f"{GRAPH}/v1.0/{path}", json=body, headers=headers)


def put_in(azure: Azure, group: str, member: str) -> httpx.Response:
    return graph(
        azure, "POST", f"groups/{group}/members/$ref", {"@odata.id": f"{GRAPH}/v1.0/directoryObjects/{member}"}
    )


def new_group(azure: Azure, *members: str, name: str = "lab-machines") -> str:
    made = graph(azure, "POST", "groups", {**NEW, "displayName": name})
    assert made.status_code == 201, made.text
    for member in members:
        assert put_in(azure, made.json()["id"], member).status_code == 204
    return str(made.json()["id"])


def vm_reads(azure: Azure, token: str = "") -> int:
    with azure.cloud.http() as http:
        url = f"https://{azure.name}.vault.azure.net/secrets/lab?api-version=7.4"
        return http.get(url, headers=bearer(token or azure.vm_token(VAULT))).status_code


def test_a_group_is_made_found_and_deleted(azure: Azure, other: Azure) -> None:
    group = new_group(azure)
    shown = graph(azure, "GET", f"groups/{group}").json()
    assert (shown["displayName"], shown["securityEnabled"], shown["description"]) == ("lab-machines", True, None)
    wanted = "displayName eq 'lab-machines' and mailNickname eq 'lab'"
    assert [one["id"] for one in graph(azure, "GET", f"groups?$filter={wanted}").json()["value"]] == [group]
    assert graph(azure, "GET", f"directoryObjects/{group}").json()["@odata.type"] == "#microsoft.graph.group"
    assert group not in {one["id"] for one in graph(azure, "GET", "servicePrincipals").json()["value"]}
    assert graph(other, "GET", f"groups/{group}").status_code == 404
    assert graph(azure, "GET", f"groups/{group}/owners").json()["value"] == []
    assert graph(azure, "DELETE", f"groups/{group}").status_code == 204
    assert graph(azure, "GET", f"groups/{group}").status_code == 404


def test_the_security_identifier_holds_the_object_id() -> None:
    doc = {"id": "a3f6c606-38ec-42d7-8c0e-d4ecaf0d9d61", "createdAt": 0, "description": None}
    shown = model.group({**doc, "displayName": "x", "mailNickname": "x"})
    assert shown["securityIdentifier"] == "S-1-12-1-2750858758-1121401068-3973320332-1637682607"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"displayName": ""}, 400),
        ({"mailNickname": None}, 400),
        ({"mailEnabled": "no"}, 400),
        ({"mailEnabled": True}, 501),
    ],
)
def test_what_is_no_security_group_is_not_made(azure: Azure, change: dict[str, Any], status: int) -> None:
    assert graph(azure, "POST", "groups", {**NEW, **change}).status_code == status


def test_members_come_and_go(azure: Azure) -> None:
    vm, group = str(azure.student["vm_principal_id"]), new_group(azure)
    assert put_in(azure, group, NOBODY).status_code == 404
    assert put_in(azure, group, vm).status_code == 204
    again = put_in(azure, group, vm)
    assert (again.status_code, again.json()["error"]["code"]) == (400, "Request_BadRequest")
    assert [one["id"] for one in graph(azure, "GET", f"groups/{group}/members").json()["value"]] == [vm]
    asked = graph(azure, "POST", f"directoryObjects/{vm}/checkMemberGroups", {"groupIds": [group, NOBODY]})
    assert asked.json()["value"] == [group]
    assert graph(azure, "DELETE", f"groups/{group}/members/{vm}/$ref").status_code == 204
    assert graph(azure, "DELETE", f"groups/{group}/members/{vm}/$ref").status_code == 404
    assert graph(azure, "GET", f"groups/{group}/members").json()["value"] == []


def test_a_group_in_a_group_counts_for_both(azure: Azure) -> None:
    vm = str(azure.student["vm_principal_id"])
    inner = new_group(azure, vm, name="inner")
    outer = new_group(azure, inner, name="outer")
    put_in(azure, inner, outer)
    found = graph(azure, "POST", f"servicePrincipals/{vm}/getMemberGroups", {"securityEnabledOnly": False}).json()
    assert found["value"] == [inner, outer]
    direct = graph(azure, "GET", f"servicePrincipals/{vm}/memberOf").json()["value"]
    assert [(one["id"], one["@odata.type"]) for one in direct] == [(inner, "#microsoft.graph.group")]
    through = graph(azure, "GET", f"servicePrincipals/{vm}/transitiveMemberOf").json()["value"]
    assert [one["id"] for one in through] == [inner, outer]
    assert claims(azure.vm_token(VAULT))["groups"] == [inner, outer]


def test_a_vault_lets_in_whom_a_token_says_is_in_the_group(azure: Azure) -> None:
    """A token from before goes on without it, and one from before the removal goes on with it: as in Azure."""
    group, vm = new_group(azure), str(azure.student["vm_principal_id"])
    azure.create_vault(accessPolicies=[azure.policy(["get", "set"]), azure.policy(["get"], oid=group)])
    azure.secrets().set_secret("lab", "value")
    before = azure.vm_token(VAULT)
    assert vm_reads(azure) == 403
    put_in(azure, group, vm)
    assert (vm_reads(azure), vm_reads(azure, before)) == (200, 403)
    inside = azure.vm_token(VAULT)
    graph(azure, "DELETE", f"groups/{group}/members/{vm}/$ref")
    assert (vm_reads(azure), vm_reads(azure, inside)) == (403, 200)
    assert "groups" not in claims(azure.vm_token(VAULT))


def test_a_refusal_says_how_many_groups_a_caller_is_in(azure: Azure) -> None:
    new_group(azure, azure.oid)
    azure.create_vault(accessPolicies=[])
    with pytest.raises(HttpResponseError, match=r"oid=[\w-]+;numgroups=1;iss="):
        azure.secrets().set_secret("lab", "value")


def test_a_role_of_a_group_counts_for_its_members(azure: Azure) -> None:
    vm = str(azure.student["vm_principal_id"])
    group = new_group(azure, vm)
    vault: Any = azure.create_vault(enableRbacAuthorization=True)
    azure.assign("Secrets Officer", azure.oid, vault.id, "1" * 8 + "-1111-4111-8111-111111111111")
    azure.secrets().set_secret("lab", "value")
    assert vm_reads(azure) == 403
    azure.assign("Secrets User", group, vault.id, "2" * 8 + "-2222-4222-8222-222222222222")
    assert vm_reads(azure) == 200
    listed = azure.authorization.role_assignments.list_for_scope(vault.id, filter=f"assignedTo('{vm}')")
    assert [(one.principal_id, one.principal_type) for one in listed] == [(group, "Group")]
    azure.assign("Reader", group, azure.scope, "3" * 8 + "-3333-4333-8333-333333333333")
    token = azure.vm_token("https://management.azure.com/")
    assert azure.arm("GET", f"{azure.scope}/resourceGroups?api-version=2022-09-01", token=token).status_code == 200


def test_a_machine_changes_no_group(azure: Azure) -> None:
    group = new_group(azure)
    answer = graph(azure, "DELETE", f"groups/{group}", token=azure.vm_token(GRAPH))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "Authorization_RequestDenied")
