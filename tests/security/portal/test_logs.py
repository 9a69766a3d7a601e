"""Nothing that opens a door stands in a log, at any level and in whatever shape it was handed over."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from django.conf import settings
from django.urls import reverse

from labportal.logs import logging_config
from labportal.redaction import redact
from tests.portal.browsing import Browser

CREDENTIAL = "Qx7~hunter2-hunter2"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2lnbmF0dXJl"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What a process with LAB_LOG_LEVEL=DEBUG writes."""
    logging_config("DEBUG")
    stream, handler = StringIO(), logging.getLogger().handlers[-1]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    logging_config("INFO")


@pytest.mark.parametrize(
    "text",
    [
        f"client_secret={CREDENTIAL}&scope=x",
        f'{{"client_secret": "{CREDENTIAL}"}}',
        f"{{'password': '{CREDENTIAL}'}}",
        f"password:{CREDENTIAL}",
        f"grant_type=refresh_token&refresh_token={CREDENTIAL}",
        f"'access_token':'{CREDENTIAL}'",
        f"Authorization: Bearer {CREDENTIAL}",
        f"https://x.blob.core.windows.net/y?sv=1&sig={CREDENTIAL}",
        f"GET /events/sessions/1/?token={CREDENTIAL}&after=0",
    ],
)
def test_a_credential_is_known_in_every_usual_spelling(text: str) -> None:
    assert CREDENTIAL not in redact(text)
    assert "[redacted]" in redact(text)


def test_a_link_that_lets_somebody_into_a_class_is_known() -> None:
    """Django names the address of every request that it refuses, one without its CSRF token among them."""
    token = secrets.token_urlsafe()
    said = "Forbidden (CSRF cookie not set.): /invitations/{}/"
    assert redact(said.format(token)) == said.format("[redacted]")
    assert redact("GET /classes/7/invitations/12/withdraw/") == "GET /classes/7/invitations/12/withdraw/"


@pytest.mark.parametrize("text", ["Choose a password: at least 8 characters", "the refresh_token has expired"])
def test_plain_words_stay(text: str) -> None:
    assert redact(text) == text


def test_objects_and_errors_are_scrubbed_like_texts(written: StringIO) -> None:
    log = logging.getLogger("labportal.test")
    log.info("an object", extra={"answer": {"access_token": TOKEN}})
    structlog.get_logger("labportal.test").info("an object", answer=[{"client_secret": CREDENTIAL}])
    try:
        try:
            raise ValueError(f"Bearer {TOKEN}")
        except ValueError as cause:
            raise RuntimeError({"password": CREDENTIAL}) from cause
    except RuntimeError as error:
        log.exception("an error")
        log.warning("an error: %s", error)
    said = written.getvalue()
    assert said.count("[redacted]") >= 5
    assert TOKEN not in said
    assert CREDENTIAL not in said


def test_a_page_at_debug_leaves_no_key_in_the_log(written: StringIO, browser: Browser, session: object) -> None:
    page = browser.get(reverse("labs:task", args=["key-vault-managed-identity", "create-vault"]))
    key = page.content.decode().split("token=")[1].split("&")[0]
    assert page.status_code == 200
    assert key not in written.getvalue()
    assert settings.SECRET_KEY not in written.getvalue()
