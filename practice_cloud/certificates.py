"""The certificates with which an app signs in: the public halves, of which several may count at a time.

They are in the ``app`` document, as ``certificates``: ``keyId, displayName, der`` (base64)``, thumbprint`` (SHA-1 in
capital hexadecimal, as portals show it)``, x5t, x5tS256, startsAt, endsAt`` (seconds since 1970). The private half
never comes here. Shapes: https://learn.microsoft.com/graph/api/resources/keycredential and, for how a token names its
certificate, https://learn.microsoft.com/entra/identity-platform/certificate-credentials.
"""

from __future__ import annotations

import base64
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from practice_cloud.operations import iso
from practice_cloud.principals import new_id
from practice_cloud.store import Doc

_BEGIN = b"-----BEGIN CERTIFICATE-----"


def made(raw: bytes, *, name: str | None = None) -> Doc:
    """A certificate from PEM (the first in it) or DER. Raises ValueError for what is none, or has no RSA key: Entra
    takes no other for signing in."""
    found = x509.load_pem_x509_certificate(raw) if _BEGIN in raw else x509.load_der_x509_certificate(raw)
    if not isinstance(found.public_key(), rsa.RSAPublicKey):
        raise ValueError("the certificate's key is not RSA")
    sha1, sha256 = found.fingerprint(hashes.SHA1()), found.fingerprint(hashes.SHA256())  # noqa: S303 - its name in Entra
    return {
        "keyId": new_id(),
        "displayName": name or found.subject.rfc4514_string(),
        "der": base64.b64encode(found.public_bytes(Encoding.DER)).decode(),
        "thumbprint": sha1.hex().upper(),
        "x5t": _base64url(sha1),
        "x5tS256": _base64url(sha256),
        "startsAt": found.not_valid_before_utc.timestamp(),
        "endsAt": found.not_valid_after_utc.timestamp(),
    }


def of(app: Doc) -> list[Doc]:
    return list(app.get("certificates", []))


def named_in(app: Doc, header: dict[str, Any]) -> Doc | None:
    """The one that a token's header names: by ``x5t#S256``, ``x5t``, or a ``kid`` that is its thumbprint. MSAL leaves
    the padding of base64 in place."""
    x5t, sha256 = (str(header.get(name, "")).rstrip("=") for name in ("x5t", "x5t#S256"))
    for one in of(app):
        if sha256 == one["x5tS256"] or x5t in (one["x5t"], one["thumbprint"]):
            return one
        if str(header.get("kid", "")).upper() == one["thumbprint"]:
            return one
    return None


def public_key(certificate: Doc) -> rsa.RSAPublicKey:
    key = x509.load_der_x509_certificate(base64.b64decode(certificate["der"])).public_key()
    assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101 - no other is taken
    return key


def shown(certificate: Doc) -> Doc:
    """As Graph shows it: never with its key, unless that is asked for."""
    return {
        "customKeyIdentifier": certificate["thumbprint"],
        "displayName": certificate["displayName"],
        "endDateTime": iso(certificate["endsAt"], timespec="seconds"),
        "hasExtendedValue": None,
        "key": None,
        "keyId": certificate["keyId"],
        "startDateTime": iso(certificate["startsAt"], timespec="seconds"),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
