"""The set-up: real virtual environments, real pip, a package index that is not there."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import pip_trouble, venv
from launcher.bell import Bell
from launcher.places import Places
from launcher.say import Stop


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A checkout that requires nothing."""
    made = Places(root=tmp_path, state=tmp_path / ".lab", venv=tmp_path / ".venv")
    made.make()
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    return made


@pytest.fixture
def bell() -> Iterator[Bell]:
    with Bell() as ringing:
        yield ringing


@pytest.fixture
def unreachable_index(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")


def test_a_missing_venv_module_stops_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name))
    with pytest.raises(Stop, match=r"lacks its venv module[\s\S]*apt install python3\.\d+-venv[\s\S]*dnf[\s\S]*brew"):
        venv.require_venv_module()


@pytest.mark.wire
def test_a_half_finished_set_up_is_made_anew_and_a_whole_one_is_left_alone(
    places: Places, bell: Bell, capsys: pytest.CaptureFixture[str]
) -> None:
    (places.venv / "bin").mkdir(parents=True)
    (places.venv / "bin" / "python").write_text("cut off")
    venv.ensure(places, bell)
    assert "was not finished" in capsys.readouterr().out
    assert places.python.resolve().stat().st_size > len("cut off")
    (places.venv / "witness").touch()
    venv.ensure(places, bell)
    assert (places.venv / "witness").exists()
    assert capsys.readouterr().out == ""


def test_a_link_is_refused_and_what_it_leads_to_stays(places: Places, bell: Bell, tmp_path: Path) -> None:
    somebody_elses = tmp_path / "elsewhere"
    somebody_elses.mkdir()
    (somebody_elses / "kept").touch()
    places.venv.symlink_to(somebody_elses)
    with pytest.raises(Stop, match="is a link"):
        venv.ensure(places, bell)
    assert (somebody_elses / "kept").exists()


@pytest.mark.wire
def test_a_set_up_without_network_says_so_and_is_taken_up_again(
    places: Places, bell: Bell, unreachable_index: None
) -> None:
    venv.ensure(places, bell)
    (places.venv / "witness").touch()
    (places.root / "requirements.txt").write_text(f"surely-not-installed==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(Stop, match=r"package index cannot be reached[\s\S]*run the same command again"):
        venv.ensure(places, bell)
    assert not (places.venv / venv.STAMP).exists()
    (places.root / "requirements.txt").write_text("# nothing again\n")
    venv.ensure(places, bell)
    assert not (places.venv / "witness").exists(), "what a failed installation left is not built upon"
    assert (places.venv / venv.STAMP).exists()


def test_neither_a_moved_checkout_nor_another_python_is_taken_for_usable(places: Places) -> None:
    assert not venv.usable(places, venv.Stamp(folder="/somewhere/else/.venv", python=venv.this_python()))
    here = Places(root=places.root, state=places.state, venv=Path(sys.prefix))
    assert venv.usable(here, venv.Stamp(folder=sys.prefix, python=venv.this_python()))
    assert not venv.usable(here, venv.Stamp(folder=sys.prefix, python="3.2"))
    assert not venv.usable(places, venv.Stamp(folder=str(places.venv), python=venv.this_python())), "there is no Python"


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        ("NewConnectionError('x')\nERROR: No matching distribution found for django==5", "cannot be reached"),
        ("SSLCertVerificationError", "PIP_CERT"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "./lab lock"),
        ("ERROR: No matching distribution found for uvloop==9", "uvloop==9 does not exist for Python"),
        ("error: command 'gcc' failed", "compiler"),
    ],
)
def test_each_of_pips_failures_gets_its_own_advice(log: str, advice: str) -> None:
    message = pip_trouble.explain(log, Path("/x/pip.log"))
    assert advice in message
    assert "/x/pip.log" in message


def test_a_missing_wheel_is_told_from_a_missing_network() -> None:
    assert pip_trouble.lacks_ready_made("ERROR: No matching distribution found for uvloop==9")
    assert not pip_trouble.lacks_ready_made("NewConnectionError\nERROR: No matching distribution found for uvloop==9")
