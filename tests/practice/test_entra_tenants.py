"""People who belong to several tenants, and tenants with several subscriptions or none."""

from __future__ import annotations

from typing import Any

import httpx
import msal
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.mgmt.resource.subscriptions import SubscriptionClient

from tests.practice.sign_in import ARM, AZ, GRAPH, LOGIN, bearer, claims, token_request
from tests.practice.visitor import Msal, Visitor
from tests.practice_process import Json, Practice

NOBODY = "nobody@practice.onmicrosoft.com"


def invite(cloud: Practice, host: Json, guest: Json, **sent: Any) -> Json:
    return cloud.ask("PUT", f"/students/{host['subscription_id']}/guests/{guest['user']}", sent)


def tokens(cloud: Practice, person: Json, tenant: str = "organizations", resource: str = ARM) -> httpx.Response:
    who = {"username": person["user"], "password": person["password"], "client_id": AZ}
    return token_request(cloud, tenant, grant_type="password", scope=f"{resource}/.default offline_access", **who)


def in_tenant(cloud: Practice, refresh: str, tenant: str) -> httpx.Response:
    """As az asks each tenant after one sign-in."""
    form = {"refresh_token": refresh, "client_id": AZ, "scope": f"{ARM}/.default"}
    return token_request(cloud, tenant, grant_type="refresh_token", **form)


def listed(cloud: Practice, token: str, what: str) -> list[Json]:
    with cloud.http() as http:
        return list(http.get(f"{ARM}/{what}?api-version=2022-12-01", headers=bearer(token)).json()["value"])


def test_one_sign_in_is_good_for_every_tenant_that_one_belongs_to(cloud_process: Practice, student: Json) -> None:
    school = cloud_process.student()
    told = invite(cloud_process, school, student, role="Contributor")
    mine = tokens(cloud_process, student).json()
    there = [one["tenantId"] for one in listed(cloud_process, mine["access_token"], "tenants")]
    assert there == [student["tenant_id"], school["tenant_id"]]
    for tenant, place, oid in (
        (student["tenant_id"], student, claims(mine["access_token"])["oid"]),
        (school["tenant_id"], school, told["object_id"]),
    ):
        access = in_tenant(cloud_process, mine["refresh_token"], tenant).json()["access_token"]
        assert (claims(access)["tid"], claims(access)["oid"]) == (tenant, oid)
        (found,) = listed(cloud_process, access, "subscriptions")
        assert found["subscriptionId"] == place["subscription_id"]
        assert [one["tenantId"] for one in listed(cloud_process, access, "tenants")] == there


def test_a_guests_token_says_whence_they_come(cloud_process: Practice, student: Json) -> None:
    school = cloud_process.student()
    invite(cloud_process, school, student)
    token = tokens(cloud_process, student, school["tenant_id"]).json()["access_token"]
    said = claims(token)
    assert said["idp"] == f"https://sts.windows.net/{student['tenant_id']}/"
    assert (said["unique_name"], said["email"], "upn" in said) == (student["user"], student["user"], False)
    assert listed(cloud_process, token, "subscriptions") == []


def test_who_is_no_guest_is_refused_on_the_page_and_silently(cloud_process: Practice, student: Json) -> None:
    school = cloud_process.student()
    refresh = tokens(cloud_process, student).json()["refresh_token"]
    refused = in_tenant(cloud_process, refresh, school["tenant_id"])
    assert (refused.status_code, refused.json()["error_codes"]) == (400, [50020])
    assert student["user"] in refused.json()["error_description"]
    with cloud_process.http() as http:
        app = msal.PublicClientApplication(AZ, authority=f"{LOGIN}/{school['tenant_id']}", http_client=Msal(http))
        flow = app.initiate_auth_code_flow(
            [f"{ARM}/.default"], redirect_uri="http://localhost:8400", response_mode="form_post"
        )
        page = Visitor(cloud_process, student).open(flow["auth_uri"]).sign_in()
        assert (page.page.status_code, "AADSTS50020" in page.page.text) == (400, True)
        invite(cloud_process, school, student)
        page.open(flow["auth_uri"]).sign_in()
        told = app.acquire_token_by_auth_code_flow(flow, page.hidden())
        assert told["id_token_claims"]["tid"] == school["tenant_id"]
        assert app.get_accounts()[0]["home_account_id"].endswith(student["tenant_id"]), "the account is the one at home"
    cloud_process.ask("DELETE", f"/students/{school['subscription_id']}/guests/{student['user']}")
    assert in_tenant(cloud_process, told["refresh_token"], school["tenant_id"]).json()["error_codes"] == [50020]
    assert in_tenant(cloud_process, told["refresh_token"], student["tenant_id"]).status_code == 200


def test_a_guest_is_among_the_users_of_the_tenant_and_no_administrator(cloud_process: Practice, student: Json) -> None:
    school = cloud_process.student()
    told = invite(cloud_process, school, student)
    token = tokens(cloud_process, school, resource=GRAPH).json()["access_token"]
    with cloud_process.http() as http:
        seen = http.get(f"{GRAPH}/v1.0/users/{told['object_id']}", headers=bearer(token)).json()
    assert "#EXT#@" in seen["userPrincipalName"]
    portal = cloud_process.ask("POST", "/apps", {"name": "Portal", "redirect_uris": ["https://portal.example/"]})
    query = {"client_id": portal["client_id"], "redirect_uri": "https://portal.example/"}
    address = str(httpx.URL(f"{LOGIN}/{school['tenant_id']}/adminconsent", params=query))
    assert "AADSTS90094" in Visitor(cloud_process, student).open(address).sign_in().page.text
    assert "for everybody" in Visitor(cloud_process, school).open(address).sign_in().page.text


class _Token:
    """A credential that has one token, for the SDK."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken(self._token, claims(self._token)["exp"])


def test_the_sdk_lists_several_subscriptions_with_their_states(cloud_process: Practice, student: Json) -> None:
    place = f"/students/{student['subscription_id']}/subscriptions"
    second = cloud_process.ask("POST", place, {"name": "Old one", "state": "Disabled"})
    token = tokens(cloud_process, student).json()["access_token"]
    client: Any = SubscriptionClient(_Token(token), **cloud_process.sdk)
    found = {one.subscription_id: (one.display_name, str(one.state.value)) for one in client.subscriptions.list()}
    assert found[second["subscription_id"]] == ("Old one", "Disabled")
    assert found[student["subscription_id"]][1] == "Enabled"
    assert client.subscriptions.get(second["subscription_id"]).tenant_id == student["tenant_id"]
    strangers = tokens(cloud_process, cloud_process.student()).json()["access_token"]
    other: Any = SubscriptionClient(_Token(strangers), **cloud_process.sdk)
    with pytest.raises(HttpResponseError, match="InvalidAuthenticationTokenTenant"):
        other.subscriptions.get(second["subscription_id"])


def test_a_second_subscription_can_be_worked_in(cloud_process: Practice, student: Json) -> None:
    second = cloud_process.ask("POST", f"/students/{student['subscription_id']}/subscriptions")
    group = f"{ARM}/subscriptions/{second['subscription_id']}/resourceGroups/rg-second?api-version=2022-09-01"
    headers = bearer(tokens(cloud_process, student).json()["access_token"])
    with cloud_process.http() as http:
        assert http.put(group, json={"location": "eastus"}, headers=headers).status_code == 201
        assert http.get(group, headers=headers).status_code == 200


def test_there_may_be_no_subscription_at_all(cloud_process: Practice, student: Json) -> None:
    cloud_process.ask("POST", f"/students/{student['subscription_id']}/scenarios", {"name": "user-without-roles"})
    token = tokens(cloud_process, student).json()["access_token"]
    assert listed(cloud_process, token, "subscriptions") == []
    assert len(listed(cloud_process, token, "tenants")) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "guests/{user}", {}),
        ("PUT", "guests/{other}", {"role": "King"}),
        ("PUT", f"guests/{NOBODY}", {}),
        ("DELETE", "guests/{other}", None),
        ("POST", "subscriptions", {"state": "Sleepy"}),
        ("POST", "subscriptions", {"name": ""}),
        ("POST", "subscriptions", {"owner": "me"}),
    ],
)
def test_what_cannot_be_is_refused(cloud_process: Practice, method: str, path: str, body: Json | None) -> None:
    student, other = cloud_process.student(), cloud_process.student()
    where = path.format(user=student["user"], other=other["user"])
    with pytest.raises(httpx.HTTPStatusError, match=r"40[04]"):
        cloud_process.ask(method, f"/students/{student['subscription_id']}/{where}", body)
