"""ARM itself: subscriptions, groups, providers, resources, and what every request must bring."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from tests.practice.services.clients import POLL, Azure

SOMEWHERE = "00000000-0000-4000-8000-000000000000"
LOCKED = [("from", "ReadOnly", 409), ("to", "ReadOnly", 409), ("vault", "ReadOnly", 409), ("from", "CanNotDelete", 202)]


def test_a_student_finds_their_tenant_and_their_subscription(azure: Azure) -> None:
    (subscription,) = azure.subscriptions.subscriptions.list()
    assert (subscription.subscription_id, subscription.state) == (azure.sid, "Enabled")
    assert [tenant.tenant_id for tenant in azure.subscriptions.tenants.list()] == [azure.tenant]
    assert azure.subscriptions.subscriptions.get(azure.sid).display_name == subscription.display_name
    assert "eastus" in {place.name for place in azure.subscriptions.subscriptions.list_locations(azure.sid)}


@pytest.mark.parametrize("version", ["", "2010-01-01", "2099-01-01", "latest"])
def test_an_api_version_is_required_and_must_be_known(azure: Azure, version: str) -> None:
    answer = azure.arm("GET", f"{azure.scope}/resourceGroups?api-version={version}")
    code = "InvalidApiVersionParameter" if version else "MissingApiVersionParameter"
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_a_request_without_a_token_learns_the_subscriptions_tenant(azure: Azure) -> None:
    with azure.cloud.http() as http:
        answer = http.get(f"https://management.azure.com{azure.scope}?api-version=2022-12-01")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AuthenticationFailed")
    assert azure.tenant in answer.headers["www-authenticate"]


def test_tokens_for_others_forged_and_expired_are_refused(azure: Azure) -> None:
    def code(token: str) -> str:
        answer = azure.arm("GET", f"{azure.scope}?api-version=2022-12-01", token=token)
        assert answer.status_code == 401
        return str(answer.json()["error"]["code"])

    assert code(azure.credential.get_token("https://vault.azure.net/.default").token) == (
        "InvalidAuthenticationTokenAudience"
    )
    assert code("nonsense") == "InvalidAuthenticationToken"
    token = azure.token
    with azure.cloud.conduct("clock", offset_seconds=7200):
        assert code(token) == "ExpiredAuthenticationToken"


def test_groups_are_made_tagged_listed_and_never_moved(azure: Azure) -> None:
    groups = azure.resources.resource_groups
    made = groups.create_or_update("Second", {"location": "West Europe", "tags": {"a": "b"}})
    assert (made.name, made.location, made.tags) == ("Second", "westeurope", {"a": "b"})
    assert {group.name for group in groups.list()} == {azure.group, "Second"}
    assert groups.update("SECOND", {"tags": {"c": "d"}}).tags == {"c": "d"}
    assert groups.get("second").tags == {"c": "d"}
    assert groups.check_existence("second")
    assert not groups.check_existence("third")
    with pytest.raises(HttpResponseError) as raised:
        groups.create_or_update("second", {"location": "eastus"})
    assert raised.value.status_code == 409


def test_deleting_a_group_takes_its_time_and_softens_its_vaults(azure: Azure) -> None:
    azure.create_vault()
    groups = azure.resources.resource_groups
    with azure.cloud.conduct("timings", vm_power=60):
        answer = azure.arm("DELETE", f"{azure.scope}/resourceGroups/{azure.group}?api-version=2024-11-01")
    assert (answer.status_code, answer.headers["retry-after"]) == (202, "60")
    leaving = groups.get(azure.group).properties
    assert leaving
    assert leaving.provisioning_state == "Deleting"
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault("too-late")
    assert raised.value.error
    assert raised.value.error.code == "ResourceGroupBeingDeleted"
    with azure.cloud.conduct("clock", offset_seconds=61):
        location = answer.headers["location"].removeprefix("https://management.azure.com")
        assert azure.arm("GET", location).status_code == 200
        with pytest.raises(ResourceNotFoundError):
            groups.get(azure.group)
    assert [vault.name for vault in azure.keyvault.vaults.list_deleted()] == [azure.name]
    assert list(azure.compute.virtual_machines.list_all()) == []


def test_the_poller_of_a_group_deletion_ends(azure: Azure) -> None:
    azure.resources.resource_groups.create_or_update("brief", {"location": "eastus"})
    azure.resources.resource_groups.begin_delete("brief", polling_interval=POLL).result()
    assert not azure.resources.resource_groups.check_existence("brief")


def test_resources_are_listed_and_filtered(azure: Azure) -> None:
    azure.create_vault()
    kind = "Microsoft.KeyVault/vaults"
    assert {one.name for one in azure.resources.resources.list()} == {azure.name, azure.vm}
    named = f"resourceType eq '{kind}' and name eq '{azure.name}'"
    assert [one.type for one in azure.resources.resources.list(filter=named)] == [kind]
    assert list(azure.resources.resources.list(filter="name eq 'nothing'")) == []
    in_group = azure.resources.resources.list_by_resource_group(azure.group, filter=f"resourceType eq '{kind}'")
    assert [one.name for one in in_group] == [azure.name]
    with pytest.raises(HttpResponseError) as raised:
        list(azure.resources.resources.list(filter="colour eq 'red'"))
    assert raised.value.status_code == 400


def test_an_unregistered_provider_must_be_registered_first(azure: Azure) -> None:
    providers = azure.resources.providers
    providers.unregister("Microsoft.KeyVault")
    assert providers.get("microsoft.keyvault").registration_state == "NotRegistered"
    since = azure.cloud.seen()
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault()
    assert raised.value.error
    assert raised.value.error.code == "MissingSubscriptionRegistration"
    assert [one["method"] for one in azure.cloud.requests(since=since, host="management")] == ["PUT"]
    assert providers.register("Microsoft.KeyVault").registration_state == "Registered"
    azure.create_vault()
    assert "Microsoft.KeyVault" in {one.namespace for one in providers.list()}


def test_ids_with_a_slash_too_many_are_understood(azure: Azure) -> None:
    answer = azure.arm("GET", f"/{azure.scope}//resourceGroups/?api-version=2024-11-01")
    assert [group["name"] for group in answer.json()["value"]] == [azure.group]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/providers/Microsoft.Network/loadBalancers"),
        ("POST", "/resourceGroups"),
        ("PUT", "/providers/Microsoft.KeyVault/vaults"),
    ],
)
def test_what_is_not_there_answers_501(azure: Azure, method: str, path: str) -> None:
    answer = azure.arm(method, f"{azure.scope}{path}?api-version=2024-11-01", {})
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "NotImplementedByPracticeCloud")
    assert answer.headers["x-ms-request-id"]


@pytest.mark.parametrize("content", [b"{", b"[]", b""])
def test_a_body_that_is_no_object_is_a_clear_400(azure: Azure, content: bytes) -> None:
    url: Any = f"https://management.azure.com{azure.scope}/resourceGroups/x?api-version=2024-11-01"
    with azure.cloud.http() as http:
        answer = http.put(url, content=content, headers={"Authorization": f"Bearer {azure.token}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")


@pytest.mark.parametrize("content", [b'{"location": "\\ud800"}', b'{"location": NaN}', b"[" * 5000, b'{"a": "\xff"}'])
def test_a_body_nobody_could_write_again_is_a_clear_400(azure: Azure, content: bytes) -> None:
    url = f"https://management.azure.com{azure.scope}/resourceGroups/x?api-version=2024-11-01"
    with azure.cloud.http() as http:
        answer = http.put(url, content=content, headers={"Authorization": f"Bearer {azure.token}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")


@pytest.mark.parametrize("state", ["Disabled", "Warned"])
def test_in_a_disabled_or_warned_subscription_one_may_look_and_delete_and_nothing_else(
    azure: Azure, state: str
) -> None:
    azure.create_vault()
    azure.suffers(subscription_state=state)
    begin = azure.compute.virtual_machines.begin_start
    for write in (azure.create_vault, lambda: begin(azure.group, azure.vm, polling_interval=POLL)):
        with pytest.raises(HttpResponseError) as raised:
            write()
        assert raised.value.error
        assert raised.value.error.code == "ReadOnlyDisabledSubscription"
    assert azure.keyvault.vaults.get(azure.group, azure.name).name == azure.name
    assert azure.subscriptions.subscriptions.get(azure.sid).state == state
    azure.keyvault.vaults.delete(azure.group, azure.name)


def ended(azure: Azure, begun: Any) -> int:
    """The status in which a long operation of ARM's own ends."""
    return int(azure.arm("GET", begun.headers["location"].removeprefix("https://management.azure.com")).status_code)


def test_a_vault_moves_to_another_group_with_what_is_in_it_and_nothing_else_moves(azure: Azure) -> None:
    azure.create_vault()
    azure.secrets().set_secret("lab", "value")
    here, there = (f"{azure.scope}/resourceGroups/{name}" for name in (azure.group, "rg-there"))
    azure.arm("PUT", f"{there}?api-version=2024-11-01", {"location": "eastus"}).raise_for_status()
    vault = f"{here}/providers/Microsoft.KeyVault/vaults/{azure.name}"
    move = f"{here}/moveResources?api-version=2024-11-01"
    wanted = {"resources": [vault], "targetResourceGroup": there}
    could = azure.arm("POST", f"{here}/validateMoveResources?api-version=2024-11-01", wanted)
    assert (could.status_code, ended(azure, could)) == (202, 204)
    assert azure.keyvault.vaults.get(azure.group, azure.name).id == vault
    begun = azure.arm("POST", move, wanted)
    assert (begun.status_code, ended(azure, begun)) == (202, 204)
    moved = azure.keyvault.vaults.get("rg-there", azure.name)
    assert moved.id == f"{there}/providers/Microsoft.KeyVault/vaults/{azure.name}"
    assert azure.secrets().get_secret("lab").value == "value"
    again = azure.arm("POST", move, {"resources": [vault], "targetResourceGroup": there})
    assert (again.status_code, again.json()["error"]["code"]) == (404, "ResourceNotFound")
    for body, status in (
        ({"resources": [azure.vm_id], "targetResourceGroup": there}, 501),
        ({"resources": [vault], "targetResourceGroup": f"{azure.scope}/resourceGroups/rg-nowhere"}, 404),
        ({"resources": [vault], "targetResourceGroup": here}, 400),
        ({"resources": [vault], "targetResourceGroup": "rg-there"}, 400),
        ({"resources": [vault], "targetResourceGroup": there.replace(azure.sid, SOMEWHERE)}, 404),
        ({"resources": [], "targetResourceGroup": there}, 400),
    ):
        assert azure.arm("POST", move, body).status_code == status


@pytest.mark.parametrize(("locked", "level", "status"), LOCKED)
def test_a_read_only_lock_keeps_a_vault_from_moving(azure: Azure, locked: str, level: str, status: int) -> None:
    """At either end or at the vault; one against deleting does not: nothing is deleted."""
    azure.create_vault()
    here, there = (f"{azure.scope}/resourceGroups/{name}" for name in (azure.group, "rg-there"))
    azure.arm("PUT", f"{there}?api-version=2024-11-01", {"location": "eastus"}).raise_for_status()
    vault = f"{here}/providers/Microsoft.KeyVault/vaults/{azure.name}"
    scope = {"from": here, "to": there, "vault": vault}[locked]
    lock = f"{scope}/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01"
    azure.arm("PUT", lock, {"properties": {"level": level}}).raise_for_status()
    body = {"resources": [vault], "targetResourceGroup": there}
    answer = azure.arm("POST", f"{here}/moveResources?api-version=2024-11-01", body)
    assert answer.status_code == status
    assert status == 202 or answer.json()["error"]["code"] == "ScopeLocked"


def test_in_a_subscription_that_is_warned_about_nothing_is_changed_and_things_can_be_deleted(azure: Azure) -> None:
    azure.create_vault()
    azure.suffers(subscription_state="Warned")
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault()
    assert raised.value.error
    assert raised.value.error.code == "ReadOnlyDisabledSubscription"
    azure.keyvault.vaults.delete(azure.group, azure.name)


def test_a_policy_of_the_subscription_forbids_new_vaults(azure: Azure) -> None:
    azure.suffers(policy_denial="No vaults here")
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault()
    assert (raised.value.status_code, raised.value.error and raised.value.error.code) == (
        403,
        "RequestDisallowedByPolicy",
    )
    assert "No vaults here" in str(raised.value)


def test_a_registration_takes_its_time(azure: Azure) -> None:
    """Until it is over, what the provider makes is refused as if there were none."""
    path = f"{azure.scope}/providers/Microsoft.KeyVault"

    def state() -> str:
        return str(azure.arm("GET", f"{path}?api-version=2022-09-01").json()["registrationState"])

    azure.arm("POST", f"{path}/unregister?api-version=2022-09-01")
    assert state() == "NotRegistered"
    with azure.cloud.conduct("timings", provider_registration=60):
        for _ in range(2):
            asked = azure.arm("POST", f"{path}/register?api-version=2022-09-01")
            assert asked.json()["registrationState"] == state() == "Registering"
        with pytest.raises(HttpResponseError, match="MissingSubscriptionRegistration"):
            azure.create_vault()
        with azure.cloud.conduct("clock", offset_seconds=61):
            assert state() == "Registered"
            azure.create_vault()


def test_what_is_left_of_a_callers_requests_is_told_by_kind(azure: Azure, other: Azure) -> None:
    """And comes back with time."""
    name = "x-ms-ratelimit-remaining-subscription-reads"
    path = f"{azure.scope}/resourceGroups?api-version=2022-09-01"
    left = [int(azure.arm("GET", path).headers[name]) for _ in range(3)]
    assert left[0] == 249
    assert sorted(left, reverse=True) == left
    with azure.cloud.conduct("clock", offset_seconds=60):
        assert int(azure.arm("GET", path).headers[name]) == 249
    theirs = other.arm("GET", f"{other.scope}/resourceGroups?api-version=2022-09-01")
    assert theirs.headers[name] == "249"
    put = azure.arm("PUT", f"{azure.scope}/resourceGroups/x?api-version=2022-09-01", {"location": "eastus"})
    assert put.headers["x-ms-ratelimit-remaining-subscription-writes"] == "199"
    assert name not in azure.arm("GET", "/subscriptions?api-version=2022-09-01").headers
