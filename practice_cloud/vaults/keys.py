"""Keys as they are kept (``practice_cloud.vaults.shelf``): their public halves only, as nothing is done with them here.

A version: ``id, kty, key_ops, public, enabled, nbf?, exp?, tags?, created, updated``; ``public`` is what a JSON web key
has of it: ``n, e`` or ``crv, x, y``. Shapes and defaults as recorded from az (https://github.com/Azure/azure-cli,
command_modules/keyvault/tests/latest/recordings/test_keyvault_key_delete.yaml) and
https://learn.microsoft.com/rest/api/keyvault/keys/create-key.
"""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.vaults import rules, shelf

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

SHELF = shelf.Shelf("key", "Key")
SIZES = (2048, 3072, 4096)
CURVES: dict[str, ec.EllipticCurve] = {
    "P-256": ec.SECP256R1(),
    "P-256K": ec.SECP256K1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
_DOES = {
    "RSA": ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
    "EC": ["sign", "verify"],
}
_KNOWN = {*_DOES["RSA"], "import", "export", "deriveKey", "deriveBits"}


class Wanted(NamedTuple):
    """``shape`` is the size of an RSA key, the curve of another; ``hsm``: one that is kept in hardware."""

    kty: str
    shape: int | str
    hsm: bool


class Made(NamedTuple):
    asked: Wanted
    public: dict[str, str]


def wanted(sent: Doc, *, premium: bool) -> Wanted:
    """What a request asks for. Raises AzureError 400, or 501 for what is no RSA and no EC key."""
    kty = str(sent.get("kty") or "")
    plain, _, hsm = kty.partition("-")
    if kty in ("oct", "oct-HSM"):
        raise AzureError(501, "NotImplementedByPracticeCloud", "The practice cloud makes RSA and EC keys only.")
    if plain not in _DOES or hsm not in ("", "HSM"):
        raise rules.bad_parameter("Property kty is required: RSA, RSA-HSM, EC or EC-HSM.")
    if hsm and not premium:
        raise rules.bad_parameter("Keys in hardware (HSM) take a vault of the sku premium.")
    shape = sent.get("key_size") or SIZES[0] if plain == "RSA" else sent.get("crv") or "P-256"
    if shape not in (SIZES if plain == "RSA" else CURVES):
        raise rules.bad_parameter(f"Key size or curve {shape} is not supported for a key of the type {kty}.")
    return Wanted(plain, shape, bool(hsm))


def make(asked: Wanted) -> Made:
    """A new key. Takes a while."""
    if isinstance(asked.shape, int):
        made = rsa.generate_private_key(public_exponent=65537, key_size=asked.shape).public_key().public_numbers()
        return Made(asked, {"n": _text(made.n), "e": _text(made.e)})
    curve = CURVES[asked.shape]
    point = ec.generate_private_key(curve).public_key().public_numbers()
    octets = (curve.key_size + 7) // 8
    return Made(asked, {"crv": asked.shape, "x": _text(point.x, octets), "y": _text(point.y, octets)})


def add(cloud: Cloud, vault: Doc, name: str, made: Made, sent: Doc) -> Doc:
    """A new version of the key. ``sent``: ``key_ops?, tags?, attributes?``. Raises AzureError 400, 409."""
    now, asked = int(cloud.clock.now().timestamp()), made.asked
    version: Doc = {
        "id": uuid.uuid4().hex,
        "kty": f"{asked.kty}-HSM" if asked.hsm else asked.kty,
        "key_ops": operations(sent["key_ops"]) if sent.get("key_ops") else _DOES[asked.kty],
        "public": made.public,
        "enabled": True,
        **rules.attributes(sent.get("attributes")),
        "tags": rules.tags(sent.get("tags")),
        "created": now,
        "updated": now,
    }
    return SHELF.keep(cloud, vault, name, version)


def operations(sent: Any) -> list[str]:
    if not isinstance(sent, list) or not set(map(str, sent)) <= _KNOWN:
        raise rules.bad_parameter("Property key_ops names what a key cannot do.")
    return [str(one) for one in sent]


def _text(number: int, octets: int = 0) -> str:
    octets = octets or (number.bit_length() + 7) // 8
    return base64.urlsafe_b64encode(number.to_bytes(octets, "big")).rstrip(b"=").decode()
