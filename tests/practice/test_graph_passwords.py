"""Client secrets: taken away and given anew as ``az ad app credential reset`` does it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.practice.sign_in import GRAPH, bearer, token_request, user_token
from tests.practice_process import Practice

KINDS = ["applications", "servicePrincipals"]


def ask(cloud: Practice, student: dict[str, Any], method: str, path: str, body: Any = None) -> httpx.Response:
    with cloud.http() as http:
        headers = bearer(user_token(cloud, student, GRAPH))
        return http.request(method, f"{GRAPH}/v1.0/{path}", json=body, headers=headers)


def place(cloud: Practice, student: dict[str, Any], kind: str) -> str:
    """Where the student's app, or its service principal, is."""
    app = f"{kind}(appId='{student['client_id']}')"
    return f"{kind}/{ask(cloud, student, 'GET', app).json()['id']}"


def sign_in(cloud: Practice, student: dict[str, Any], secret: str) -> httpx.Response:
    keys = {"client_id": student["client_id"], "client_secret": secret, "scope": f"{GRAPH}/.default"}
    return token_request(cloud, student["tenant_id"], grant_type="client_credentials", **keys)


def test_the_secret_of_a_student_is_shown_without_itself(cloud_process: Practice, student: dict[str, Any]) -> None:
    shown = ask(cloud_process, student, "GET", place(cloud_process, student, "applications")).json()
    (password,) = shown["passwordCredentials"]
    assert (password["hint"], password["secretText"]) == (student["client_secret"][:3], None)
    assert shown["keyCredentials"] == []
    principal = ask(cloud_process, student, "GET", place(cloud_process, student, "servicePrincipals")).json()
    assert principal["passwordCredentials"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_secret_counts_beside_the_old_until_it_ends(
    cloud_process: Practice, student: dict[str, Any], kind: str
) -> None:
    where = place(cloud_process, student, kind)
    wanted = {"displayName": "az", "endDateTime": "2999-01-01T00:00:00Z"}
    added = ask(cloud_process, student, "POST", f"{where}/addPassword", {"passwordCredential": wanted})
    assert added.status_code == 200, added.text
    secret = added.json()["secretText"]
    assert (added.json()["displayName"], added.json()["endDateTime"]) == ("az", "2999-01-01T00:00:00Z")
    for one in (secret, student["client_secret"]):
        assert sign_in(cloud_process, student, one).status_code == 200
    ended = {"passwordCredential": {"endDateTime": "2020-01-01T00:00:00Z"}}
    late = ask(cloud_process, student, "POST", f"{where}/addPassword", ended).json()["secretText"]
    assert "AADSTS7000222" in sign_in(cloud_process, student, late).json()["error_description"]
    key = {"keyId": added.json()["keyId"]}
    assert ask(cloud_process, student, "POST", f"{where}/removePassword", key).status_code == 204
    assert "AADSTS7000215" in sign_in(cloud_process, student, secret).json()["error_description"]
    assert ask(cloud_process, student, "POST", f"{where}/removePassword", key).status_code == 400
    assert sign_in(cloud_process, student, student["client_secret"]).status_code == 200


def test_the_students_own_secret_is_taken_away_and_renewed(cloud_process: Practice, student: dict[str, Any]) -> None:
    where = place(cloud_process, student, "applications")
    (old,) = ask(cloud_process, student, "GET", where).json()["passwordCredentials"]
    ask(cloud_process, student, "POST", f"{where}/removePassword", {"keyId": old["keyId"]}).raise_for_status()
    assert sign_in(cloud_process, student, student["client_secret"]).status_code == 401
    renewed = cloud_process.ask("POST", f"/students/{student['subscription_id']}/credential")
    assert sign_in(cloud_process, student, renewed["client_secret"]).status_code == 200


def test_what_cannot_be_added_or_who_may_not_is_refused(cloud_process: Practice, student: dict[str, Any]) -> None:
    where = place(cloud_process, student, "applications")
    wrong = {"passwordCredential": {"endDateTime": "tomorrow"}}
    assert ask(cloud_process, student, "POST", f"{where}/addPassword", wrong).status_code == 400
    machine = f"servicePrincipals/{student['vm_principal_id']}/addPassword"
    assert ask(cloud_process, student, "POST", machine, {}).status_code == 404
    assert ask(cloud_process, cloud_process.student(), "POST", f"{where}/addPassword", {}).status_code == 404
