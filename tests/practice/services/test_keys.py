"""Keys on the data plane: what a student makes who clicks Keys instead of Secrets."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from practice_cloud.rbac.builtin import ROLES
from tests.practice.services.clients import Azure
from tests.practice.sign_in import bearer

ALL = {"keys": ["get", "list", "create", "update", "delete", "recover", "purge"], "secrets": ["get", "list", "set"]}


@pytest.fixture
def vault(azure: Azure) -> Azure:
    azure.create_vault(accessPolicies=[{**azure.policy([]), "permissions": ALL}])
    return azure


def ask(azure: Azure, method: str, path: str, body: Any = None) -> httpx.Response:
    token = azure.credential.get_token("https://vault.azure.net/.default").token
    with azure.cloud.http() as http:
        url = f"https://{azure.name}.vault.azure.net/{path}?api-version=7.4"
        return http.request(method, url, json=body, headers=bearer(token))


def made(azure: Azure, name: str = "lab", **more: Any) -> Any:
    answer = ask(azure, "POST", f"keys/{name}/create", {"kty": "RSA", **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_key_is_made_shown_and_listed_as_recorded(vault: Azure) -> None:
    first = made(vault, attributes={"enabled": True}, tags={"a": "b"})
    kid = first["key"]["kid"]
    assert kid.startswith(f"https://{vault.name}.vault.azure.net/keys/lab/")
    assert first["key"]["key_ops"] == ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"]
    assert (len(first["key"]["n"]), first["key"]["e"]) == (342, "AQAB")
    assert first["attributes"]["recoveryLevel"] == "Recoverable+Purgeable"
    second = made(vault)
    assert ask(vault, "GET", "keys/lab/").json() == second
    assert ask(vault, "GET", f"keys/lab/{kid.rpartition('/')[2]}").json() == first
    (listed,) = ask(vault, "GET", "keys").json()["value"]
    assert listed["kid"] == f"https://{vault.name}.vault.azure.net/keys/lab"
    assert len(ask(vault, "GET", "keys/lab/versions").json()["value"]) == 2


@pytest.mark.parametrize(("curve", "length"), [("P-256", 43), ("P-384", 64), ("P-521", 88), ("P-256K", 43)])
def test_an_elliptic_key_has_a_point(vault: Azure, curve: str, length: int) -> None:
    key = made(vault, kty="EC", crv=curve)["key"]
    assert (key["kty"], key["crv"], len(key["x"]), len(key["y"])) == ("EC", curve, length, length)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"kty": "AES"}, 400),
        ({"kty": "RSA", "key_size": 1024}, 400),
        ({"kty": "EC", "crv": "P-1"}, 400),
        ({"kty": "RSA-HSM"}, 400),
        ({"kty": "RSA", "key_ops": ["fly"]}, 400),
        ({"kty": "oct"}, 501),
    ],
)
def test_other_keys_are_not_made(vault: Azure, body: dict[str, Any], status: int) -> None:
    assert ask(vault, "POST", "keys/lab/create", body).status_code == status


def test_a_key_is_no_secret_and_may_share_its_name(vault: Azure) -> None:
    made(vault)
    answer = ask(vault, "GET", "secrets/lab")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "SecretNotFound")
    vault.secrets().set_secret("lab", "value")
    assert ask(vault, "GET", "keys/lab").json()["key"]["kty"] == "RSA"
    assert vault.secrets().get_secret("lab").value == "value"


def test_a_key_is_changed_deleted_recovered_and_purged(vault: Azure) -> None:
    made(vault)
    changed = ask(vault, "PATCH", "keys/lab", {"attributes": {"enabled": False}, "key_ops": ["sign"]}).json()
    assert (changed["attributes"]["enabled"], changed["key"]["key_ops"]) == (False, ["sign"])
    gone = ask(vault, "DELETE", "keys/lab").json()
    assert gone["recoveryId"] == f"https://{vault.name}.vault.azure.net/deletedkeys/lab"
    missing = ask(vault, "GET", "keys/lab")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "KeyNotFound")
    held = ask(vault, "POST", "keys/lab/create", {"kty": "EC"})
    assert held.json()["error"]["innererror"] == {"code": "ObjectIsDeletedButRecoverable"}
    assert [one["recoveryId"] for one in ask(vault, "GET", "deletedkeys").json()["value"]] == [gone["recoveryId"]]
    assert ask(vault, "POST", "deletedkeys/lab/recover").json()["key"]["kid"] == gone["key"]["kid"]
    ask(vault, "DELETE", "keys/lab")
    assert ask(vault, "DELETE", "deletedkeys/lab").status_code == 204
    assert ask(vault, "GET", "deletedkeys/lab").status_code == 404


def test_rights_on_secrets_are_none_on_keys(azure: Azure) -> None:
    azure.create_vault()
    answer = ask(azure, "POST", "keys/lab/create", {"kty": "EC"})
    assert (answer.status_code, answer.json()["error"]["innererror"]) == (403, {"code": "AccessDenied"})
    assert "does not have keys create permission on key vault" in answer.json()["error"]["message"]


def test_a_role_for_keys_is_none_for_secrets(azure: Azure) -> None:
    vault: Any = azure.create_vault(enableRbacAuthorization=True)
    (officer,) = [role.id for role in ROLES if role.name == "Key Vault Crypto Officer"]
    path = f"{vault.id}/providers/Microsoft.Authorization/roleAssignments/{'4' * 8}-4444-4444-8444-444444444444"
    definition = f"{azure.scope}/providers/Microsoft.Authorization/roleDefinitions/{officer}"
    body = {"properties": {"roleDefinitionId": definition, "principalId": azure.oid}}
    azure.arm("PUT", f"{path}?api-version=2022-04-01", body).raise_for_status()
    made(azure, kty="EC")
    assert ask(azure, "GET", "secrets").json()["error"]["innererror"] == {"code": "ForbiddenByRbac"}


def test_arm_shows_keys_without_any_right_to_them(vault: Azure) -> None:
    made(vault, kty="EC")
    place = f"{vault.scope}/resourceGroups/{vault.group}/providers/Microsoft.KeyVault/vaults/{vault.name}/keys"
    vault.create_vault(accessPolicies=[])
    (listed,) = vault.arm("GET", f"{place}?api-version=2024-11-01").json()["value"]
    shown = vault.arm("GET", f"{place}/lab?api-version=2024-11-01").json()
    assert (listed["name"], listed["properties"]["kty"]) == ("lab", "EC")
    assert (shown["properties"]["keyOps"], shown["properties"]["curveName"]) == (["sign", "verify"], "P-256")
    assert shown["properties"]["keyUriWithVersion"].startswith(listed["properties"]["keyUri"])
    assert vault.arm("GET", f"{place}/other?api-version=2024-11-01").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "certificates"), ("GET", "keys/lab/rotationpolicy"), ("POST", "keys/lab/backup"), ("PUT", "keys/lab")],
)
def test_what_is_not_there_answers_501(vault: Azure, method: str, path: str) -> None:
    answer = ask(vault, method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "NotImplementedByPracticeCloud")
