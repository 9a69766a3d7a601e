"""Which tests ``./lab check`` runs, and that none of them becomes slow unseen (tests/quick.py)."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.environment import ROOT

pytestmark = pytest.mark.thorough  # pytest itself is started

CONFTEST = """
import pytest
from tests import quick

quick.BOUND = 0.2

def pytest_configure(config):
    for mark in (*quick.LEFT_OUT, "every_row"):
        config.addinivalue_line("markers", mark)
    config.pluginmanager.register(quick.Quick())
"""
TESTS = """
import time
import pytest

@pytest.mark.parametrize("row", range(9))
def test_table(row): pass

@pytest.mark.parametrize("row", range(3))
def test_short(row): pass

@pytest.mark.every_row
@pytest.mark.parametrize("row", range(9))
def test_whole(row): pass

@pytest.mark.parametrize("row", [0, 1, 2, pytest.param(3, marks=pytest.mark.thorough)])
def test_partly(row): pass

@pytest.mark.wire
def test_of_a_process(): pass

def test_waits(): time.sleep(0.3)

def test_computes():
    end = time.process_time() + 0.3
    while time.process_time() < end: pass

def test_fails(): assert 1 == 2
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("quick")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_some.py").write_text(TESTS)
    argv = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-p", "no:django", str(folder)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(argv, env=env, cwd=folder, capture_output=True, text=True, check=False, timeout=60).stdout


def outcomes(said: str, test: str) -> dict[str, str]:
    """By row, "" without one."""
    found = re.findall(rf"^(PASSED|FAILED) test_some\.py::{test}(?:\[(.*?)\])?(?= |$)", said, re.MULTILINE)
    return {row: outcome for outcome, row in found}


def test_of_a_long_table_the_first_the_last_and_one_between(said: str) -> None:
    assert set(outcomes(said, "test_table")) == {"0", "4", "8"}
    assert set(outcomes(said, "test_short")) == {"0", "1", "2"}
    assert set(outcomes(said, "test_partly")) == {"0", "1", "2"}


def test_all_rows_where_the_table_says_so(said: str) -> None:
    assert len(outcomes(said, "test_whole")) == 9


def test_what_needs_a_process_is_left_out_and_counted(said: str) -> None:
    assert not outcomes(said, "test_of_a_process")
    assert "8 deselected" in said


def test_a_test_that_computes_for_long_fails_and_one_that_waits_does_not(said: str) -> None:
    assert outcomes(said, "test_waits") == {"": "PASSED"}
    assert outcomes(said, "test_computes") == {"": "FAILED"}
    assert "more than 0.2 s. Let it do with less, or mark it thorough" in said


def test_what_fails_fails_for_its_own_reason(said: str) -> None:
    assert outcomes(said, "test_fails") == {"": "FAILED"}
    assert "assert 1 == 2" in said
