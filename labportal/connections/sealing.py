"""Credentials at rest: sealed with AES-GCM, bound to their row, under keys that rotate.

Each record has a data key of its own, wrapped by a sealing key; both layers carry the place
(``"connections.connection:17:client_secret"``) as associated data, so a sealed value copied to
another row or field does not open. ``LAB_SEALING_KEYS`` is ``id:base64,id:base64``: the first
seals, every one opens.
"""

from __future__ import annotations

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12
_WRAPPED = 32 + 16  # a 256-bit data key and its tag


class CannotOpen(Exception):
    """The sealed value belongs elsewhere, was altered, or its key is no longer among LAB_SEALING_KEYS."""


@lru_cache(maxsize=4)
def _keys(configured: str) -> dict[str, AESGCM]:
    keys = {}
    for item in configured.split(","):
        key_id, _, encoded = item.partition(":")
        keys[key_id] = AESGCM(base64.b64decode(encoded))
    return keys


def seal(value: str, *, place: str) -> bytes:
    """``key id \\0 nonce, wrapped data key, nonce, ciphertext``."""
    key_id, sealing_key = next(iter(_keys(settings.SEALING_KEYS).items()))
    bound = place.encode()
    data_key = AESGCM.generate_key(bit_length=256)
    outer, inner = os.urandom(_NONCE), os.urandom(_NONCE)
    wrapped = sealing_key.encrypt(outer, data_key, bound)
    return key_id.encode() + b"\0" + outer + wrapped + inner + AESGCM(data_key).encrypt(inner, value.encode(), bound)


def open_sealed(sealed: bytes | memoryview, *, place: str) -> str:
    """``sealed`` as the database gives it back; some drivers answer a memoryview. Raises CannotOpen."""
    key_id, _, rest = bytes(sealed).partition(b"\0")
    sealing_key = _keys(settings.SEALING_KEYS).get(key_id.decode(errors="replace"))
    if sealing_key is None:
        raise CannotOpen("sealed with a key that is not among LAB_SEALING_KEYS")
    bound = place.encode()
    outer, rest = rest[:_NONCE], rest[_NONCE:]
    wrapped, rest = rest[:_WRAPPED], rest[_WRAPPED:]
    try:
        data_key = sealing_key.decrypt(outer, wrapped, bound)
        return AESGCM(data_key).decrypt(rest[:_NONCE], rest[_NONCE:], bound).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("altered, or sealed for another place") from error
