"""Signing in without a secret: with a certificate, and with a token of another issuer, by the SDKs and by hand."""

from __future__ import annotations

import base64
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CertificateCredential, ClientAssertionCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.practice.sign_in import ARM, AZ, GRAPH, LOGIN, bearer, claims, token_request, user_token
from tests.practice_process import Json, Practice

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EXCHANGE = "api://AzureADTokenExchange"
ISSUER = "https://tokens.school.example"
DAY = timedelta(days=1)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(key: Any = KEY, *, since: timedelta = DAY, until: timedelta = DAY) -> x509.Certificate:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lab portal")]), datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - since).not_valid_after(now + until)
    return made.sign(key, hashes.SHA256())


def pem(found: x509.Certificate) -> str:
    return found.public_bytes(serialization.Encoding.PEM).decode()


def private(key: rsa.RSAPrivateKey) -> bytes:
    kinds = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*kinds)


def register(cloud: Practice, student: Json, found: x509.Certificate) -> Json:
    return cloud.ask("POST", f"/apps/{student['client_id']}/certificates", {"certificate": pem(found)})


def federate(cloud: Practice, student: Json, **changes: Any) -> Json:
    wanted = {"name": "portal-host", "issuer": ISSUER, "subject": "portal", **changes}
    return cloud.ask("POST", f"/apps/{student['client_id']}/federated-credentials", wanted)


def trust(cloud: Practice) -> None:
    key = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "one"}
    cloud.ask("POST", "/issuers", {"issuer": ISSUER, "keys": [key]})


def own(student: Json, **changes: Any) -> Json:
    """What an app says of itself."""
    now, client = int(time.time()), student["client_id"]
    audience = f"{LOGIN}/{student['tenant_id']}/v2.0"
    return {"iss": client, "sub": client, "aud": audience, "jti": str(uuid.uuid4()), "exp": now + 600, **changes}


def of_issuer(**changes: Any) -> Json:
    return {"iss": ISSUER, "sub": "portal", "aud": EXCHANGE, "exp": int(time.time()) + 600, **changes}


def send(cloud: Practice, student: Json, assertion: str, **changes: str) -> httpx.Response:
    form = {"client_id": student["client_id"], "scope": f"{ARM}/.default", "client_assertion": assertion}
    form |= {"client_assertion_type": JWT_BEARER, **changes}
    return token_request(cloud, student["tenant_id"], grant_type="client_credentials", **form)


def signed(content: Json, found: x509.Certificate, *, key: Any = KEY, algorithm: str = "RS256", **header: str) -> str:
    x5t = base64.urlsafe_b64encode(found.fingerprint(hashes.SHA1())).rstrip(b"=").decode()
    return jwt.encode(content, key, algorithm=algorithm, headers={"x5t": x5t, **header})


def refused(answer: httpx.Response) -> int:
    assert answer.status_code in (400, 401), answer.text
    assert answer.json()["error"] in ("invalid_client", "invalid_request")
    (code,) = answer.json()["error_codes"]
    return int(code)


def test_the_sdk_signs_in_with_a_certificate(cloud_process: Practice, student: Json) -> None:
    found = certificate()
    told = register(cloud_process, student, found)
    assert told["thumbprint"] == found.fingerprint(hashes.SHA1()).hex().upper()
    whole = private(KEY) + pem(found).encode()
    credential = CertificateCredential(
        student["tenant_id"], student["client_id"], certificate_data=whole, **cloud_process.sdk
    )
    said = claims(credential.get_token(f"{ARM}/.default").token)
    assert (said["appid"], said["appidacr"], said["idtyp"]) == (student["client_id"], "2", "app")
    gone = f"/apps/{student['client_id']}/certificates/{told['keyId']}"
    cloud_process.ask("DELETE", gone)
    again = CertificateCredential(
        student["tenant_id"], student["client_id"], certificate_data=whole, **cloud_process.sdk
    )
    with pytest.raises(ClientAuthenticationError, match="AADSTS700027"):
        again.get_token(f"{ARM}/.default")


def test_a_certificate_that_is_not_registered_is_refused_by_name(cloud_process: Practice, student: Json) -> None:
    register(cloud_process, student, certificate())
    stranger = certificate(OTHER_KEY)
    assert refused(send(cloud_process, student, signed(own(student), stranger, key=OTHER_KEY))) == 700027


def test_both_names_of_a_certificate_and_both_algorithms_count(cloud_process: Practice, student: Json) -> None:
    found = certificate()
    register(cloud_process, student, found)
    assert send(cloud_process, student, signed(own(student), found)).status_code == 200
    sha256 = base64.urlsafe_b64encode(found.fingerprint(hashes.SHA256())).rstrip(b"=").decode()
    by_sha256 = jwt.encode(own(student), KEY, algorithm="PS256", headers={"x5t#S256": sha256})
    for _ in range(2):  # MSAL sends one assertion more than once
        assert send(cloud_process, student, by_sha256).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "https://login.microsoftonline.com/00000000-0000-4000-8000-000000000000/v2.0"}, 700023),
        ({"aud": EXCHANGE}, 700023),
        ({"sub": AZ}, 700021),
        ({"iss": AZ, "sub": AZ}, 700021),
        ({"exp": 1_700_000_000}, 700024),
        ({"nbf": 4_000_000_000, "exp": 4_000_000_600}, 700024),
        ({"exp": "soon"}, 50027),
    ],
)
def test_an_assertion_that_says_something_wrong_is_refused(
    cloud_process: Practice, student: Json, changes: Json, code: int
) -> None:
    found = certificate()
    register(cloud_process, student, found)
    assert refused(send(cloud_process, student, signed(own(student, **changes), found))) == code


def test_an_assertion_that_is_signed_wrongly_is_refused(cloud_process: Practice, student: Json) -> None:
    found = certificate()
    register(cloud_process, student, found)
    forged = signed(own(student), found, key=OTHER_KEY)
    assert refused(send(cloud_process, student, forged)) == 700027
    assert refused(send(cloud_process, student, jwt.encode(own(student), "x" * 32, algorithm="HS256"))) == 700027
    assert refused(send(cloud_process, student, jwt.encode(own(student), "", algorithm="none"))) == 700027
    assert refused(send(cloud_process, student, "nonsense")) == 50027
    assert refused(send(cloud_process, student, forged, client_assertion_type="jwt")) == 900144
    assert refused(send(cloud_process, student, forged, client_id=AZ)) == 700025


def test_a_certificate_that_has_expired_signs_nobody_in(cloud_process: Practice, student: Json) -> None:
    found = certificate(since=3 * DAY, until=-DAY)
    register(cloud_process, student, found)
    answer = send(cloud_process, student, signed(own(student), found))
    assert refused(answer) == 700027
    assert "The key used is expired." in answer.json()["error_description"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"certificate": "nonsense"},
        {"certificate": pem(certificate()), "key": "x"},
        {"certificate": pem(certificate(ec.generate_private_key(ec.SECP256R1())))},
    ],
)
def test_what_is_no_certificate_cannot_be_registered(cloud_process: Practice, student: Json, sent: Json) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        cloud_process.ask("POST", f"/apps/{student['client_id']}/certificates", sent)


def machine_token(cloud: Practice, student: Json) -> str:
    """What the VM's managed identity is given for the exchange."""
    asked = {"api-version": "2018-02-01", "resource": EXCHANGE}
    address = f"{student['imds']}/metadata/identity/oauth2/token"
    return str(httpx.get(address, params=asked, headers={"Metadata": "true"}, trust_env=False).json()["access_token"])


def test_the_sdk_signs_in_with_the_token_of_a_managed_identity(cloud_process: Practice, student: Json) -> None:
    issuer = f"{LOGIN}/{student['tenant_id']}/v2.0"
    federate(cloud_process, student, issuer=issuer, subject=student["vm_principal_id"])
    said = claims(machine_token(cloud_process, student))
    assert (said["iss"], said["sub"], said["ver"]) == (issuer, student["vm_principal_id"], "2.0")
    credential = ClientAssertionCredential(
        student["tenant_id"],
        student["client_id"],
        lambda: machine_token(cloud_process, student),
        **cloud_process.sdk,
    )
    told = claims(credential.get_token(f"{ARM}/.default").token)
    assert (told["appid"], told["appidacr"]) == (student["client_id"], "2")


def test_a_managed_identity_of_another_tenant_cannot_be_federated(cloud_process: Practice, student: Json) -> None:
    other = cloud_process.student()
    issuer = f"{LOGIN}/{other['tenant_id']}/v2.0"
    federate(cloud_process, student, issuer=issuer, subject=other["vm_principal_id"])
    assert refused(send(cloud_process, student, machine_token(cloud_process, other))) == 700236


def test_an_issuer_outside_signs_in_once_its_keys_are_known(cloud_process: Practice, student: Json) -> None:
    federate(cloud_process, student, issuer="https://unknown.example")
    unknown = jwt.encode(of_issuer(iss="https://unknown.example"), KEY, algorithm="RS256", headers={"kid": "one"})
    assert refused(send(cloud_process, student, unknown)) == 50166
    trust(cloud_process)
    federate(cloud_process, student, name="school")
    good = jwt.encode(of_issuer(), KEY, algorithm="RS256", headers={"kid": "one"})
    assert send(cloud_process, student, good).status_code == 200
    cloud_process.ask("DELETE", f"/apps/{student['client_id']}/federated-credentials/school")
    assert refused(send(cloud_process, student, good)) == 700211


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://tokens.school.example/"}, 700211),
        ({"sub": "somebody"}, 700213),
        ({"sub": "Portal"}, 7002138),
        ({"aud": "https://vault.azure.net"}, 700212),
        ({"exp": 1_700_000_000}, 700024),
    ],
)
def test_a_token_that_no_federated_credential_is_for_is_refused(
    cloud_process: Practice, student: Json, changes: Json, code: int
) -> None:
    trust(cloud_process)
    federate(cloud_process, student)
    token = jwt.encode(of_issuer(**changes), KEY, algorithm="RS256", headers={"kid": "one"})
    assert refused(send(cloud_process, student, token)) == code


def test_a_forged_token_of_an_issuer_is_refused(cloud_process: Practice, student: Json) -> None:
    token = jwt.encode(of_issuer(), OTHER_KEY, algorithm="RS256", headers={"kid": "one"})
    assert refused(send(cloud_process, student, token)) == 70025
    trust(cloud_process)
    federate(cloud_process, student)
    assert refused(send(cloud_process, student, token)) == 700027
    unnamed = jwt.encode(of_issuer(), KEY, algorithm="RS256", headers={"kid": "two"})
    assert refused(send(cloud_process, student, unnamed)) == 700027


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "x"},
        {"issuer": "http://tokens.school.example"},
        {"subject": ""},
        {"audiences": []},
        {"claimsMatchingExpression": "x"},
    ],
)
def test_what_is_no_federated_credential_cannot_be_registered(
    cloud_process: Practice, student: Json, sent: Json
) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        federate(cloud_process, student, **sent)
    federate(cloud_process, student)
    for again in ({}, {"name": "another"}):
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            federate(cloud_process, student, **again)


def graph(cloud: Practice, student: Json, method: str, path: str, body: Any = None) -> httpx.Response:
    with cloud.http() as http:
        headers = bearer(user_token(cloud, student, GRAPH))
        return http.request(method, f"{GRAPH}/v1.0/{path}", json=body, headers=headers)


def test_certificates_and_federated_credentials_are_registered_through_graph(
    cloud_process: Practice, student: Json
) -> None:
    shown = graph(cloud_process, student, "GET", f"applications(appId='{student['client_id']}')").json()
    place, found = f"applications/{shown['id']}", certificate()
    der = base64.b64encode(found.public_bytes(serialization.Encoding.DER)).decode()
    added = {"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": der}]}
    assert graph(cloud_process, student, "PATCH", place, added).status_code == 204
    assert send(cloud_process, student, signed(own(student), found)).status_code == 200
    (kept,) = graph(cloud_process, student, "GET", place).json()["keyCredentials"]
    assert kept["key"] is None
    assert graph(cloud_process, student, "PATCH", place, {"keyCredentials": [kept]}).status_code == 204
    assert send(cloud_process, student, signed(own(student), found)).status_code == 200
    assert graph(cloud_process, student, "PATCH", place, {"keyCredentials": [{"key": "x"}]}).status_code == 400
    assert graph(cloud_process, student, "PATCH", place, {"displayName": "x"}).status_code == 501
    trust(cloud_process)
    there = f"{place}/federatedIdentityCredentials"
    wanted = {"name": "portal-host", "issuer": ISSUER, "subject": "portal", "audiences": [EXCHANGE]}
    assert graph(cloud_process, student, "POST", there, wanted).status_code == 201
    assert graph(cloud_process, student, "POST", there, wanted).status_code == 400
    token = jwt.encode(of_issuer(), KEY, algorithm="RS256", headers={"kid": "one"})
    assert send(cloud_process, student, token).status_code == 200
    (listed,) = graph(cloud_process, student, "GET", there).json()["value"]
    assert listed["subject"] == "portal"
    for status in (204, 404):
        assert graph(cloud_process, student, "DELETE", f"{there}/{listed['id']}").status_code == status
    assert refused(send(cloud_process, student, token)) == 70025
