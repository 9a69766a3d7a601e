"""Tokens for practice students, asked for as a raw client would."""

from __future__ import annotations

from typing import Any

import httpx
import jwt

from tests.practice_process import Practice

LOGIN = "https://login.microsoftonline.com"
AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
ARM, VAULT, GRAPH = "https://management.azure.com", "https://vault.azure.net", "https://graph.microsoft.com"


def token_request(cloud: Practice, tenant: str, **form: str) -> httpx.Response:
    with cloud.http() as http:
        return http.post(f"{LOGIN}/{tenant}/oauth2/v2.0/token", data=form)


def app_token(cloud: Practice, student: dict[str, Any], resource: str = ARM) -> str:
    answer = token_request(
        cloud,
        student["tenant_id"],
        grant_type="client_credentials",
        client_id=student["client_id"],
        client_secret=student["client_secret"],
        scope=f"{resource}/.default",
    )
    return str(answer.json()["access_token"])


def user_token(cloud: Practice, student: dict[str, Any], resource: str = ARM) -> str:
    answer = token_request(
        cloud,
        student["tenant_id"],
        grant_type="password",
        client_id=AZ,
        username=student["user"],
        password=student["password"],
        scope=f"{resource}/.default openid",
    )
    return str(answer.json()["access_token"])


def claims(token: str) -> dict[str, Any]:
    """What a token says, unchecked."""
    return dict(jwt.decode(token, options={"verify_signature": False}))


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}
