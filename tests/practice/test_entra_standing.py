"""What an organization demands and forbids, as a portal meets it: on the pages, and when it renews its tokens."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import msal
import pytest
from azure.identity import ClientSecretCredential

from tests.practice.sign_in import ARM, LOGIN, bearer, claims, token_request
from tests.practice.visitor import Msal, Visitor
from tests.practice_process import Json, Practice

pytestmark = pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended")
BACK = "https://portal.school.example/azure/back"
SCOPES = [f"{ARM}/user_impersonation"]


class Portal:
    """A portal in which one student signs in."""

    def __init__(self, cloud: Practice, student: Json, http: httpx.Client) -> None:
        self.cloud, self.student = cloud, student
        registered = cloud.ask("POST", "/apps", {"name": "Lab portal", "redirect_uris": [BACK]})
        self.client_id, self.secret = registered["client_id"], registered["client_secret"]
        self.app = msal.ConfidentialClientApplication(
            self.client_id, self.secret, f"{LOGIN}/organizations", http_client=Msal(http)
        )
        self.flow: Json = {}

    def suffer(self, name: str, **parameters: float) -> None:
        wanted = {"name": name, "parameters": parameters}
        self.cloud.ask("POST", f"/students/{self.student['subscription_id']}/scenarios", wanted)

    def page(self, **more: Any) -> Visitor:
        """After user and password."""
        self.flow = self.app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK, **more)
        return Visitor(self.cloud, self.student).open(self.flow["auth_uri"]).sign_in()

    def arrive(self, visitor: Visitor) -> Json:
        return dict(self.app.acquire_token_by_auth_code_flow(self.flow, visitor.arrived))

    def sign_in(self) -> Json:
        return self.arrive(self.page().press("consent"))

    def renew(self) -> Json:
        account = self.app.get_accounts()[0]
        return dict(self.app.acquire_token_silent_with_error(SCOPES, account, force_refresh=True))

    def redeem(self, token: str) -> Json:
        """The same by hand: MSAL asks no second time within a minute of a refusal."""
        keys = {"client_id": self.client_id, "client_secret": self.secret, "scope": f"{SCOPES[0]} offline_access"}
        form = {"grant_type": "refresh_token", "refresh_token": token, **keys}
        return dict(token_request(self.cloud, "organizations", **form).json())


@pytest.fixture
def portal(cloud_process: Practice, student: Json) -> Iterator[Portal]:
    with cloud_process.http() as http:
        yield Portal(cloud_process, student, http)


def test_a_second_factor_is_asked_for_on_the_page_and_stands_in_the_token(portal: Portal) -> None:
    assert claims(portal.sign_in()["access_token"])["amr"] == ["pwd"]
    portal.suffer("user-second-factor")
    refused = portal.renew()
    assert (refused["error"], refused["error_codes"], refused["suberror"]) == ("invalid_grant", [50076], "basic_action")
    assert "capolids" in json.loads(refused["claims"])["access_token"]
    page = portal.page(claims_challenge=refused["claims"])
    wrong = page.press("accept", otp="no")
    assert (wrong.page.status_code, "That is not the code" in wrong.page.text) == (400, True)
    assert claims(portal.arrive(page.press("accept", otp=page.second_factor()))["access_token"])["amr"] == [
        "pwd",
        "mfa",
    ]
    assert "access_token" in portal.renew(), "the second factor lasts as long as the sign-in"


def test_a_second_factor_for_changes_is_asked_for_with_the_claims_that_arm_sent(portal: Portal) -> None:
    group = f"{ARM}/subscriptions/{portal.student['subscription_id']}/resourceGroups/rg-new?api-version=2022-09-01"
    portal.suffer("user-second-factor-for-changes")
    with portal.cloud.http() as http:
        mine = bearer(portal.sign_in()["access_token"])
        refused = http.put(group, json={"location": "eastus"}, headers=mine)
        assert (refused.status_code, http.get(group, headers=mine).status_code) == (403, 404)
        (packed,) = re.findall(r'claims="([^"]+)"', refused.headers["www-authenticate"])
        page = portal.page(claims_challenge=base64.b64decode(packed).decode())
        told = portal.arrive(page.press("accept", otp=page.second_factor()))
        again = http.put(group, json={"location": "eastus"}, headers=bearer(told["access_token"]))
        assert again.status_code == 201


def test_a_personal_account_signs_in_where_the_tenant_is_named(portal: Portal, student: Json) -> None:
    portal.suffer("user-personal-account")
    page = portal.page()
    assert (page.page.status_code, "with a personal account" in page.page.text) == (400, True)
    named = str(page.address).replace("/organizations/", f"/{student['tenant_id']}/")
    page.open(f"{named}?{portal.flow['auth_uri'].partition('?')[2]}").sign_in()
    assert "Permissions requested" in page.page.text


def test_consent_is_asked_for_after_the_second_factor(portal: Portal) -> None:
    portal.suffer("user-second-factor")
    page = portal.page().press("consent")
    assert "Verify your identity" in page.page.text, "a button that is not there skips nothing"
    page.press("accept", otp=page.second_factor())
    assert "Permissions requested" in page.page.text
    assert "access_token" in portal.arrive(page.press("consent"))


def test_a_device_asks_for_the_second_factor_too(portal: Portal, student: Json) -> None:
    registered = portal.cloud.ask("POST", "/apps", {"name": "Tool", "redirect_uris": [BACK], "public": True})
    portal.suffer("user-second-factor")
    with portal.cloud.http() as http:
        app = msal.PublicClientApplication(
            registered["client_id"], authority=f"{LOGIN}/organizations", http_client=Msal(http)
        )
        flow = app.initiate_device_flow(SCOPES)
        who = {"username": student["user"], "password": student["password"], "code": flow["user_code"]}
        visitor = Visitor(portal.cloud, student)
        visitor.page = httpx.post(flow["verification_uri"], data=who, trust_env=False)
        for answer, more in (("accept", {"otp": visitor.second_factor()}), ("consent", {})):
            form = {**visitor.hidden(), **more, "answer": answer}
            visitor.page = httpx.post(flow["verification_uri"], data=form, trust_env=False)
        assert claims(app.acquire_token_by_device_flow(flow)["access_token"])["amr"] == ["pwd", "mfa"]


@pytest.mark.parametrize(("name", "code"), [("user-blocked", 53003), ("user-disabled", 50057)])
def test_who_may_not_sign_in_is_told_on_the_page_and_gets_nothing_new(portal: Portal, name: str, code: int) -> None:
    token = portal.sign_in()["refresh_token"]
    portal.suffer(name)
    assert portal.redeem(token)["error_codes"] == [code]
    page = portal.page().page
    assert (page.status_code, f"AADSTS{code}" in page.text, "location" in page.headers) == (400, True, False)
    portal.cloud.ask("DELETE", f"/students/{portal.student['subscription_id']}/scenarios")
    assert "access_token" in portal.redeem(token)


def test_what_was_taken_back_counts_again_after_a_new_sign_in(portal: Portal) -> None:
    portal.sign_in()
    portal.suffer("user-sessions-revoked")
    refused = portal.renew()
    assert (refused["error_codes"], refused["suberror"]) == ([50173], "bad_token")
    assert "TokensValidFrom" in refused["error_description"]
    portal.arrive(portal.page())
    assert "access_token" in portal.renew()


def test_a_sign_in_may_run_out_and_using_it_does_not_lengthen_it(portal: Portal) -> None:
    portal.sign_in()
    portal.suffer("user-sign-in-runs-out", seconds=1000)
    with portal.cloud.conduct("clock", offset_seconds=900):
        assert "access_token" in portal.renew()
    with portal.cloud.conduct("clock", offset_seconds=1001):
        refused = portal.renew()
    assert (refused["error_codes"], refused["suberror"]) == ([70043], "token_expired")


def test_where_only_administrators_consent_the_student_goes_back_without(portal: Portal) -> None:
    portal.suffer("consent-by-admins-only")
    page = portal.page()
    assert (page.page.status_code, "AADSTS90094" in page.page.text) == (403, True)
    assert portal.page().press("consent").page.status_code == 403
    assert page.press("return").arrived["error"] == "access_denied"
    query = {"client_id": portal.client_id, "redirect_uri": BACK, "scope": SCOPES[0]}
    address = str(httpx.URL(f"{LOGIN}/organizations/v2.0/adminconsent", params=query))
    admin = Visitor(portal.cloud, portal.student).open(address).sign_in()
    assert "AADSTS90094" in admin.page.text
    place = f"/students/{portal.student['subscription_id']}/consents/{portal.client_id}"
    assert portal.cloud.ask("PUT", place)["permissions"] == SCOPES
    assert "access_token" in portal.arrive(portal.page()), "an administrator has consented for everybody"


def test_all_consents_may_be_taken_back(portal: Portal) -> None:
    portal.sign_in()
    portal.suffer("consent-taken-back")
    assert portal.renew()["error_codes"] == [65001]


def test_the_sdk_waits_as_long_as_the_sign_in_service_asks(cloud_process: Practice, student: Json) -> None:
    wanted = {"name": "sign-in-throttled", "parameters": {"seconds": 1, "retry_after": 1}}
    since = cloud_process.seen()
    cloud_process.ask("POST", f"/students/{student['subscription_id']}/scenarios", wanted)
    keys = (student["tenant_id"], student["client_id"], student["client_secret"])
    assert ClientSecretCredential(*keys, **cloud_process.sdk).get_token(f"{ARM}/.default").token
    statuses = [one["status"] for one in cloud_process.requests(since=since, host="login")]
    assert statuses[0] == 429
    assert statuses[-1] == 200
