"""What is made of Azure's values before anyone sees them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from azure.core.rest import HttpResponse
from azure.mgmt.keyvault.models import SecretPermissions

from labportal.gateway.calls import Call, Leaving
from labportal.gateway.plain import part_of_id, text, words
from labportal.gateway.problems import scrub

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxMjMifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "dangerous",
    [
        f"the token {TOKEN} was not accepted",
        f"Authorization: Bearer {TOKEN}",
        "grant_type=client_credentials&client_secret=canary-canary",
        "https://x.example/a?sv=1&sig=canary-canary",
        "retries exceeded with url: /operations/1?p=1&t=canary&c=canary (Caused by client_secret=canary)",
        "value canary-canary is too long",
    ],
)
def test_no_token_credential_or_known_secret_is_in_a_message(dangerous: str) -> None:
    cleaned = scrub(dangerous, ("canary-canary",))
    assert "canary" not in cleaned
    assert TOKEN not in cleaned
    assert cleaned


def test_the_query_of_an_address_is_not_in_a_message_but_its_path_is() -> None:
    assert scrub("no answer from /operations/1?api-version=1&t=signed (Caused by x)") == (
        "no answer from /operations/1 (Caused by x)"
    )
    assert scrub("Is the name taken? Choose another.") == "Is the name taken? Choose another."


def test_a_message_is_one_line_of_readable_length() -> None:
    assert scrub("two\r\nlines") == "two lines"
    assert len(scrub("long " * 1000)) <= 600


def test_permissions_are_lower_case_whether_the_sdk_knows_the_word_or_not() -> None:
    assert words([SecretPermissions.GET, "List", "PURGE"]) == ("get", "list", "purge")
    assert words(None) == ()
    assert text(None) == ""


def test_the_group_of_an_id_is_found_in_any_case() -> None:
    assert part_of_id("/subscriptions/s/RESOURCEGROUPS/My-Group/providers/x", "resourceGroups") == "My-Group"
    assert part_of_id("/subscriptions/s", "resourceGroups") == ""


class Answer:
    status_code = 429

    def __init__(self, **headers: str) -> None:
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def seen(answer: Answer, query: str = "") -> Call:
    call = Call(may_write=False)
    stand_in: HttpResponse = answer  # type: ignore[assignment]
    address = f"https://management.azure.com/a?$skiptoken=private{query}&sig=private"
    call.saw(Leaving("GET", address, writes=False), stand_in)
    return call


def test_a_source_keeps_only_the_api_version_of_a_query() -> None:
    assert seen(Answer()).source.path == "/a"
    source = seen(Answer(**{"x-ms-request-id": "r-1"}), "&api-version=2026-05-15").source
    assert (source.method, source.path) == ("GET", "/a?api-version=2026-05-15")
    assert (source.status, source.request_id) == (429, "r-1")


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    told = [exchange.retry_after for exchange in seen(Answer(Retry_After="17")).exchanges]
    assert told == [17.0]
    dated = seen(Answer(Retry_After=in_a_minute)).last
    assert dated is not None
    assert dated.retry_after == pytest.approx(60, abs=2)
    for nonsense in ("soon", ""):
        unclear = seen(Answer(Retry_After=nonsense)).last
        assert unclear is not None
        assert unclear.retry_after is None
