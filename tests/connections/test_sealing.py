"""Credentials at rest."""

from __future__ import annotations

import base64

import pytest
from pytest_django.fixtures import Settings

from labportal.connections.sealing import CannotOpen, open_sealed, seal

PLACE = "connections.connection:1:client_secret"


def key(byte: bytes) -> str:
    return base64.b64encode(byte * 32).decode()


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> Settings:
    settings.SEALING_KEYS = f"k1:{key(b'1')}"
    return settings


def test_what_was_sealed_opens() -> None:
    assert open_sealed(seal("hunter2", place=PLACE), place=PLACE) == "hunter2"


def test_nothing_of_the_value_shows() -> None:
    assert b"hunter2" not in seal("hunter2", place=PLACE)


def test_the_same_value_never_seals_to_the_same_bytes() -> None:
    assert seal("hunter2", place=PLACE) != seal("hunter2", place=PLACE)


def test_a_sealed_value_copied_to_another_row_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        open_sealed(seal("hunter2", place=PLACE), place=PLACE.replace("1", "2"))


def test_an_altered_value_does_not_open() -> None:
    sealed = bytearray(seal("hunter2", place=PLACE))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        open_sealed(bytes(sealed), place=PLACE)


def test_an_old_key_still_opens_after_rotation(keys: Settings) -> None:
    sealed = seal("hunter2", place=PLACE)
    keys.SEALING_KEYS = f"k2:{key(b'2')},k1:{key(b'1')}"
    assert open_sealed(sealed, place=PLACE) == "hunter2"
    assert seal("x", place=PLACE).startswith(b"k2\0")


def test_a_key_that_is_gone_is_said_so(keys: Settings) -> None:
    sealed = seal("hunter2", place=PLACE)
    keys.SEALING_KEYS = f"k2:{key(b'2')}"
    with pytest.raises(CannotOpen, match="LAB_SEALING_KEYS"):
        open_sealed(sealed, place=PLACE)


@pytest.mark.parametrize("sealed", [b"", b"k1\0", b"k1\0short", b"nonsense"])
def test_rubbish_does_not_open(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        open_sealed(sealed, place=PLACE)
