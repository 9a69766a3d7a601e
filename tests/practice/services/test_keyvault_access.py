"""Who gets into a vault: the challenge, the token's checks, access policies, roles and the firewall."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import SecretClient

from tests.practice.services.clients import EVERYTHING, POLL, Azure


def refusal(raised: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str | None, str | None]:
    error = raised.value.error
    inner = error.innererror if error else None
    return raised.value.status_code, error.code if error else None, str(inner["code"]) if inner else None


def get(azure: Azure, token: str | None, name: str = "any") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    with azure.cloud.http() as http:
        return http.get(f"https://{azure.name}.vault.azure.net/secrets/{name}?api-version=7.4", headers=headers)


def test_a_request_without_a_token_is_challenged(azure: Azure) -> None:
    azure.create_vault()
    answer = get(azure, None)
    assert answer.status_code == 401
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["www-authenticate"] == (
        f'Bearer authorization="https://login.microsoftonline.com/{azure.tenant}", resource="https://vault.azure.net"'
    )
    error = answer.json()["error"]
    assert error == {"code": "Unauthorized", "message": "AKV10000: Request is missing a Bearer or PoP token."}


def test_a_token_for_another_audience_is_refused(azure: Azure) -> None:
    azure.create_vault()
    answer = get(azure, azure.token)
    assert (answer.status_code, answer.json()["error"]["message"][:8]) == (401, "AKV10022")
    assert "https://management.azure.com" in answer.json()["error"]["message"]


def test_a_token_of_another_tenant_is_refused(azure: Azure, other: Azure) -> None:
    azure.create_vault()
    foreign = other.credential.get_token("https://vault.azure.net/.default").token
    answer = get(azure, foreign)
    assert (answer.status_code, answer.json()["error"]["message"][:8]) == (401, "AKV10032")
    assert azure.tenant in answer.headers["www-authenticate"]


def test_a_forged_and_an_expired_token_are_refused(azure: Azure) -> None:
    azure.create_vault()
    token = azure.credential.get_token("https://vault.azure.net/.default").token
    head, payload, _ = token.split(".")
    assert get(azure, f"{head}.{payload}.{'A' * 342}").json()["error"]["message"][:8] == "AKV10046"
    assert get(azure, "nonsense").status_code == 401
    with azure.cloud.conduct("clock", offset_seconds=7200):
        assert "TokenExpired" in get(azure, token).json()["error"]["message"]


OPERATIONS: dict[str, Any] = {
    "get": lambda client: client.get_secret("there"),
    "list": lambda client: list(client.list_properties_of_secrets()),
    "set": lambda client: client.set_secret("there", "again"),
    "delete": lambda client: client.begin_delete_secret("there", _polling_interval=POLL),
    "backup": lambda client: client.backup_secret("there"),
    "recover": lambda client: client.begin_recover_deleted_secret("gone", _polling_interval=POLL),
    "purge": lambda client: client.purge_deleted_secret("gone"),
}


def prepared(azure: Azure, **properties: Any) -> SecretClient:
    """A vault with the secrets ``there`` and ``gone``, the latter deleted."""
    azure.create_vault(**properties)
    client = azure.secrets()
    client.set_secret("there", "value")
    client.set_secret("gone", "value")
    client.begin_delete_secret("gone", _polling_interval=POLL).wait()
    return client


@pytest.mark.parametrize("permission", OPERATIONS)
def test_each_permission_opens_one_operation_and_its_lack_closes_it(azure: Azure, permission: str) -> None:
    client = prepared(azure)
    others = [name for name in EVERYTHING if name != permission]
    azure.create_vault(accessPolicies=[azure.policy(others)])
    with pytest.raises(HttpResponseError) as raised:
        OPERATIONS[permission](client)
    assert refusal(raised) == (403, "Forbidden", "AccessDenied")
    assert f"does not have secrets {permission} permission on key vault '{azure.name};location=eastus'" in str(
        raised.value
    )
    assert azure.oid in str(raised.value)
    azure.create_vault(accessPolicies=[azure.policy([permission])])
    OPERATIONS[permission](client)


def test_all_is_every_permission(azure: Azure) -> None:
    client = prepared(azure)
    azure.create_vault(accessPolicies=[azure.policy(["All"])])
    for name in ("get", "list", "set", "backup", "recover", "delete"):
        OPERATIONS[name](client)


def test_a_policy_for_another_does_not_count(azure: Azure) -> None:
    client = prepared(azure)
    azure.create_vault(accessPolicies=[azure.policy(EVERYTHING, azure.student["vm_principal_id"])])
    with pytest.raises(HttpResponseError) as raised:
        client.get_secret("there")
    assert refusal(raised)[0] == 403
    assert get(azure, azure.vm_token("https://vault.azure.net"), "there").json()["value"] == "value"


def test_a_policy_that_names_an_application_is_for_people_who_come_through_it_not_for_the_application(
    azure: Azure,
) -> None:
    client = prepared(azure)
    own = {**azure.policy(EVERYTHING), "applicationId": azure.student["client_id"]}
    azure.create_vault(accessPolicies=[own])
    with pytest.raises(HttpResponseError) as raised:
        client.get_secret("there")
    assert refusal(raised) == (403, "Forbidden", "AccessDenied")


def test_switching_to_roles_makes_policies_ineffective(azure: Azure) -> None:
    client = prepared(azure)
    azure.create_vault(enableRbacAuthorization=True)
    with pytest.raises(HttpResponseError) as raised:
        client.get_secret("there")
    assert refusal(raised) == (403, "Forbidden", "ForbiddenByRbac")
    assert "Microsoft.KeyVault/vaults/secrets/getSecret/action" in str(raised.value)


def test_a_role_counts_where_it_is_given_and_for_what_it_allows(azure: Azure) -> None:
    client = prepared(azure)
    azure.create_vault(enableRbacAuthorization=True)
    vault = azure.keyvault.vaults.get(azure.group, azure.name).id
    azure.assign("Secrets User", azure.oid, f"{vault}/secrets/there", "11111111-1111-4111-8111-000000000001")
    assert client.get_secret("there").value == "value"
    with pytest.raises(HttpResponseError):
        list(client.list_properties_of_secrets())
    azure.assign("Secrets Officer", azure.oid, str(vault), "11111111-1111-4111-8111-000000000002")
    assert [one.name for one in client.list_properties_of_secrets()] == ["there"]
    client.set_secret("more", "x")


def test_the_owner_of_a_subscription_has_no_right_to_secrets_by_role(azure: Azure) -> None:
    azure.create_vault(enableRbacAuthorization=True)
    azure.assign("Owner", azure.oid, azure.scope, "11111111-1111-4111-8111-000000000003")
    with pytest.raises(HttpResponseError) as raised:
        azure.secrets().get_secret("any")
    assert refusal(raised)[2] == "ForbiddenByRbac"


def test_a_policy_takes_its_time_to_arrive_and_to_leave(azure: Azure) -> None:
    client = prepared(azure)
    with azure.cloud.conduct("timings", policy_propagation=60):
        azure.create_vault(accessPolicies=[])
        assert client.get_secret("there").value == "value"
        with azure.cloud.conduct("clock", offset_seconds=61):
            with pytest.raises(HttpResponseError):
                client.get_secret("there")
            azure.create_vault()
            with pytest.raises(HttpResponseError):
                client.get_secret("there")
            with azure.cloud.conduct("clock", offset_seconds=125):
                assert client.get_secret("there").value == "value"


def test_a_role_takes_its_time_to_arrive_and_to_leave(azure: Azure) -> None:
    client = prepared(azure)
    azure.create_vault(enableRbacAuthorization=True)
    name = "11111111-1111-4111-8111-000000000004"
    with azure.cloud.conduct("timings", rbac_propagation=60):
        azure.assign("Secrets User", azure.oid, azure.scope, name)
        with pytest.raises(HttpResponseError):
            client.get_secret("there")
        with azure.cloud.conduct("clock", offset_seconds=61):
            assert client.get_secret("there").value == "value"
            azure.authorization.role_assignments.delete(azure.scope, name)
            assert client.get_secret("there").value == "value"
            with azure.cloud.conduct("clock", offset_seconds=125), pytest.raises(HttpResponseError):
                client.get_secret("there")


def test_the_firewall_lets_named_addresses_in_only(azure: Azure) -> None:
    client = prepared(azure)
    azure.create_vault(networkAcls={"defaultAction": "Deny", "ipRules": []})
    with pytest.raises(HttpResponseError) as raised:
        client.get_secret("there")
    assert refusal(raised) == (403, "Forbidden", "ForbiddenByFirewall")
    assert "Client address is not authorized and caller is not a trusted service" in str(raised.value)
    azure.create_vault(networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "127.0.0.0/8"}]})
    assert client.get_secret("there").value == "value"
    azure.create_vault(publicNetworkAccess="Disabled")
    with pytest.raises(HttpResponseError) as closed:
        client.get_secret("there")
    assert refusal(closed) == (403, "Forbidden", "ForbiddenByConnection")
