"""The lab's own three commands, as printed, and the script that proves Task 4."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from tests.practice.powershell.world import (
    FORBIDDEN,
    LAB_SCRIPT,
    OID,
    PROOF_SCRIPT,
    SECRET,
    SECRET_ID,
    TOKEN,
    Network,
    run,
)

HOST = "mi-lab-vault.vault.azure.net"


def test_the_labs_three_commands_show_the_secret_as_a_table() -> None:
    result = run(LAB_SCRIPT)
    assert result.stderr == ""
    assert result.stdout.split("\n") == [
        "",
        f"value     {'id':<{len(SECRET_ID)}} attributes",
        f"-----     {'--':<{len(SECRET_ID)}} ----------",
        f"My Secret {SECRET_ID} @{{enabled=True; creat...",
        "",
        "",
        "",
    ]
    assert all(len(line) <= 120 for line in result.stdout.split("\n"))


def test_the_labs_three_commands_ask_the_metadata_service_and_then_the_vault() -> None:
    network = Network()
    run(LAB_SCRIPT, network=network)
    assert [str(request.url) for request in network.requests] == [
        "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
        "&resource=https%3A%2F%2Fvault.azure.net",
        f"https://{HOST}/secrets/mi-test?api-version=2016-10-01",
    ]
    assert network.requests[0].headers["Metadata"] == "true"
    assert network.requests[1].headers["Authorization"] == f"Bearer {TOKEN}"


def test_the_proof_script_says_who_read_which_secret_and_keeps_its_value_to_itself() -> None:
    result = run(PROOF_SCRIPT.replace("HOST", HOST))
    digest = base64.b64encode(hmac.digest(b"nonce", SECRET.encode(), hashlib.sha256)).decode()
    assert result.stderr == ""
    assert json.loads(result.stdout) == {
        "oid": OID,
        "aud": "https://vault.azure.net",
        "id": SECRET_ID,
        "digest": digest,
    }
    assert SECRET not in result.stdout


def test_the_proof_script_reports_a_refusal_with_its_status_and_body() -> None:
    result = run(PROOF_SCRIPT.replace("HOST/secrets/mi-test", f"{HOST}/secrets/other"))
    told = json.loads(result.stdout)
    assert told["error"] == "The remote server returned an error: (403) Forbidden."
    assert told["status"] == 403
    assert json.loads(told["body"]) == FORBIDDEN


def test_the_proof_script_reports_a_vault_that_is_not_there() -> None:
    result = run(PROOF_SCRIPT.replace("HOST", "nowhere.vault.azure.net"))
    assert json.loads(result.stdout) == {
        "error": "The remote name could not be resolved: 'nowhere.vault.azure.net'",
        "status": 0,
        "body": "",
    }


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_of_windows_and_of_unix_are_the_same(newline: str) -> None:
    assert "My Secret" in run(LAB_SCRIPT.replace("\n", newline)).stdout
