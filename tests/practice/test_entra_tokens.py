"""Graph and ARM check signature, issuer, audience and expiry: a token broken in any one way opens nothing.

Key Vault's answers, which have codes of their own, are tested with that service.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.practice.sign_in import ARM, GRAPH, VAULT, app_token, bearer, claims, user_token
from tests.practice_process import Practice

ADDRESSES = {
    GRAPH: f"{GRAPH}/v1.0/organization",
    ARM: f"{ARM}/subscriptions?api-version=2022-12-01",
}
SERVICES = list(ADDRESSES)
Break = Callable[[Practice, dict[str, Any], str], str]


def resigned(cloud: Practice, changes: dict[str, Any], token: str) -> str:
    """The token with other claims, signed with the cloud's own key: nothing else is wrong with it."""
    key = serialization.load_pem_private_key((cloud.state / "signing-key.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    header = {"kid": jwt.get_unverified_header(token)["kid"]}
    return jwt.encode(claims(token) | changes, key, algorithm="RS256", headers=header)


def other_issuer(cloud: Practice, _: dict[str, Any], token: str) -> str:
    return resigned(cloud, {"iss": "https://sts.windows.net/00000000-0000-4000-8000-000000000000/"}, token)


def expired(cloud: Practice, _: dict[str, Any], token: str) -> str:
    return resigned(cloud, {"exp": claims(token)["iat"] - 1}, token)


def other_audience(cloud: Practice, _: dict[str, Any], token: str) -> str:
    return resigned(cloud, {"aud": "https://storage.azure.com"}, token)


def forged(_: Practice, __: dict[str, Any], token: str) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims(token), key, algorithm="RS256", headers={"kid": jwt.get_unverified_header(token)["kid"]})


def altered(_: Practice, __: dict[str, Any], token: str) -> str:
    """Another student's tenant written into a token that was signed for one's own."""
    head, _body, signature = token.split(".")
    told = jwt.encode(claims(token) | {"tid": "00000000-0000-4000-8000-000000000000"}, "x" * 32).split(".")[1]
    return ".".join((head, told, signature))


def unsigned(_: Practice, __: dict[str, Any], token: str) -> str:
    return jwt.encode(claims(token), "", algorithm="none")


def signed_with_the_public_key(cloud: Practice, _: dict[str, Any], token: str) -> str:
    """The old trick: the published key used as a shared secret. By hand, as PyJWT will not help with it."""
    key = serialization.load_pem_private_key((cloud.state / "signing-key.pem").read_bytes(), None)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    signed = ".".join((jwt.encode({}, "x" * 32).split(".")[0], token.split(".")[1]))
    signature = hmac.digest(public, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def nonsense(_: Practice, __: dict[str, Any], ___: str) -> str:
    return "nonsense"


BREAKS: list[Break] = [
    *(other_issuer, expired, other_audience, forged, altered, unsigned, signed_with_the_public_key, nonsense),
]


def ask(cloud: Practice, service: str, headers: dict[str, str]) -> httpx.Response:
    with cloud.http() as http:
        return http.get(ADDRESSES[service], headers=headers)


@pytest.mark.parametrize("service", SERVICES)
def test_a_good_token_opens(cloud_process: Practice, student: dict[str, Any], service: str) -> None:
    for token in (app_token(cloud_process, student, service), user_token(cloud_process, student, service)):
        assert ask(cloud_process, service, bearer(token)).status_code == 200
        assert ask(cloud_process, service, {"authorization": f"bearer {token}"}).status_code == 200


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("spoil", BREAKS, ids=lambda spoil: spoil.__name__)
def test_a_broken_token_does_not(cloud_process: Practice, student: dict[str, Any], service: str, spoil: Break) -> None:
    token = spoil(cloud_process, student, app_token(cloud_process, student, service))
    answer = ask(cloud_process, service, bearer(token))
    assert answer.status_code == 401
    assert answer.json()["error"]["code"]


@pytest.mark.parametrize("service", SERVICES)
def test_no_token_at_all_does_not(cloud_process: Practice, service: str) -> None:
    assert ask(cloud_process, service, {}).status_code == 401
    assert ask(cloud_process, service, {"authorization": "Basic eDp5"}).status_code == 401


@pytest.mark.parametrize(("service", "other"), [(GRAPH, ARM), (ARM, VAULT), (ARM, GRAPH)])
def test_a_token_for_one_service_does_not_open_another(
    cloud_process: Practice, student: dict[str, Any], service: str, other: str
) -> None:
    assert ask(cloud_process, service, bearer(app_token(cloud_process, student, other))).status_code == 401


def test_a_token_expires_by_the_clouds_clock(cloud_process: Practice, student: dict[str, Any]) -> None:
    token = app_token(cloud_process, student, GRAPH)
    with cloud_process.conduct("clock", offset_seconds=3500):
        assert ask(cloud_process, GRAPH, bearer(token)).status_code == 200
    with cloud_process.conduct("clock", offset_seconds=3601):
        assert ask(cloud_process, GRAPH, bearer(token)).status_code == 401
