"""Credentials at rest: sealed with AES-GCM, bound to their row, under keys that rotate.

Each record has a data key of its own, wrapped by a sealing key; both layers carry the place
(``"connections.connection:17:client_secret"``) as associated data, so a sealed value copied to
another row or field does not open. ``LAB_SEALING_KEYS`` is ``id:base64,id:base64``: the first
seals, every one opens.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    data_key, inner = AESGCM.generate_key(bit_length=256), os.urandom(_NONCE)
    return _wrapped(data_key, place) + inner + AESGCM(data_key).encrypt(inner, value.encode(), place.encode())


def under_the_first_key(sealed: bytes | memoryview) -> bool:
    """Whether it would be sealed with the same key today."""
    return bytes(sealed).partition(b"\0")[0].decode(errors="replace") == next(iter(_keys(settings.SEALING_KEYS)))


def sealed_anew(sealed: bytes | memoryview, *, place: str) -> bytes:
    """The same value under the first key. Only its data key is opened and wrapped again: the value itself is not.
    Raises CannotOpen."""
    data_key, rest = _unwrapped(sealed, place)
    return _wrapped(data_key, place) + rest


def open_sealed(sealed: bytes | memoryview, *, place: str) -> str:
    """``sealed`` as the database gives it back; some drivers answer a memoryview. Raises CannotOpen."""
    data_key, rest = _unwrapped(sealed, place)
    with _telling():
        return AESGCM(data_key).decrypt(rest[:_NONCE], rest[_NONCE:], place.encode()).decode()


def _wrapped(data_key: bytes, place: str) -> bytes:
    """By the first key, with its id before it."""
    key_id, sealing_key = next(iter(_keys(settings.SEALING_KEYS).items()))
    outer = os.urandom(_NONCE)
    return key_id.encode() + b"\0" + outer + sealing_key.encrypt(outer, data_key, place.encode())


def _unwrapped(sealed: bytes | memoryview, place: str) -> tuple[bytes, bytes]:
    """The data key, and what it has sealed."""
    key_id, _, rest = bytes(sealed).partition(b"\0")
    sealing_key = _keys(settings.SEALING_KEYS).get(key_id.decode(errors="replace"))
    if sealing_key is None:
        raise CannotOpen("sealed with a key that is not among LAB_SEALING_KEYS")
    outer, rest = rest[:_NONCE], rest[_NONCE:]
    with _telling():
        return sealing_key.decrypt(outer, rest[:_WRAPPED], place.encode()), rest[_WRAPPED:]


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("altered, or sealed for another place") from error
