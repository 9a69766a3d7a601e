"""Tokens are renewed and taken back while somebody works with them: what the SDKs make of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import msal
import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import AuthenticationRequiredError, ClientSecretCredential, DeviceCodeCredential
from azure.mgmt.resource.subscriptions import SubscriptionClient

from tests.practice.sign_in import ARM, AZ, GRAPH, LOGIN, bearer, claims, token_request, user_token
from tests.practice.visitor import Msal, Visitor
from tests.practice_process import Json, Practice

pytestmark = pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended")
DAY = 86_400
BACK = "https://portal.school.example/azure/back"


def suffer(cloud: Practice, student: Json, name: str) -> None:
    cloud.ask("POST", f"/students/{student['subscription_id']}/scenarios", {"name": name})


def renew(cloud: Practice, student: Json, refresh: str) -> Json:
    form = {"client_id": AZ, "scope": f"{ARM}/.default", "refresh_token": refresh}
    return dict(token_request(cloud, student["tenant_id"], grant_type="refresh_token", **form).json())


def first(cloud: Practice, student: Json) -> Json:
    who = {"username": student["user"], "password": student["password"], "client_id": AZ}
    scope = f"{ARM}/.default offline_access"
    return dict(token_request(cloud, student["tenant_id"], grant_type="password", scope=scope, **who).json())


def test_each_renewal_lasts_anew_and_the_one_before_ends_when_it_would_have(
    cloud_process: Practice, student: Json
) -> None:
    old = first(cloud_process, student)["refresh_token"]
    with cloud_process.conduct("clock", offset_seconds=80 * DAY):
        new = renew(cloud_process, student, old)["refresh_token"]
        assert new != old
        assert "access_token" in renew(cloud_process, student, old), "it was not spent, as at Microsoft"
    with cloud_process.conduct("clock", offset_seconds=91 * DAY):
        assert renew(cloud_process, student, old)["error_codes"] == [700082]
        newest = renew(cloud_process, student, new)["refresh_token"]
    with cloud_process.conduct("clock", offset_seconds=180 * DAY):
        assert "access_token" in renew(cloud_process, student, newest)


@pytest.mark.parametrize("name", ["user-sessions-revoked", "user-password-changed"])
def test_what_is_taken_back_takes_back_every_renewal_of_it(cloud_process: Practice, student: Json, name: str) -> None:
    old = first(cloud_process, student)["refresh_token"]
    new = renew(cloud_process, student, old)["refresh_token"]
    suffer(cloud_process, student, name)
    for refresh in (old, new):
        assert renew(cloud_process, student, refresh)["error_codes"] == [50173]


def test_an_application_goes_on_when_its_tokens_are_taken_back(cloud_process: Practice, student: Json) -> None:
    """The SDK answers ARM's challenge with a new token, in the same request of whoever uses it."""
    keys = (student["tenant_id"], student["client_id"], student["client_secret"])
    client: Any = SubscriptionClient(ClientSecretCredential(*keys, **cloud_process.sdk), **cloud_process.sdk)
    assert client.subscriptions.get(student["subscription_id"]).state.value == "Enabled"
    suffer(cloud_process, student, "tokens-revoked")
    since = cloud_process.seen()
    assert client.subscriptions.get(student["subscription_id"]).state.value == "Enabled"
    asked = cloud_process.requests(since=since, host="management")
    assert [one["status"] for one in asked] == [401, 200]


def test_an_application_whose_secret_went_too_does_not_go_on(cloud_process: Practice, student: Json) -> None:
    keys = (student["tenant_id"], student["client_id"], student["client_secret"])
    client: Any = SubscriptionClient(ClientSecretCredential(*keys, **cloud_process.sdk), **cloud_process.sdk)
    client.subscriptions.get(student["subscription_id"])
    suffer(cloud_process, student, "sign-in-revoked")
    with pytest.raises(HttpResponseError, match="AADSTS7000215"):
        client.subscriptions.get(student["subscription_id"])


def signing_in(student: Json) -> Callable[[str, str, Any], None]:
    def prompt(page: str, code: str, _: Any) -> None:
        form = {"username": student["user"], "password": student["password"], "code": code, "answer": "accept"}
        assert httpx.post(page, data=form, trust_env=False).status_code == 200

    return prompt


def test_a_person_must_sign_in_again_and_then_the_same_client_goes_on(cloud_process: Practice, student: Json) -> None:
    credential = DeviceCodeCredential(
        tenant_id=student["tenant_id"],
        disable_automatic_authentication=True,
        prompt_callback=signing_in(student),
        **cloud_process.sdk,
    )
    credential.authenticate(scopes=[f"{ARM}/.default"])
    client: Any = SubscriptionClient(credential, **cloud_process.sdk)
    assert len(list(client.subscriptions.list())) == 1
    suffer(cloud_process, student, "user-sessions-revoked")
    with pytest.raises(AuthenticationRequiredError) as refused:
        list(client.subscriptions.list())
    credential.authenticate(scopes=refused.value.scopes, claims=refused.value.claims)
    assert len(list(client.subscriptions.list())) == 1


def test_who_signs_out_everywhere_ends_a_portals_sessions_too(cloud_process: Practice, student: Json) -> None:
    registered = cloud_process.ask("POST", "/apps", {"name": "Portal", "redirect_uris": [BACK]})
    keys = (registered["client_id"], registered["client_secret"], f"{LOGIN}/organizations")
    with cloud_process.http() as http:
        app = msal.ConfidentialClientApplication(*keys, http_client=Msal(http))
        flow = app.initiate_auth_code_flow([f"{ARM}/.default"], redirect_uri=BACK)
        page = Visitor(cloud_process, student).open(flow["auth_uri"]).sign_in().press("consent")
        told = app.acquire_token_by_auth_code_flow(flow, page.arrived)
        graph = bearer(user_token(cloud_process, student, GRAPH))
        answer = http.post(f"{GRAPH}/v1.0/me/revokeSignInSessions", headers=graph)
        assert (answer.status_code, answer.json()["value"]) == (200, True)
        refused = http.get(f"{ARM}/subscriptions?api-version=2022-12-01", headers=bearer(told["access_token"]))
        assert (refused.status_code, "insufficient_claims" in refused.headers["www-authenticate"]) == (401, True)
        account = app.get_accounts()[0]
        again = app.acquire_token_silent_with_error([f"{ARM}/.default"], account, force_refresh=True)
    assert again["error_codes"] == [50173]


def test_sessions_are_ended_for_users_of_ones_own_tenant_only(cloud_process: Practice, student: Json) -> None:
    other = cloud_process.student()
    with cloud_process.http() as http:
        headers = bearer(user_token(cloud_process, student, GRAPH))
        own = claims(user_token(cloud_process, student))["oid"]
        for name, status in ((own, 200), (student["user"], 200), (other["user"], 404)):
            answer = http.post(f"{GRAPH}/v1.0/users/{name}/revokeSignInSessions", headers=headers)
            assert answer.status_code == status
