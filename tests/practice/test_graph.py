"""Graph: what az asks of the directory, each tenant for itself."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.practice.sign_in import ARM, GRAPH, app_token, bearer, claims, user_token
from tests.practice_process import Practice

ROOT = f"{GRAPH}/v1.0"


def ask(cloud: Practice, token: str, path: str, **params: str) -> httpx.Response:
    with cloud.http() as http:
        return http.get(f"{ROOT}/{path}", params=params, headers=bearer(token))


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["value"]]


def test_me_is_the_signed_in_user_and_nobody_for_an_application(
    cloud_process: Practice, student: dict[str, Any]
) -> None:
    me = ask(cloud_process, user_token(cloud_process, student, GRAPH), "me")
    assert me.json()["userPrincipalName"] == student["user"]
    nobody = ask(cloud_process, app_token(cloud_process, student, GRAPH), "me")
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (400, "BadRequest")


def test_an_application_finds_its_own_principal_as_az_asks_for_it(
    cloud_process: Practice, student: dict[str, Any]
) -> None:
    token = app_token(cloud_process, student, GRAPH)
    oid = claims(token)["oid"]
    name = student["client_id"]
    for text in (
        f"servicePrincipalNames/any(c:c eq '{name}')",
        f"appId eq '{name.upper()}'",
        f"appId in ('x','{name}')",
    ):
        assert ids(ask(cloud_process, token, "servicePrincipals", **{"$filter": text})) == [oid]
    assert ask(cloud_process, token, f"servicePrincipals(appId='{name}')").json()["id"] == oid
    assert ask(cloud_process, token, f"servicePrincipals/{oid}").json()["appId"] == name


def test_the_machines_identity_is_found_by_name(cloud_process: Practice, student: dict[str, Any]) -> None:
    token = app_token(cloud_process, student, GRAPH)
    found = ask(cloud_process, token, "servicePrincipals", **{"$filter": f"displayName eq '{student['vm']}'"})
    assert ids(found) == [student["vm_principal_id"]]
    both = f"startswith(displayName,'vm-') and (displayName eq 'x' or displayName eq '{student['vm']}')"
    assert ids(ask(cloud_process, token, "servicePrincipals", **{"$filter": both})) == [student["vm_principal_id"]]


def test_objects_are_told_apart_by_their_ids(cloud_process: Practice, student: dict[str, Any]) -> None:
    token = user_token(cloud_process, student, GRAPH)
    wanted = [claims(token)["oid"], student["vm_principal_id"], "unknown"]
    with cloud_process.http() as http:
        address = f"{ROOT}/directoryObjects/getByIds"
        answer = http.post(address, json={"ids": wanted, "types": ["user", "servicePrincipal"]}, headers=bearer(token))
    kinds = {one["id"]: one["@odata.type"] for one in answer.json()["value"]}
    assert kinds == {wanted[0]: "#microsoft.graph.user", wanted[1]: "#microsoft.graph.servicePrincipal"}


def test_one_student_cannot_see_another(cloud_process: Practice, student: dict[str, Any]) -> None:
    other = cloud_process.student()
    token = app_token(cloud_process, student, GRAPH)
    assert ids(ask(cloud_process, token, "users", **{"$filter": f"userPrincipalName eq '{other['user']}'"})) == []
    assert ask(cloud_process, token, f"users/{other['user']}").status_code == 404
    assert ask(cloud_process, token, f"servicePrincipals/{other['vm_principal_id']}").status_code == 404
    assert len(ids(ask(cloud_process, token, "users"))) == 1


@pytest.mark.parametrize(
    "text", ["displayName ne 'x'", "displayName eq", "displayName eq 'x", "(displayName eq 'x'", "length(id) eq '1'"]
)
def test_a_filter_beyond_us_is_not_guessed_at(cloud_process: Practice, student: dict[str, Any], text: str) -> None:
    answer = ask(cloud_process, app_token(cloud_process, student, GRAPH), "users", **{"$filter": text})
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "NotImplementedByPracticeCloud")


def test_a_token_for_another_service_is_refused(cloud_process: Practice, student: dict[str, Any]) -> None:
    answer = ask(cloud_process, app_token(cloud_process, student, ARM), "users")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
