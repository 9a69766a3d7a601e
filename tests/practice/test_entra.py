"""Entra: who may have which token, and what is said to those who may not."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx
import jwt
import msal
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential, DeviceCodeCredential

from tests.practice.sign_in import ARM, AZ, LOGIN, VAULT, app_token, claims, token_request, user_token
from tests.practice.visitor import Msal
from tests.practice_process import Practice

DAY = 86_400
NOWHERE = "00000000-0000-4000-8000-000000000000"


def credential(cloud: Practice, student: dict[str, Any], **changes: str) -> ClientSecretCredential:
    known = {name: student[name] for name in ("tenant_id", "client_id", "client_secret")} | changes
    return ClientSecretCredential(**known, **cloud.sdk)


def test_the_sdk_gets_a_token_for_the_students_app(cloud_process: Practice, student: dict[str, Any]) -> None:
    token = credential(cloud_process, student).get_token(f"{VAULT}/.default")
    told = claims(token.token)
    assert (told["aud"], told["tid"], told["appid"]) == (VAULT, student["tenant_id"], student["client_id"])
    assert told["iss"] == f"https://sts.windows.net/{student['tenant_id']}/"
    assert told["idtyp"] == "app"
    assert 3000 < token.expires_on - time.time() <= 3600


def test_the_published_keys_open_the_token(cloud_process: Practice, student: dict[str, Any]) -> None:
    with cloud_process.http() as http:
        config = http.get(f"{LOGIN}/{student['tenant_id']}/v2.0/.well-known/openid-configuration").json()
        keys = jwt.PyJWKSet.from_dict(http.get(config["jwks_uri"]).json())
    token = app_token(cloud_process, student)
    key = keys[jwt.get_unverified_header(token)["kid"]]
    assert jwt.decode(token, key, algorithms=["RS256"], audience=ARM)["tid"] == student["tenant_id"]


def test_the_audience_is_spelled_as_the_client_spells_it(cloud_process: Practice, student: dict[str, Any]) -> None:
    assert claims(app_token(cloud_process, student, ARM))["aud"] == ARM
    assert claims(app_token(cloud_process, student, f"{ARM}/"))["aud"] == f"{ARM}/"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"client_secret": "wrong"}, "AADSTS7000215"), ({"client_id": NOWHERE}, "AADSTS700016")],
)
def test_a_wrong_credential_is_named_by_its_code(
    cloud_process: Practice, student: dict[str, Any], changes: dict[str, str], code: str
) -> None:
    with pytest.raises(ClientAuthenticationError, match=code):
        credential(cloud_process, student, **changes).get_token(f"{ARM}/.default")


def test_an_expired_secret_is_not_a_wrong_one(cloud_process: Practice, student: dict[str, Any]) -> None:
    with cloud_process.conduct("clock", offset_seconds=181 * DAY), pytest.raises(ClientAuthenticationError) as refused:
        credential(cloud_process, student).get_token(f"{ARM}/.default")
    assert "AADSTS7000222" in str(refused.value)


def app_form(student: dict[str, Any], **changes: str) -> dict[str, str]:
    form = {name: student[name] for name in ("client_id", "client_secret")}
    return {"grant_type": "client_credentials", "scope": f"{ARM}/.default", **form, **changes}


def test_the_other_students_tenant_does_not_know_the_app(cloud_process: Practice, student: dict[str, Any]) -> None:
    answer = token_request(cloud_process, cloud_process.student()["tenant_id"], **app_form(student))
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [700016])


@pytest.mark.parametrize(
    ("tenant", "changes", "expected"),
    [
        (NOWHERE, {}, (400, "invalid_request", 90002)),
        ("common", {}, (400, "invalid_request", 50194)),
        ("", {"scope": "https://storage.azure.com/.default"}, (400, "invalid_resource", 500011)),
        ("", {"scope": ARM}, (400, "invalid_scope", 70011)),
        ("", {"scope": ""}, (400, "invalid_request", 900144)),
        ("", {"client_secret": ""}, (401, "invalid_client", 7000218)),
        ("", {"grant_type": "magic"}, (501, "unsupported_grant_type", 70003)),
    ],
)
def test_each_mistake_has_its_own_answer(
    cloud_process: Practice,
    student: dict[str, Any],
    tenant: str,
    changes: dict[str, str],
    expected: tuple[int, str, int],
) -> None:
    answer = token_request(cloud_process, tenant or student["tenant_id"], **app_form(student, **changes))
    told = answer.json()
    assert (answer.status_code, told["error"], *told["error_codes"]) == expected
    assert f"AADSTS{expected[2]}" in told["error_description"]


def test_the_first_protocol_version_answers_in_texts(cloud_process: Practice, student: dict[str, Any]) -> None:
    form = app_form(student) | {"resource": VAULT}
    with cloud_process.http() as http:
        told = http.post(f"{LOGIN}/{student['tenant_id']}/oauth2/token", data=form).json()
    assert all(isinstance(value, str) for value in told.values())
    assert (told["resource"], claims(told["access_token"])["aud"]) == (VAULT, VAULT)


def test_a_tenant_is_found_by_its_domain_as_well(cloud_process: Practice, student: dict[str, Any]) -> None:
    domain = student["user"].partition("@")[2]
    with cloud_process.http() as http:
        config = http.get(f"{LOGIN}/{domain}/v2.0/.well-known/openid-configuration").json()
    assert student["tenant_id"] in config["token_endpoint"]


def test_an_instance_that_is_not_microsofts_is_not_vouched_for(cloud_process: Practice) -> None:
    with cloud_process.http() as http:
        asked = {"api-version": "1.1", "authorization_endpoint": "https://elsewhere.example/common/oauth2/authorize"}
        answer = http.get(f"{LOGIN}/common/discovery/instance", params=asked)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_instance")


def fill_in(page: str, student: dict[str, Any], **changes: str) -> httpx.Response:
    """What a student does with the device page."""
    form = {"username": student["user"], "password": student["password"], "answer": "accept", **changes}
    return httpx.post(page, data=form, trust_env=False)


def test_the_sdk_signs_in_by_device_code(cloud_process: Practice, student: dict[str, Any]) -> None:
    def sign_in(page: str, code: str, _: Any) -> None:
        assert fill_in(page, student, code=code.lower()).status_code == 200

    device = DeviceCodeCredential(prompt_callback=sign_in, **cloud_process.sdk)
    told = claims(device.get_token(f"{ARM}/.default").token)
    assert (told["upn"], told["scp"], told["idtyp"]) == (student["user"], "user_impersonation", "user")
    since = cloud_process.seen()
    assert claims(device.get_token(f"{VAULT}/.default").token)["aud"] == VAULT, "by refresh, without asking again"
    assert claims(device.get_token(f"{ARM}/.default").token)["uti"] == told["uti"], "from the cache"
    assert len(cloud_process.requests(since=since, path="/token$")) == 1


def start_device(cloud: Practice, tenant: str = "organizations") -> dict[str, Any]:
    with cloud.http() as http:
        form = {"client_id": AZ, "scope": f"{ARM}/.default openid offline_access"}
        return dict(http.post(f"{LOGIN}/{tenant}/oauth2/v2.0/devicecode", data=form).json())


def redeem_device(cloud: Practice, device_code: str) -> dict[str, Any]:
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    form = {"grant_type": grant, "client_id": AZ, "device_code": device_code}
    return dict(token_request(cloud, "organizations", **form).json())


def test_a_device_code_waits_is_used_once_and_expires(cloud_process: Practice, student: dict[str, Any]) -> None:
    flow, late = start_device(cloud_process), start_device(cloud_process)
    assert redeem_device(cloud_process, flow["device_code"])["error"] == "authorization_pending"
    wrong = fill_in(flow["verification_uri"], student, code=flow["user_code"], password="wrong")
    assert wrong.status_code == 400
    assert redeem_device(cloud_process, flow["device_code"])["error"] == "authorization_pending"
    fill_in(flow["verification_uri"], student, code=flow["user_code"])
    assert "openid" in redeem_device(cloud_process, flow["device_code"])["scope"]
    assert redeem_device(cloud_process, flow["device_code"])["error"] == "invalid_grant"
    with cloud_process.conduct("clock", offset_seconds=1000):
        assert redeem_device(cloud_process, late["device_code"])["error"] == "expired_token"
        assert fill_in(late["verification_uri"], student, code=late["user_code"]).status_code == 400
    assert redeem_device(cloud_process, "nonsense")["error"] == "bad_verification_code"


def test_a_student_can_say_no_to_a_device(cloud_process: Practice, student: dict[str, Any]) -> None:
    flow = start_device(cloud_process)
    fill_in(flow["verification_uri"], student, code=flow["user_code"], answer="decline")
    assert redeem_device(cloud_process, flow["device_code"])["error"] == "authorization_declined"


def test_a_device_of_one_tenant_is_not_for_the_user_of_another(
    cloud_process: Practice, student: dict[str, Any]
) -> None:
    flow = start_device(cloud_process, cloud_process.student()["tenant_id"])
    assert fill_in(flow["verification_uri"], student, code=flow["user_code"]).status_code == 400


def test_pages_escape_what_they_echo(cloud_process: Practice, student: dict[str, Any]) -> None:
    nasty = '"><script>alert(1)</script>'
    page = start_device(cloud_process)["verification_uri"]
    shown = [httpx.get(page, params={"code": nasty}, trust_env=False), fill_in(page, student, code=nasty)]
    with cloud_process.http() as http:
        asked = authorize_fields(login_hint=nasty, state=nasty)
        shown.append(http.get(f"{LOGIN}/organizations/oauth2/v2.0/authorize", params=asked))
        shown.append(http.get(f"{LOGIN}/<script>alert/oauth2/v2.0/authorize", params=asked))
    for answer in shown:
        assert "script&gt;alert" in answer.text
        assert "<script>" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def authorize_fields(**changes: str) -> dict[str, str]:
    return {
        "client_id": AZ,
        "response_type": "code",
        "redirect_uri": "http://localhost:8400/",
        "scope": f"{ARM}/.default openid offline_access",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
        **changes,
    }


VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B: made for the challenge above


def authorize(cloud: Practice, student: dict[str, Any], **changes: str) -> httpx.Response:
    form = {**authorize_fields(**changes), "username": student["user"], "password": student["password"]}
    with cloud.http() as http:
        return http.post(f"{LOGIN}/organizations/oauth2/v2.0/authorize", data=form)


def redeem(cloud: Practice, code: str, **changes: str) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "client_id": AZ, "code": code, "code_verifier": VERIFIER}
    form |= {"redirect_uri": "http://localhost:8400/"} | changes
    return dict(token_request(cloud, "organizations", **form).json())


def code_of(cloud: Practice, student: dict[str, Any]) -> str:
    return str(httpx.URL(authorize(cloud, student).headers["location"]).params["code"])


def test_msal_signs_in_with_a_code_and_a_proof_key(cloud_process: Practice, student: dict[str, Any]) -> None:
    with cloud_process.http() as http:
        app = msal.PublicClientApplication(AZ, authority=f"{LOGIN}/organizations", http_client=Msal(http))
        flow = app.initiate_auth_code_flow(
            [f"{ARM}/.default"], redirect_uri="http://localhost:8400", response_mode="form_post"
        )
        page = http.get(flow["auth_uri"])
        fields = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text))
        filled = fields | {"username": student["user"], "password": student["password"]}
        sent = http.post(flow["auth_uri"].partition("?")[0], data=filled)
        reply = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', sent.text))
        result = app.acquire_token_by_auth_code_flow(flow, reply)
        assert result["id_token_claims"]["preferred_username"] == student["user"]
        account = app.get_accounts()[0]
        again = app.acquire_token_silent_with_error([f"{VAULT}/.default"], account=account)
    assert claims(again["access_token"])["aud"] == VAULT


def test_a_code_needs_its_proof_key_and_is_used_once(cloud_process: Practice, student: dict[str, Any]) -> None:
    code = code_of(cloud_process, student)
    assert redeem(cloud_process, code, code_verifier="x" * 43)["error_codes"] == [501481]
    assert redeem(cloud_process, code, redirect_uri="http://localhost:1/")["error_codes"] == [500112]
    assert "access_token" in redeem(cloud_process, code)
    assert redeem(cloud_process, code)["error_codes"] == [54005]
    late = code_of(cloud_process, student)
    with cloud_process.conduct("clock", offset_seconds=601):
        assert redeem(cloud_process, late)["error_codes"] == [70008]


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "http://localhost.elsewhere.example/", "http://x@localhost/", "", "urn:x"]
)
def test_no_code_goes_to_an_address_that_is_not_local(
    cloud_process: Practice, student: dict[str, Any], address: str
) -> None:
    answer = authorize(cloud_process, student, redirect_uri=address)
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert "AADSTS50011" in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "https://nowhere.example/.default"}, "invalid_resource"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_other_mistakes_go_back_to_the_program(
    cloud_process: Practice, student: dict[str, Any], changes: dict[str, str], error: str
) -> None:
    answer = authorize(cloud_process, student, state="s", **changes)
    told = httpx.URL(answer.headers["location"]).params
    assert (told["error"], told["state"]) == (error, "s")


def test_a_refresh_token_is_renewed_and_belongs_to_its_client(cloud_process: Practice, student: dict[str, Any]) -> None:
    first = redeem(cloud_process, code_of(cloud_process, student))["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": AZ, "refresh_token": first, "scope": f"{VAULT}/.default"}
    second = token_request(cloud_process, student["tenant_id"], **form).json()
    assert second["refresh_token"] != first
    assert f"{VAULT}/.default" in second["scope"].split()
    stolen = form | {"client_id": "1950a258-227b-4e31-a9cf-717495945fc2"}
    assert token_request(cloud_process, student["tenant_id"], **stolen).json()["error"] == "invalid_grant"
    elsewhere = token_request(cloud_process, cloud_process.student()["tenant_id"], **form).json()
    assert elsewhere["error_codes"] == [50020]
    with cloud_process.conduct("clock", offset_seconds=91 * DAY):
        assert token_request(cloud_process, student["tenant_id"], **form).json()["error_codes"] == [700082]


def test_a_user_signs_in_with_a_password_where_a_client_insists(
    cloud_process: Practice, student: dict[str, Any]
) -> None:
    assert claims(user_token(cloud_process, student))["upn"] == student["user"]
    form = {"grant_type": "password", "client_id": AZ, "username": student["user"], "password": "no", "scope": "openid"}
    assert token_request(cloud_process, "organizations", **form).json()["error_codes"] == [50126]


def test_neither_secrets_nor_tokens_are_kept_in_the_clear(cloud_process: Practice, student: dict[str, Any]) -> None:
    replied = redeem(cloud_process, code_of(cloud_process, student))
    kept = b"".join(path.read_bytes() for path in cloud_process.state.glob("cloud.sqlite3*"))
    assert replied["refresh_token"].encode() not in kept
    assert replied["access_token"].encode() not in kept
    assert (cloud_process.state.stat().st_mode & 0o777) == 0o700
    for path in cloud_process.state.iterdir():
        if path.name != "practice-cloud.log":
            assert path.stat().st_mode & 0o077 == 0, path
