"""Whoever writes waits for its turn, also behind another process: on SQLite, where only one can write at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic

import pytest
from django.db import connection

from labportal.writes import writing
from tests.databases import url_of_the_test_database
from tests.environment import ROOT

WRITER = """
import django, sys
django.setup()
from labportal.writes import writing
with writing():
    print("has the turn", flush=True)
    sys.stdin.read()
"""
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def on_sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lets many write at once: there is no turn to wait for")


@contextmanager
def another_process_writing() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER],
        env={**os.environ, "DATABASE_URL": url_of_the_test_database()},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "has the turn\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def my_turn_came() -> float:
    """By SQLite's own lock it would not be waited for: that one fails at once here."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    with writing():
        at = monotonic()
    connection.close()
    return at


@pytest.mark.parametrize("killed", [False, True], ids=["done", "killed"])
def test_the_turn_comes_when_another_process_is_through(killed: bool) -> None:
    with another_process_writing() as other, ThreadPoolExecutor(1) as pool:
        mine = pool.submit(my_turn_came)
        with pytest.raises(TimeoutError):
            mine.result(0.3)
        over = monotonic()
        other.kill() if killed else other.communicate()
        assert mine.result(10) > over


def test_a_write_inside_a_write_has_its_turn_already() -> None:
    with writing(), writing():
        assert connection.in_atomic_block
