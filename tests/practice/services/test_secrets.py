"""The secrets API over the wire: what azure-keyvault-secrets sees, sync and async."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.core.pipeline.transport import AsyncioRequestsTransport
from azure.identity.aio import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
from azure.keyvault.secrets.aio import SecretClient as AsyncSecretClient

from tests.practice.services.clients import POLL, Azure


@pytest.fixture
def secrets(azure: Azure) -> SecretClient:
    azure.create_vault()
    return azure.secrets()


def requests_transport(azure: Azure) -> dict[str, Any]:
    """The async clients run over requests here: aiohttp is no requirement of ours."""
    verified = AsyncioRequestsTransport(connection_verify=azure.cloud.ca_bundle)
    return {"transport": verified, **azure.cloud.sdk}


def inner(error: HttpResponseError) -> str | None:
    found = error.error.innererror if error.error else None
    return str(found["code"]) if found else None


def test_a_secret_is_set_and_read_with_all_that_was_said_of_it(azure: Azure, secrets: SecretClient) -> None:
    begins, ends = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
    made = secrets.set_secret(
        "first", "wörld", content_type="text/plain", tags={"a": "b"}, not_before=begins, expires_on=ends
    )
    read = secrets.get_secret("first")
    assert (read.value, read.id) == ("wörld", made.id)
    about = read.properties
    assert (about.content_type, about.tags, about.enabled) == ("text/plain", {"a": "b"}, True)
    assert (about.not_before, about.expires_on) == (begins, ends)
    assert (about.recovery_level, about.recoverable_days) == ("Recoverable+Purgeable", 90)
    assert str(read.id).startswith(f"https://{azure.name}.vault.azure.net/secrets/first/")
    assert about.version
    assert len(about.version) == 32


async def test_the_async_client_reads_what_the_sync_one_set(azure: Azure, secrets: SecretClient) -> None:
    secrets.set_secret("shared", "value")
    keys = (azure.tenant, azure.student["client_id"], azure.student["client_secret"])
    async with (
        ClientSecretCredential(*keys, **requests_transport(azure)) as credential,
        AsyncSecretClient(f"https://{azure.name}.vault.azure.net", credential, **requests_transport(azure)) as client,
    ):
        assert (await client.get_secret("shared")).value == "value"
        assert [one.name async for one in client.list_properties_of_secrets()] == ["shared"]


def test_every_set_is_a_version_and_each_can_be_read(secrets: SecretClient) -> None:
    first = secrets.set_secret("many", "one").properties.version
    second = secrets.set_secret("MANY", "two").properties.version
    assert secrets.get_secret("many").value == "two"
    assert secrets.get_secret("many", first).value == "one"
    versions = [one.version for one in secrets.list_properties_of_secret_versions("many")]
    assert sorted(filter(None, versions)) == sorted(filter(None, [first, second]))
    assert [one.name for one in secrets.list_properties_of_secrets()] == ["many"]


def test_an_unknown_secret_is_404_and_has_no_versions(secrets: SecretClient) -> None:
    with pytest.raises(ResourceNotFoundError) as raised:
        secrets.get_secret("unknown")
    assert raised.value.error
    assert raised.value.error.code == "SecretNotFound"
    assert list(secrets.list_properties_of_secret_versions("unknown")) == []
    secrets.set_secret("known", "x")
    with pytest.raises(ResourceNotFoundError):
        secrets.get_secret("known", "0" * 32)


def test_an_update_changes_one_version_and_not_its_value(secrets: SecretClient) -> None:
    first = secrets.set_secret("changed", "one", tags={"a": "b"}).properties.version
    secrets.set_secret("changed", "two")
    ends = datetime(2099, 1, 1, tzinfo=UTC)
    secrets.update_secret_properties("changed", first, content_type="c", expires_on=ends, enabled=True)
    old, new = secrets.get_secret("changed", first), secrets.get_secret("changed")
    assert (old.value, old.properties.content_type, old.properties.tags) == ("one", "c", {"a": "b"})
    assert (old.properties.expires_on, new.properties.expires_on) == (ends, None)
    secrets.update_secret_properties("changed", tags={})
    assert secrets.get_secret("changed").properties.tags == {}


def test_a_disabled_secret_is_not_read_until_it_is_enabled(secrets: SecretClient) -> None:
    secrets.set_secret("off", "value", enabled=False)
    with pytest.raises(HttpResponseError) as raised:
        secrets.get_secret("off")
    assert (raised.value.status_code, inner(raised.value)) == (403, "SecretDisabled")
    assert [one.enabled for one in secrets.list_properties_of_secrets()] == [False]
    secrets.update_secret_properties("off", enabled=True)
    assert secrets.get_secret("off").value == "value"


def test_dates_do_not_stop_a_read(secrets: SecretClient) -> None:
    now = datetime.now(UTC)
    secrets.set_secret("later", "value", not_before=now + timedelta(days=1))
    secrets.set_secret("over", "value", expires_on=now - timedelta(days=1))
    assert secrets.get_secret("later").value == secrets.get_secret("over").value == "value"
    with pytest.raises(HttpResponseError):
        secrets.set_secret("never", "value", not_before=now, expires_on=now - timedelta(days=1))


def test_a_deleted_secret_holds_its_name_and_comes_back(secrets: SecretClient) -> None:
    secrets.set_secret("cycle", "value", content_type="c")
    deleted = secrets.begin_delete_secret("cycle", _polling_interval=POLL).result()
    assert deleted.deleted_date
    assert deleted.scheduled_purge_date
    assert deleted.recovery_id
    with pytest.raises(ResourceNotFoundError):
        secrets.get_secret("cycle")
    assert list(secrets.list_properties_of_secret_versions("cycle")) == []
    with pytest.raises(ResourceExistsError) as raised:
        secrets.set_secret("cycle", "again")
    assert inner(raised.value) == "ObjectIsDeletedButRecoverable"
    assert secrets.get_deleted_secret("cycle").properties.content_type == "c"
    assert [one.name for one in secrets.list_deleted_secrets()] == ["cycle"]
    recovery = secrets.begin_recover_deleted_secret("cycle", _polling_interval=POLL)
    recovery.wait()
    assert secrets.get_secret("cycle").value == "value"
    assert list(secrets.list_deleted_secrets()) == []


def test_a_purged_secret_frees_its_name(secrets: SecretClient) -> None:
    secrets.set_secret("purged", "old")
    secrets.begin_delete_secret("purged", _polling_interval=POLL).wait()
    secrets.purge_deleted_secret("purged")
    with pytest.raises(ResourceNotFoundError):
        secrets.get_deleted_secret("purged")
    secrets.set_secret("purged", "new")
    assert len(list(secrets.list_properties_of_secret_versions("purged"))) == 1


def test_purge_protection_holds_for_secrets(azure: Azure) -> None:
    azure.create_vault(enablePurgeProtection=True, softDeleteRetentionInDays=7)
    secrets = azure.secrets()
    level = secrets.set_secret("held", "x").properties.recovery_level
    assert level == "CustomizedRecoverable"
    secrets.begin_delete_secret("held", _polling_interval=POLL).wait()
    with pytest.raises(HttpResponseError) as raised:
        secrets.purge_deleted_secret("held")
    assert raised.value.status_code == 403
    assert "purge protection" in str(raised.value)


def test_a_backup_brings_all_versions_back_in_this_subscription_only(
    azure: Azure, other: Azure, secrets: SecretClient
) -> None:
    secrets.set_secret("saved", "canary-one")
    secrets.set_secret("saved", "two")
    backup = secrets.backup_secret("saved")
    assert b"canary-one" not in backup
    with pytest.raises(ResourceExistsError):
        secrets.restore_secret_backup(backup)
    secrets.begin_delete_secret("saved", _polling_interval=POLL).wait()
    secrets.purge_deleted_secret("saved")
    secrets.restore_secret_backup(backup)
    assert secrets.get_secret("saved").value == "two"
    assert len(list(secrets.list_properties_of_secret_versions("saved"))) == 2
    other.create_vault()
    with pytest.raises(HttpResponseError) as raised:
        other.secrets().restore_secret_backup(backup)
    assert raised.value.status_code == 400


def test_lists_come_in_pages(azure: Azure, secrets: SecretClient) -> None:
    names = [f"secret-{number:02}" for number in range(30)]
    for name in names:
        secrets.set_secret(name, "x")
    since = azure.cloud.seen()
    assert [one.name for one in secrets.list_properties_of_secrets()] == names
    pages = azure.cloud.requests(since=since, host="vault.azure.net", path="^/secrets$")
    assert [page["status"] for page in pages] == [200, 200]
    assert [one.name for one in secrets.list_properties_of_secrets(max_page_size=7)] == names


def test_a_value_has_at_most_25_kilobytes_and_is_never_repeated(secrets: SecretClient) -> None:
    secrets.set_secret("big", "x" * 25600)
    with pytest.raises(HttpResponseError) as raised:
        secrets.set_secret("big", "canary" + "x" * 25600)
    assert (raised.value.status_code, raised.value.error and raised.value.error.code) == (400, "BadParameter")
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("name", ["under_score", "dot.ted", "a" * 128])
def test_names_hold_letters_digits_and_hyphens(secrets: SecretClient, name: str) -> None:
    with pytest.raises(HttpResponseError) as raised:
        secrets.set_secret(name, "x")
    assert (raised.value.status_code, raised.value.error and raised.value.error.code) == (400, "BadParameter")


@pytest.mark.parametrize(
    "version", ["2016-10-01", "7.0", "7.1", "7.4", "7.6", "7.6-preview.2", "2025-07-01", "2026-04-01"]
)
def test_every_api_version_reads_a_secret(azure: Azure, secrets: SecretClient, version: str) -> None:
    secrets.set_secret("old", "value")
    token = azure.credential.get_token("https://vault.azure.net/.default").token
    with azure.cloud.http() as http:
        answer = http.get(
            f"https://{azure.name}.vault.azure.net/secrets/old?api-version={version}",
            headers={"Authorization": f"Bearer {token}"},
        )
    assert answer.json()["value"] == "value"
    assert ("recoverableDays" in answer.json()["attributes"]) is (version not in ("2016-10-01", "7.0"))


@pytest.mark.parametrize(
    "query",
    ["", *(f"?api-version={version}" for version in ("2016-10-10", "2015-01-01", "7.9", "7.1-preview.7", "latest"))],
)
def test_other_api_versions_are_refused(azure: Azure, secrets: SecretClient, query: str) -> None:
    token = azure.credential.get_token("https://vault.azure.net/.default").token
    with azure.cloud.http() as http:
        url = f"https://{azure.name}.vault.azure.net/secrets{query}"
        answer = http.get(url, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadParameter")


def test_a_vault_says_where_it_is_and_who_asks_also_when_it_refuses(azure: Azure, secrets: SecretClient) -> None:
    with azure.cloud.http() as http:
        answer = http.get(f"https://{azure.name}.vault.azure.net/secrets?api-version=7.4")
    assert (answer.status_code, answer.headers["x-ms-keyvault-region"]) == (401, "eastus")
    assert answer.headers["x-ms-keyvault-network-info"] == "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;"
    assert answer.headers["x-ms-keyvault-service-version"]
    told: list[Any] = []
    assert list(secrets.list_properties_of_secrets(raw_response_hook=told.append)) == []
    assert told[0].http_response.headers["x-ms-keyvault-region"] == "eastus"


def test_changes_at_once_lose_nothing(azure: Azure, secrets: SecretClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: secrets.set_secret("busy", str(number)), range(24)))
    assert len(list(secrets.list_properties_of_secret_versions("busy"))) == 24


def conflict(raised: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str]:
    """The status of a refusal and the code inside it."""
    assert raised.value.error
    return raised.value.status_code, str((raised.value.error.innererror or {}).get("code"))


def test_a_deletion_is_on_its_way_before_it_is_there(azure: Azure) -> None:
    """Neither among the secrets nor among the deleted ones; nothing can be done with it meanwhile."""
    azure.create_vault()
    client = azure.secrets()
    client.set_secret("lab", "value")
    with azure.cloud.conduct("timings", secret_delete=60):
        client.begin_delete_secret("lab")
        for ask in (client.get_secret, client.get_deleted_secret):
            with pytest.raises(ResourceNotFoundError):
                ask("lab")
        assert [list(client.list_properties_of_secrets()), list(client.list_deleted_secrets())] == [[], []]
        for act in (lambda: client.set_secret("lab", "new"), lambda: client.purge_deleted_secret("lab")):
            with pytest.raises(HttpResponseError) as raised:
                act()
            assert conflict(raised) == (409, "ObjectIsBeingDeleted")
        with azure.cloud.conduct("clock", offset_seconds=61):
            assert client.get_deleted_secret("lab").name == "lab"
            with pytest.raises(HttpResponseError) as held:
                client.set_secret("lab", "new")
            assert conflict(held) == (409, "ObjectIsDeletedButRecoverable")


def test_a_recovery_and_a_purge_take_their_time_as_well(azure: Azure) -> None:
    azure.create_vault()
    client = azure.secrets()
    for name in ("back", "away"):
        client.set_secret(name, "value")
        client.begin_delete_secret(name).result()
    with azure.cloud.conduct("timings", secret_delete=60):
        client.begin_recover_deleted_secret("back")
        client.purge_deleted_secret("away")
        for name, code in (("back", "ObjectIsBeingRecovered"), ("away", "ObjectIsBeingDeleted")):
            for ask in (client.get_secret, client.get_deleted_secret):
                with pytest.raises(ResourceNotFoundError):
                    ask(name)
            with pytest.raises(HttpResponseError) as raised:
                client.set_secret(name, "new")
            assert conflict(raised) == (409, code)
        with azure.cloud.conduct("clock", offset_seconds=61):
            assert client.get_secret("back").value == "value"
            assert client.set_secret("away", "new").value == "new"
            assert len(list(client.list_properties_of_secret_versions("away"))) == 1
