"""The script for the VM, and how its answer is read."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.key_vault_managed_identity.naming import SECRET_NAME, VAULT_NAME
from steps.key_vault_managed_identity.read_secret.on_the_vm import read, script
from tests.steps.fake_azure import NAMES

NONCE = "0123456789abcdef0123456789abcdef"


def test_the_script_asks_the_metadata_service_and_the_students_vault() -> None:
    text = script(NAMES, NONCE)
    assert "http://169.254.169.254/metadata/identity/oauth2/token" in text
    assert f"'{NAMES.vault_uri}secrets/{NAMES.secret}?api-version=2016-10-01'" in text
    assert "%" not in text.replace("%3A", "").replace("%2F", "").replace("% 4", "")


def test_the_script_prints_neither_token_nor_value() -> None:
    """Both go into calls only; what is printed is the report, and they are never put into it."""
    text = script(NAMES, NONCE)
    assert text.count("Write-Output") == 1
    into_the_report = [line for line in text.splitlines() if line.strip().startswith("$report.")]
    assert not any("$token" in line or "$answer" in line or "$secret.value" in line for line in into_the_report)


@pytest.mark.parametrize("name", ["kv'; Stop-Computer; '", "kv$(whoami)", "kv\n", "", "a" * 25, "1kv", "kv-", "k--v"])
def test_a_name_azure_would_not_take_never_gets_into_a_script(name: str) -> None:
    with pytest.raises(ValueError, match="script"):
        script(replace(NAMES, vault=name), NONCE)


@pytest.mark.parametrize("name", ["mi'test", "mi\ntest", "mi`test", "", "s" * 128, "mi_test"])
def test_nor_does_such_a_secret_name_or_nonce(name: str) -> None:
    with pytest.raises(ValueError, match="script"):
        script(replace(NAMES, secret=name), NONCE)
    with pytest.raises(ValueError, match="script"):
        script(NAMES, name)


@given(st.text(alphabet=st.characters(), max_size=30))
def test_names_that_are_allowed_hold_nothing_that_powershell_reads(name: str) -> None:
    if VAULT_NAME.match(name) or SECRET_NAME.match(name):
        assert re.fullmatch(r"[A-Za-z0-9-]+", name)


def test_the_last_line_with_the_nonce_is_the_answer() -> None:
    said = json.dumps({"nonce": NONCE, "stage": "done", "oid": "o", "status": None})
    report = read(f"Hello\n{{broken\n[1]\n{said}\nBye", NONCE)
    assert report is not None
    assert (report.stage, report.oid, report.status) == ("done", "o", 0)
    assert read(said, "f" * 32) is None
    assert read("", NONCE) is None


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ('{"error":{"code":"Forbidden","message":"No.","innererror":{"code":"AccessDenied"}}}', "AccessDenied", "No."),
        ('{"error":{"code":"SecretNotFound","message":"None."}}', "SecretNotFound", "None."),
        (
            '{"error":"invalid_request","error_description":"Identity not found"}',
            "invalid_request",
            "Identity not found",
        ),
        ("<html>", "", "<html>"),
        ("[]", "", "[]"),
    ],
)
def test_azures_words_are_found_in_each_of_its_forms(body: str, code: str, message: str) -> None:
    report = read(json.dumps({"nonce": NONCE, "stage": "secret", "status": 403, "body": body}), NONCE)
    assert report is not None
    assert (report.code, report.message) == (code, message)


def test_a_token_that_azure_might_repeat_is_taken_out() -> None:
    body = json.dumps({"error": {"code": "x", "message": "bad eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl here"}})
    report = read(json.dumps({"nonce": NONCE, "stage": "secret", "status": 401, "body": body}), NONCE)
    assert report is not None
    assert report.message == "bad [token] here"
