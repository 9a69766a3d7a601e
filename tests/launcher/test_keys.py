"""The keys are made once, kept, and seen by their owner only."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from launcher import keys
from launcher.say import Stop


@pytest.fixture(autouse=True)
def no_keys_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in keys.NAMES:
        monkeypatch.delenv(name)


def test_keys_are_made_once_and_stay_the_same(tmp_path: Path) -> None:
    assert keys.ensure(tmp_path) == keys.ensure(tmp_path)


def test_two_folders_have_different_keys(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one, other = keys.ensure(tmp_path), keys.ensure(tmp_path / "other")
    assert not set(one.values()) & set(other.values())


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    keys.ensure(tmp_path)
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_the_sealing_key_is_32_bytes_behind_its_id(tmp_path: Path) -> None:
    key_id, _, key = keys.ensure(tmp_path)["LAB_SEALING_KEYS"].partition(":")
    assert key_id
    assert len(base64.b64decode(key, validate=True)) == 32


def test_a_key_in_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_SECRET_KEY", "mine")
    assert keys.ensure(tmp_path)["LAB_SECRET_KEY"] == "mine"


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"LAB_SECRET_KEY": "x"})])
def test_a_damaged_file_is_never_replaced_by_new_keys(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys.json").write_text(content)
    with pytest.raises(Stop, match=r"keys\.json cannot be read.*backup"):
        keys.ensure(tmp_path)
    assert (tmp_path / "keys.json").read_text() == content
