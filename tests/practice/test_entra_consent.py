"""A portal's own application: where its answers go, what people let it do, and what an administrator does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import msal
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import AuthorizationCodeCredential, ClientSecretCredential

from tests.practice.sign_in import ARM, GRAPH, LOGIN, VAULT, bearer, claims, token_request, user_token
from tests.practice.visitor import Msal, Visitor
from tests.practice_process import Json, Practice

pytestmark = pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended")
BACK = "https://portal.school.example/azure/back"
SCOPES = [f"{ARM}/user_impersonation"]


@pytest.fixture
def portal(cloud_process: Practice) -> Json:
    return registered(cloud_process)


def registered(cloud: Practice, **changes: Any) -> Json:
    return cloud.ask("POST", "/apps", {"name": "School lab portal", "redirect_uris": [BACK], **changes})


@pytest.fixture
def http(cloud_process: Practice) -> Iterator[httpx.Client]:
    with cloud_process.http() as client:
        yield client


def client(portal: Json, http: httpx.Client, tenant: str = "organizations") -> Any:
    authority, secret = f"{LOGIN}/{tenant}", portal["client_secret"]
    if secret:
        return msal.ConfidentialClientApplication(portal["client_id"], secret, authority, http_client=Msal(http))
    return msal.PublicClientApplication(portal["client_id"], authority=authority, http_client=Msal(http))


def test_msal_signs_in_once_the_person_has_consented_and_is_not_asked_again(
    cloud_process: Practice, student: Json, portal: Json, http: httpx.Client
) -> None:
    app = client(portal, http)
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    visitor = Visitor(cloud_process, student).open(flow["auth_uri"]).sign_in()
    assert "Access Azure Resource Manager as you" in visitor.page.text
    assert "Maintain access" in visitor.page.text
    assert "School lab portal" in visitor.page.text
    told = app.acquire_token_by_auth_code_flow(flow, visitor.press("consent").arrived)
    said = claims(told["access_token"])
    assert (said["tid"], said["appid"], said["appidacr"]) == (student["tenant_id"], portal["client_id"], "1")
    again = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    assert "code" in Visitor(cloud_process, student).open(again["auth_uri"]).sign_in().arrived
    asked = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK, prompt="consent")
    assert "Permissions requested" in Visitor(cloud_process, student).open(asked["auth_uri"]).sign_in().page.text


def test_the_sdk_redeems_the_code_that_a_page_was_given(cloud_process: Practice, student: Json, portal: Json) -> None:
    """The SDK's credential knows no proof key; who has a secret can go without."""
    query = {"client_id": portal["client_id"], "redirect_uri": BACK, "response_type": "code", "scope": SCOPES[0]}
    address = str(httpx.URL(f"{LOGIN}/organizations/oauth2/v2.0/authorize", params=query))
    code = Visitor(cloud_process, student).open(address).sign_in().press("consent").arrived["code"]
    keys = (student["tenant_id"], portal["client_id"], code, BACK)
    credential = AuthorizationCodeCredential(*keys, client_secret=portal["client_secret"], **cloud_process.sdk)
    said = claims(credential.get_token(f"{ARM}/.default").token)
    assert (said["upn"], said["scp"]) == (student["user"], "user_impersonation")
    public = registered(cloud_process, public=True)
    address = str(httpx.URL(address).copy_merge_params({"client_id": public["client_id"]}))
    assert "AADSTS9002325" in Visitor(cloud_process, student).open(address).arrived["error_description"]


def test_a_person_may_refuse(cloud_process: Practice, student: Json, portal: Json, http: httpx.Client) -> None:
    app = client(portal, http)
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    reply = Visitor(cloud_process, student).open(flow["auth_uri"]).sign_in().press("refuse").arrived
    assert (reply["error"], reply["error_subcode"]) == ("access_denied", "cancel")
    assert reply["error_description"].startswith("AADSTS65004")
    assert app.acquire_token_by_auth_code_flow(flow, reply)["error"] == "access_denied"
    again = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    assert "Permissions requested" in Visitor(cloud_process, student).open(again["auth_uri"]).sign_in().page.text


def test_what_was_not_granted_is_not_given_silently(
    cloud_process: Practice, student: Json, portal: Json, http: httpx.Client
) -> None:
    app = client(portal, http)
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    app.acquire_token_by_auth_code_flow(
        flow, Visitor(cloud_process, student).open(flow["auth_uri"]).sign_in().press("consent").arrived
    )
    account = app.get_accounts()[0]
    refused = app.acquire_token_silent_with_error([f"{VAULT}/user_impersonation"], account)
    assert refused["error_codes"] == [65001]
    assert (refused["error"], refused["suberror"]) == ("invalid_grant", "consent_required")
    listed = app.acquire_token_silent_with_error([f"{VAULT}/.default"], account)
    assert listed["error_codes"] == [650057], "the registration lists nothing for it"
    cloud_process.ask("DELETE", f"/students/{student['subscription_id']}/consents/{portal['client_id']}")
    gone = app.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    assert gone["error_codes"] == [65001]


def test_a_consent_is_one_persons_and_one_tenants(
    cloud_process: Practice, student: Json, portal: Json, http: httpx.Client
) -> None:
    other, app = cloud_process.student(), client(portal, http)
    for person in (student, other):
        flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
        page = Visitor(cloud_process, person).open(flow["auth_uri"]).sign_in()
        assert "Permissions requested" in page.page.text
        page.press("consent")


@pytest.mark.parametrize("answer", ["", "code", "accept"])
def test_nothing_but_the_button_is_consent(
    cloud_process: Practice, student: Json, portal: Json, http: httpx.Client, answer: str
) -> None:
    flow = client(portal, http).initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    page = Visitor(cloud_process, student).open(flow["auth_uri"]).sign_in().press(answer)
    assert "Permissions requested" in page.page.text


def test_the_ticket_between_the_pages_is_one_clients_is_spent_and_ends(
    cloud_process: Practice, student: Json, portal: Json, http: httpx.Client
) -> None:
    flow = client(portal, http).initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    page = Visitor(cloud_process, student).open(flow["auth_uri"]).sign_in()
    ticket = page.hidden()["step"]
    other = client(registered(cloud_process), http).initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    stolen = Visitor(cloud_process, student).open(other["auth_uri"]).press("consent", step=ticket)
    assert (stolen.page.status_code, "location" in stolen.page.headers) == (400, False)
    with cloud_process.conduct("clock", offset_seconds=601):
        late = Visitor(cloud_process, student).open(flow["auth_uri"]).press("consent", step=ticket)
        assert late.page.status_code == 400
    assert "code" in page.press("consent").arrived
    used = Visitor(cloud_process, student).open(flow["auth_uri"]).press("consent", step=ticket)
    assert used.page.status_code == 400


@pytest.mark.parametrize(
    ("known", "sent", "fits"),
    [
        (BACK, BACK, True),
        (BACK, f"{BACK}/", False),
        (BACK, BACK.replace("https", "http"), False),
        (BACK, "https://portal.school.example.evil.example/azure/back", False),
        (BACK, f"{BACK}?next=x", False),
        ("http://localhost/azure/back", "http://localhost:8000/azure/back", True),
        ("http://localhost/azure/back", "http://127.0.0.1:8000/azure/back", False),
        ("http://localhost/azure/back", "http://localhost:8000/other", False),
        ("http://localhost/azure/back", "https://localhost:8000/azure/back", False),
    ],
)
def test_codes_go_to_registered_addresses_only(
    cloud_process: Practice, student: Json, known: str, sent: str, fits: bool
) -> None:
    with cloud_process.http() as http:
        flow = client(registered(cloud_process, redirect_uris=[known]), http)
        flow = flow.initiate_auth_code_flow(SCOPES, redirect_uri=sent)
    page = Visitor(cloud_process, student).open(flow["auth_uri"]).page
    assert (page.status_code == 200) is fits
    assert ("AADSTS50011" in page.text) is not fits
    assert "location" not in page.headers


@pytest.mark.parametrize(
    "sent",
    [
        {"redirect_uris": ["http://portal.school.example/back"]},
        {"redirect_uris": ["https://*.school.example/back"]},
        {"redirect_uris": ["https://portal.school.example/back#x"]},
        {"redirect_uris": []},
        {"name": ""},
        {"public": "yes"},
        {"permissions": "all"},
        {"secret": "x"},
    ],
)
def test_what_entra_registers_not_is_refused(cloud_process: Practice, sent: Json) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        registered(cloud_process, **sent)


def test_a_confidential_client_must_show_its_secret_and_a_public_one_must_not(
    cloud_process: Practice, student: Json, portal: Json, http: httpx.Client
) -> None:
    public = registered(cloud_process, public=True)
    assert public["client_secret"] == ""
    app = client(public, http)
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
    reply = Visitor(cloud_process, student).open(flow["auth_uri"]).sign_in().press("consent").arrived
    told = app.acquire_token_by_auth_code_flow(flow, reply)
    assert claims(told["access_token"])["appidacr"] == "0"
    form = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"], "scope": SCOPES[0]}
    with_secret = token_request(
        cloud_process, "organizations", client_id=public["client_id"], client_secret="x", **form
    )
    assert with_secret.json()["error_codes"] == [700025]
    without = token_request(cloud_process, "organizations", client_id=portal["client_id"], **form)
    assert (without.status_code, without.json()["error_codes"]) == (401, [7000218])


def test_msal_signs_in_by_device_code_after_consent(cloud_process: Practice, student: Json, http: httpx.Client) -> None:
    app = client(registered(cloud_process, public=True), http, student["tenant_id"])
    flow = app.initiate_device_flow(SCOPES)
    fields = {"username": student["user"], "password": student["password"], "code": flow["user_code"]}
    page = httpx.post(flow["verification_uri"], data={**fields, "answer": "accept"}, trust_env=False)
    assert "Permissions requested" in page.text
    visitor = Visitor(cloud_process, student)
    visitor.page = page
    httpx.post(flow["verification_uri"], data={**visitor.hidden(), "answer": "consent"}, trust_env=False)
    assert "access_token" in app.acquire_token_by_device_flow(flow)


def admins_address(portal: Json, tenant: str, version: str = "/v2.0", **changes: str) -> str:
    query = {"client_id": portal["client_id"], "redirect_uri": BACK, "state": "s"}
    query |= ({"scope": SCOPES[0]} if version else {}) | changes
    return str(httpx.URL(f"{LOGIN}/{tenant}{version}/adminconsent", params=query))


@pytest.mark.parametrize("version", ["/v2.0", ""])
def test_an_administrator_lets_the_application_in_and_it_gets_a_role(
    cloud_process: Practice, student: Json, portal: Json, version: str
) -> None:
    """The portal keeps nothing of the student's: it signs in as itself, in the student's tenant."""
    tenant = student["tenant_id"]
    keys = (tenant, portal["client_id"], portal["client_secret"])
    with pytest.raises(ClientAuthenticationError, match="AADSTS700016"):
        ClientSecretCredential(*keys, **cloud_process.sdk).get_token(f"{ARM}/.default")
    page = Visitor(cloud_process, student).open(admins_address(portal, tenant, version)).sign_in()
    assert "for everybody in Practice" in page.page.text
    reply = page.press("consent").arrived
    expected = {"admin_consent": "True", "tenant": tenant, "state": "s"}
    assert reply == expected | ({"scope": SCOPES[0]} if version else {})
    token = ClientSecretCredential(*keys, **cloud_process.sdk).get_token(f"{ARM}/.default").token
    said = claims(token)
    assert (said["tid"], said["appid"]) == (tenant, portal["client_id"])
    group = f"/subscriptions/{student['subscription_id']}/resourceGroups/{student['resource_group']}"
    address = f"{ARM}{group}?api-version=2022-09-01"
    with cloud_process.http() as http:
        assert http.get(address, headers=bearer(token)).status_code == 403
        form = {"username": student["user"], "password": student["password"], "client_id": AZ_CLI}
        mine = token_request(cloud_process, tenant, grant_type="password", scope=f"{ARM}/.default", **form).json()
        graph = token_request(cloud_process, tenant, grant_type="password", scope=f"{GRAPH}/.default", **form).json()
        seen = http.get(
            f"{GRAPH}/v1.0/servicePrincipals(appId='{portal['client_id']}')", headers=bearer(graph["access_token"])
        ).json()
        assert (seen["id"], seen["appOwnerOrganizationId"]) == (said["oid"], portal["tenant_id"])
        role = f"{group}/providers/Microsoft.Authorization/roleAssignments/{said['oid']}?api-version=2022-04-01"
        reader = f"{group}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
        properties = {"roleDefinitionId": reader, "principalId": said["oid"], "principalType": "ServicePrincipal"}
        assigned = http.put(f"{ARM}{role}", json={"properties": properties}, headers=bearer(mine["access_token"]))
        assert assigned.status_code == 201, assigned.text
        assert http.get(address, headers=bearer(token)).status_code == 200


def graph(cloud: Practice, student: Json, method: str, path: str, body: Any = None) -> httpx.Response:
    with cloud.http() as http:
        headers = bearer(user_token(cloud, student, GRAPH))
        return http.request(method, f"{GRAPH}/v1.0/{path}", json=body, headers=headers)


def test_an_application_is_let_in_and_turned_out_through_graph(
    cloud_process: Practice, student: Json, portal: Json
) -> None:
    """As ``az ad sp create --id`` and ``az ad sp delete`` do it: it signs in as itself, and for nobody."""
    keys = (student["tenant_id"], portal["client_id"], portal["client_secret"])
    made = graph(cloud_process, student, "POST", "servicePrincipals", {"appId": portal["client_id"]})
    assert (made.status_code, made.json()["appOwnerOrganizationId"]) == (201, portal["tenant_id"])
    token = ClientSecretCredential(*keys, **cloud_process.sdk).get_token(f"{ARM}/.default").token
    assert claims(token)["oid"] == made.json()["id"]
    again = graph(cloud_process, student, "POST", "servicePrincipals", {"appId": portal["client_id"]})
    assert again.status_code == 409
    for status in (204, 404):
        gone = graph(cloud_process, student, "DELETE", f"servicePrincipals/{made.json()['id']}")
        assert gone.status_code == status
    with pytest.raises(ClientAuthenticationError, match="AADSTS700016"):
        ClientSecretCredential(*keys, **cloud_process.sdk).get_token(f"{ARM}/.default")
    closed = registered(cloud_process, multi_tenant=False)
    refused = graph(cloud_process, student, "POST", "servicePrincipals", {"appId": closed["client_id"]})
    assert (refused.status_code, "valid application object" in refused.text) == (400, True)
    own = graph(cloud_process, student, "GET", f"servicePrincipals(appId='{student['client_id']}')").json()["id"]
    assert graph(cloud_process, student, "DELETE", f"servicePrincipals/{own}").status_code == 501


AZ_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


@pytest.mark.parametrize(("version", "error"), [("/v2.0", "consent_required"), ("", "permission_denied")])
def test_an_administrator_may_refuse(
    cloud_process: Practice, student: Json, portal: Json, version: str, error: str
) -> None:
    page = Visitor(cloud_process, student).open(admins_address(portal, student["tenant_id"], version)).sign_in()
    reply = page.press("refuse").arrived
    assert (reply["error"], reply["state"]) == (error, "s")
    assert "access" not in reply


def test_admin_consent_goes_to_registered_addresses_only(cloud_process: Practice, student: Json, portal: Json) -> None:
    address = admins_address(portal, student["tenant_id"], redirect_uri="https://elsewhere.example/")
    assert "AADSTS50011" in Visitor(cloud_process, student).open(address).page.text
    address = admins_address(portal, student["tenant_id"], client_id=AZ_CLI, redirect_uri="http://localhost/")
    assert Visitor(cloud_process, student).open(address).page.status_code == 501


def test_an_application_of_one_tenant_is_not_known_in_another(
    cloud_process: Practice, student: Json, http: httpx.Client
) -> None:
    mine = registered(cloud_process, multi_tenant=False, subscription_id=student["subscription_id"])
    assert mine["tenant_id"] == student["tenant_id"]
    other = cloud_process.student()
    for tenant, code in ((other["tenant_id"], "700016"), ("organizations", "50194"), (student["tenant_id"], "")):
        flow = client(mine, http, tenant).initiate_auth_code_flow(SCOPES, redirect_uri=BACK)
        page = Visitor(cloud_process, student).open(flow["auth_uri"]).page
        assert (f"AADSTS{code}" in page.text) is bool(code)
        assert page.status_code == (400 if code else 200)
