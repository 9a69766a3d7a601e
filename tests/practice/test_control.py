"""The control plane: students, what was received, and how it refuses what it cannot understand."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.practice_process import Practice

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FIELDS = {
    *("key", "proxy", "ca_bundle", "imds", "tenant_id", "subscription_id", "client_id", "client_secret"),
    *("user", "password", "resource_group", "location", "vm", "vm_principal_id"),
}


def test_it_says_that_it_is_well(control: Practice) -> None:
    assert control.ask("GET", "/health") == {"status": "ok"}


def test_a_student_is_all_that_an_outside_client_needs(student: dict[str, Any]) -> None:
    assert set(student) == FIELDS
    assert all(isinstance(value, str) and value for value in student.values())
    for name in ("tenant_id", "subscription_id", "client_id", "vm_principal_id"):
        assert UUID.fullmatch(student[name])


def test_the_same_key_gives_the_same_student_and_no_key_a_fresh_one(control: Practice) -> None:
    first = control.student("ada")
    assert control.student("ada") == first
    assert control.ask("GET", f"/students/{first['subscription_id'].upper()}") == first
    fresh = control.student()
    shared = {name for name in FIELDS if fresh[name] == first[name]}
    assert shared == {"proxy", "ca_bundle", "location"}


def test_a_new_credential_replaces_the_old_one(control: Practice) -> None:
    student = control.student()
    renewed = control.ask("POST", f"/students/{student['subscription_id']}/credential")
    assert renewed["client_id"] == student["client_id"]
    assert renewed["client_secret"] != student["client_secret"]
    again = control.ask("GET", f"/students/{student['subscription_id']}")
    assert again == {**student, "client_secret": renewed["client_secret"]}


def test_an_unknown_student_is_not_found(control: Practice) -> None:
    with pytest.raises(httpx.HTTPStatusError) as refusal:
        control.ask("GET", "/students/nobody")
    assert refusal.value.response.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "hint"),
    [
        ("PUT", "/latency", {"ms": -1}, "zero or more"),
        ("PUT", "/latency", {"milliseconds": 5}, "known are"),
        ("PUT", "/timings", {"vault_create": "soon"}, "number"),
        ("PUT", "/clock", {"offset_seconds": "1 day"}, "offset_seconds"),
        ("POST", "/faults", {}, "what shall go wrong"),
        ("POST", "/faults", {"host": "(", "status": 500}, "regular expression"),
        ("POST", "/faults", {"reset": "now"}, "before"),
        ("POST", "/faults", {"status": 700}, "599"),
        ("POST", "/faults", {"status": 500, "headers": {"a b": "c"}}, "header"),
        ("POST", "/students", {"name": "ada"}, "only key"),
        ("POST", "/students", {"key": ""}, "1 to 200"),
    ],
)
def test_what_it_cannot_understand_it_refuses_with_a_hint(
    control: Practice, method: str, path: str, body: dict[str, Any], hint: str
) -> None:
    with pytest.raises(httpx.HTTPStatusError) as refusal:
        control.ask(method, path, body)
    assert refusal.value.response.status_code == 400
    assert hint in refusal.value.response.json()["error"]


def test_a_students_conditions_are_changed_one_by_one_and_told(control: Practice, student: dict[str, Any]) -> None:
    path = f"/students/{student['subscription_id']}/conditions"
    well = {"subscription_state": "Enabled", "policy_denial": None, "vm_agent": "Ready"}
    assert control.ask("GET", path) == well
    assert control.ask("PUT", path, {"subscription_state": "Disabled"}) == well | {"subscription_state": "Disabled"}
    ill = {"subscription_state": "Disabled", "policy_denial": "No vaults", "vm_agent": "Not Ready"}
    assert control.ask("PUT", path, {"policy_denial": "No vaults", "vm_agent": "Not Ready"}) == ill
    assert control.ask("PUT", path, well) == well
    with pytest.raises(httpx.HTTPStatusError) as nobody:
        control.ask("GET", "/students/nobody/conditions")
    assert nobody.value.response.status_code == 404


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ({"weather": "bad"}, "known are"),
        ({"subscription_state": "Sad"}, "Disabled"),
        ({"vm_agent": None}, "Not Ready"),
        ({"policy_denial": ""}, "name of the policy"),
    ],
)
def test_no_other_condition_is_known(
    control: Practice, student: dict[str, Any], body: dict[str, Any], hint: str
) -> None:
    with pytest.raises(httpx.HTTPStatusError) as refusal:
        control.ask("PUT", f"/students/{student['subscription_id']}/conditions", body)
    assert refusal.value.response.status_code == 400
    assert hint in refusal.value.response.json()["error"]


def test_a_body_that_is_no_json_object_is_refused(control: Practice) -> None:
    for body in ("{", "[]"):
        answer = httpx.post(f"{control.control}/students", content=body, trust_env=False)
        assert answer.status_code == 400
        assert "JSON" in answer.json()["error"]


def test_the_scenarios_are_told_applied_and_lifted(control: Practice, student: dict[str, Any]) -> None:
    told = control.ask("GET", "/scenarios")["scenarios"]
    (one,) = [scenario for scenario in told if scenario["id"] == "throttled-with-retry-after"]
    assert set(one) == {"id", "title", "task", "group", "does", "parameters"}
    assert one["parameters"]["seconds"] == {"default": 60, "says": "the seconds until the trouble is over"}
    path = f"/students/{student['subscription_id'].upper()}/scenarios"
    applied = control.ask("POST", path, {"name": "subscription-disabled", "vault": "kv-mine-1"})
    assert (applied["vault"], applied["changed"]) == ("kv-mine-1", ["The subscription is Disabled."])
    conditions = f"/students/{student['subscription_id']}/conditions"
    assert control.ask("GET", conditions)["subscription_state"] == "Disabled"
    assert control.ask("DELETE", path) == {"lifted": ["The subscription is Enabled."], "stays": []}
    assert control.ask("GET", conditions)["subscription_state"] == "Enabled"
    assert control.ask("DELETE", path)["lifted"] == []


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ({}, "GET /scenarios lists them"),
        ({"name": "vault-mising"}, "vault-missing"),
        ({"name": "vault-missing", "group": "rg"}, "known are name, vault"),
        ({"name": "vault-missing", "parameters": [1]}, "parameters must be an object"),
        ({"name": "azure-503", "parameters": {"seconds": -1}}, "above zero"),
    ],
)
def test_no_other_scenario_is_known(
    control: Practice, student: dict[str, Any], body: dict[str, Any], hint: str
) -> None:
    with pytest.raises(httpx.HTTPStatusError) as refusal:
        control.ask("POST", f"/students/{student['subscription_id']}/scenarios", body)
    assert refusal.value.response.status_code == 400
    assert hint in refusal.value.response.json()["error"]


def test_scenarios_are_for_students_there_are(control: Practice) -> None:
    for method in ("POST", "DELETE"):
        with pytest.raises(httpx.HTTPStatusError) as nobody:
            control.ask(method, "/students/nobody/scenarios", {"name": "vault-missing"})
        assert nobody.value.response.status_code == 404
        assert "POST /students" in nobody.value.response.json()["error"]


def test_web_pages_cannot_steer_it(control: Practice) -> None:
    from_a_page = {"origin": "https://elsewhere.example"}
    assert httpx.post(f"{control.control}/reset", headers=from_a_page, trust_env=False).status_code == 403
    scenarios = f"{control.control}/students/any/scenarios"
    assert (
        httpx.post(scenarios, json={"name": "vault-missing"}, headers=from_a_page, trust_env=False).status_code == 403
    )
    by_another_name = {"host": "elsewhere.example"}
    assert httpx.get(f"{control.control}/requests", headers=by_another_name, trust_env=False).status_code == 400


def test_the_clock_moves_and_says_so(control: Practice) -> None:
    with control.conduct("clock", offset_seconds=86_400):
        moved = control.ask("GET", "/clock")["now"]
    assert moved[:10] > control.ask("GET", "/clock")["now"][:10]


def test_requests_are_found_by_host_method_path_and_subscription(control: Practice, student: dict[str, Any]) -> None:
    since = control.seen()
    address = f"https://login.microsoftonline.com/{student['tenant_id']}/v2.0/.well-known/openid-configuration"
    with control.http() as http:
        http.get(address, params={"x": "1"})
        http.post(f"https://login.microsoftonline.com/{student['tenant_id']}/oauth2/v2.0/token", data={"a": "b"})
    both = control.requests(since=since, subscription_id=student["subscription_id"])
    assert [(one["method"], one["status"], one["origin"]) for one in both] == [
        ("GET", 200, "proxy"),
        ("POST", 400, "proxy"),
    ]
    assert control.requests(since=since, path="openid-configuration$") == both[:1]
    assert control.requests(since=since, method="post") == both[1:]
    assert control.requests(since=since, host=r"^login\.") == both
    assert both[0]["query"] == "x=1"
    assert both[0]["seq"] < both[1]["seq"]


def test_neither_headers_nor_bodies_are_kept(control: Practice, student: dict[str, Any]) -> None:
    canary = "canary-8c1f"
    with control.http() as http:
        http.post(
            f"https://login.microsoftonline.com/{student['tenant_id']}/oauth2/v2.0/token",
            data={"client_secret": canary, "client_id": student["client_id"], "grant_type": "client_credentials"},
            headers={"x-canary": canary, "authorization": f"Bearer {canary}"},
        )
    assert canary not in str(control.requests())
    assert canary not in (control.state / "practice-cloud.log").read_text()
