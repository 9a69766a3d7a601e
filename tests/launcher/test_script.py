"""The script itself, which an old Python must be able to read."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

import pytest

from tests.environment import ROOT

LAB = ROOT / "lab"


@pytest.fixture
def script() -> ModuleType:
    spec = spec_from_loader("lab", SourceFileLoader("lab", str(LAB)))
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_can_read_the_script() -> None:
    ast.parse(LAB.read_text(), feature_version=(3, 4))


def test_an_old_python_is_told_what_to_install(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert script.main() == 1
    said = capsys.readouterr().err
    assert "Python 3.11 or newer is needed; this is 3.9" in said
    assert all(name in said for name in ("Debian", "Fedora", "macOS"))


def test_a_newer_python_beside_an_old_one_is_taken(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: sys.executable if name == "python3.12" else None)
    assert script.newer_python() == sys.executable


def test_a_newer_python_that_does_not_run_is_passed_over(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: "/bin/false")
    assert script.newer_python() is None


def test_an_unknown_command_is_refused_with_those_that_exist() -> None:
    answer = subprocess.run([ROOT / "lab", "fly"], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "'run'" in answer.stderr
