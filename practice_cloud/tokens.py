"""Access tokens: signed, and checked by every service.

The signing key is made once and outlives resets and restarts: clients keep tokens in
caches of their own and do not recover when a cached one is suddenly refused.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from practice_cloud.clock import Clock
from practice_cloud.files import read_or_create

Reason = Literal["missing", "malformed", "signature", "issuer", "audience", "expired"]
ACCESS_TOKEN_SECONDS = 3599
_MOMENT = 16
"""Hexadecimal digits of the microseconds since 1970 with which a token's ``uti`` begins."""
_NO_TEXTS = ("iat", "exp", "groups", "amr")


class BadToken(Exception):
    """Why a token is refused. Each service answers with an error body of its own."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says. "" where it says nothing; ``iat`` and ``exp`` in seconds since 1970."""

    tid: str
    oid: str
    appid: str
    idtyp: str
    scp: str
    xms_mirid: str
    aud: str
    iss: str
    uti: str
    iat: int
    exp: int
    groups: tuple[str, ...]
    amr: tuple[str, ...]

    @property
    def given(self) -> float:
        """When it was given out, more exactly than ``iat`` can say: the ``uti`` of our own begins with it."""
        try:
            at = int(self.uti[:_MOMENT], 16) / 1e6
        except ValueError:
            return float(self.iat)
        return at if self.iat <= at < self.iat + 1 else float(self.iat)

    @property
    def who(self) -> tuple[str, ...]:
        """The object ids that count as the caller's: their own, and those of the groups that the token names."""
        return (self.oid, *self.groups)


def issuer(tenant_id: str) -> str:
    """The issuer of access tokens for Azure's own services (v1.0 tokens)."""
    return f"https://sts.windows.net/{tenant_id}/"


class Tokens:
    def __init__(self, key_file: Path, clock: Clock) -> None:
        """Raises ValueError if ``key_file`` holds no RSA key."""
        key = serialization.load_pem_private_key(read_or_create(key_file, _new_key), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError(f"{key_file} holds no RSA key; remove it and start again")
        self._key = key
        self._public = key.public_key()
        self._clock = clock
        self.kid = _thumbprint(self._public)
        self._signed = lru_cache(maxsize=4096)(self._read)

    def jwks(self) -> dict[str, Any]:
        """The keys as ``/discovery/v2.0/keys`` publishes them."""
        return {"keys": [{"kty": "RSA", "use": "sig", "kid": self.kid, "x5t": self.kid, **_numbers(self._public)}]}

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.kid, "x5t": self.kid})

    def issue(
        self,
        *,
        tenant_id: str,
        audience: str,
        oid: str,
        appid: str,
        extra: dict[str, Any],
        lifetime: int = ACCESS_TOKEN_SECONDS,
    ) -> tuple[str, int]:
        """An access token and the seconds it lasts. ``extra`` are further claims (idtyp, scp, xms_mirid, ...)."""
        moment = self._clock.now().timestamp()
        now = int(moment)
        claims = {
            "aud": audience,
            "iss": issuer(tenant_id),
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "appid": appid,
            "oid": oid,
            "sub": oid,
            "tid": tenant_id,
            "uti": f"{int(moment * 1e6):0{_MOMENT}x}{uuid.uuid4().hex[_MOMENT:]}",
            "ver": "1.0",
            **extra,
        }
        return self.sign(claims), lifetime

    def verify(self, authorization_header: str | None, *, audiences: tuple[str, ...]) -> Claims:
        """The claims of a bearer token meant for one of ``audiences`` (a trailing slash counts for nothing).

        Raises BadToken.
        """
        claims = self.signed(authorization_header)
        if not claims.tid or claims.iss != issuer(claims.tid):
            raise BadToken("issuer")
        if claims.aud.rstrip("/") not in {audience.rstrip("/") for audience in audiences}:
            raise BadToken("audience")
        if claims.exp <= self._clock.now().timestamp():
            raise BadToken("expired")
        return claims

    def signed(self, authorization_header: str | None) -> Claims:
        """The claims of any token with our signature: whose request it is, not whether it may pass. Raises BadToken."""
        scheme, _, token = (authorization_header or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise BadToken("missing")
        return self._signed(token.strip())

    def _read(self, token: str) -> Claims:
        try:
            found: dict[str, Any] = jwt.decode(
                token,
                self._public,
                algorithms=["RS256"],
                options={"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.InvalidSignatureError as error:
            raise BadToken("signature") from error
        except jwt.InvalidTokenError as error:
            raise BadToken("malformed") from error
        texts = {name: str(found.get(name, "")) for name in Claims.__slots__ if name not in _NO_TEXTS}
        groups, amr = (tuple(str(one) for one in found.get(name) or ()) for name in ("groups", "amr"))
        return Claims(**texts, iat=int(found.get("iat", 0)), exp=int(found.get("exp", 0)), groups=groups, amr=amr)


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _numbers(public: rsa.RSAPublicKey) -> dict[str, str]:
    numbers = public.public_numbers()
    return {name: _base64(_octets(number)) for name, number in (("n", numbers.n), ("e", numbers.e))}


def _thumbprint(public: rsa.RSAPublicKey) -> str:
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return _base64(hashlib.sha256(der).digest()[:20])


def _octets(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
