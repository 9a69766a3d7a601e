"""What a client says it can do stands in its token: the SDKs say so when continuous access evaluation is on."""

from __future__ import annotations

from typing import Any

import pytest
from azure.identity import ClientSecretCredential

from tests.practice.sign_in import ARM, AZ, claims, token_request
from tests.practice_process import Practice


def test_the_sdks_token_repeats_what_its_client_can_do(cloud_process: Practice, student: dict[str, Any]) -> None:
    keys = (student["tenant_id"], student["client_id"], student["client_secret"])
    credential = ClientSecretCredential(*keys, **cloud_process.sdk)
    assert claims(credential.get_token(f"{ARM}/.default", enable_cae=True).token)["xms_cc"] == ["CP1"]
    assert "xms_cc" not in claims(credential.get_token(f"{ARM}/.default").token)


@pytest.mark.parametrize(
    "asked", ["no JSON", "[]", '{"access_token": 1}', '{"access_token": {"xms_cc": {"values": 1}}}']
)
def test_claims_that_nobody_can_read_are_refused(cloud_process: Practice, student: dict[str, Any], asked: str) -> None:
    form = {"username": student["user"], "password": student["password"], "scope": f"{ARM}/.default"}
    answer = token_request(
        cloud_process, student["tenant_id"], grant_type="password", client_id=AZ, claims=asked, **form
    )
    assert answer.status_code == 400
    assert answer.json()["error_codes"] == [9002313]
