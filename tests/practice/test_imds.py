"""The metadata service of each practice VM, asked as programs on that VM ask it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError, ManagedIdentityCredential

from tests.practice.sign_in import VAULT, claims
from tests.practice_process import Practice

PATH = "/metadata/identity/oauth2/token"
METADATA = {"Metadata": "true"}
ASKED = {"api-version": "2018-02-01", "resource": VAULT}


def ask(student: dict[str, Any], path: str = PATH, **request: Any) -> httpx.Response:
    return httpx.get(student["imds"] + path, trust_env=False, **{"headers": METADATA, "params": ASKED, **request})


def test_the_sdk_gets_the_machines_own_token(student: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", student["imds"])
    told = claims(ManagedIdentityCredential().get_token(f"{VAULT}/.default").token)
    assert (told["oid"], told["tid"], told["aud"]) == (student["vm_principal_id"], student["tenant_id"], VAULT)
    assert told["xms_mirid"] == (
        f"/subscriptions/{student['subscription_id']}/resourceGroups/{student['resource_group']}"
        f"/providers/Microsoft.Compute/virtualMachines/{student['vm']}"
    )


def test_every_value_of_the_reply_is_a_text(student: dict[str, Any]) -> None:
    told = ask(student).json()
    assert set(told) == {
        *("access_token", "client_id", "expires_in", "expires_on", "ext_expires_in", "not_before"),
        *("resource", "token_type"),
    }
    assert all(isinstance(value, str) for value in told.values())
    assert told["client_id"] == claims(told["access_token"])["appid"]
    assert 80_000 < int(told["expires_in"]) <= 86_400


def test_a_slash_at_the_end_and_an_escaped_hyphen_are_the_same_request(student: dict[str, Any]) -> None:
    odd = httpx.get(
        f"{student['imds']}{PATH}/?api%2Dversion=2018-02-01&resource={VAULT}", headers=METADATA, trust_env=False
    )
    assert odd.status_code == 200


@pytest.mark.parametrize(
    ("request_", "error", "text"),
    [
        ({"headers": {}}, "invalid_request", "Required metadata header not specified"),
        ({"headers": {"Metadata": "false"}}, "invalid_request", "Required metadata header not specified"),
        ({"headers": METADATA | {"X-Forwarded-For": "1.2.3.4"}}, "invalid_request", "Forwarded"),
        ({"params": {"resource": VAULT}}, "invalid_request", "api-version"),
        ({"params": {"api-version": "2018-02-01"}}, "invalid_request", "resource"),
        ({"params": ASKED | {"resource": "https://nowhere.example"}}, "invalid_resource", "AADSTS50001"),
        ({"params": ASKED | {"client_id": "somebody-else"}}, "invalid_request", "Identity not found"),
    ],
)
def test_each_mistake_has_its_own_answer(
    student: dict[str, Any], request_: dict[str, Any], error: str, text: str
) -> None:
    answer = ask(student, **request_)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert text in answer.json()["error_description"]


def test_the_sdk_understands_an_unknown_resource(student: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", student["imds"])
    with pytest.raises((ClientAuthenticationError, CredentialUnavailableError), match="AADSTS50001"):
        ManagedIdentityCredential().get_token("https://nowhere.example/.default")


def test_each_machine_has_its_own_service(cloud_process: Practice, student: dict[str, Any]) -> None:
    other = cloud_process.student()
    assert claims(ask(other).json()["access_token"])["oid"] == other["vm_principal_id"] != student["vm_principal_id"]
    unknown = httpx.get(f"{cloud_process.imds}/vm/0{PATH}", params=ASKED, headers=METADATA, trust_env=False)
    assert unknown.status_code == 404


def test_a_machine_knows_its_own_name(student: dict[str, Any]) -> None:
    told = ask(student, "/metadata/instance", params={"api-version": "2021-02-01"}).json()
    compute, (interface,) = told["compute"], told["network"]["interface"]
    assert (compute["name"], compute["subscriptionId"]) == (student["vm"], student["subscription_id"])
    assert interface["ipv4"]["ipAddress"] == [{"privateIpAddress": "10.0.0.4", "publicIpAddress": "203.0.113.4"}]


def test_requests_are_recorded_as_the_machines(cloud_process: Practice, student: dict[str, Any]) -> None:
    since = cloud_process.seen()
    ask(student)
    (seen,) = cloud_process.requests(since=since, subscription_id=student["subscription_id"])
    assert (seen["host"], seen["origin"], seen["caller_oid"]) == (
        "169.254.169.254",
        "imds",
        student["vm_principal_id"],
    )


def test_other_methods_and_mistyped_paths_have_answers_of_their_own(student: dict[str, Any]) -> None:
    posted = httpx.post(student["imds"] + PATH, headers=METADATA, params=ASKED, trust_env=False)
    assert (posted.status_code, posted.json(), posted.headers["allow"]) == (405, {"error": "Method not allowed"}, "GET")
    for mistyped in ("/metadata/identity/oauth2/tokens", "/metadata/identity", "/metadata", "/"):
        answer = ask(student, mistyped)
        assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})
    assert ask(student, "/metadata/nowhere", headers={}).status_code == 400
