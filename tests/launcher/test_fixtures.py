"""The fixtures that other tests build on do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
import redis
from django.conf import settings

from tests.environment import ROOT


def test_redis_is_a_real_server_at_the_address_the_settings_know(redis_url: str) -> None:
    assert redis_url == settings.REDIS_URL
    with redis.Redis.from_url(redis_url) as client:
        assert client.info("server")["tcp_port"] == 0
        assert client.config_get("appendonly") == {"appendonly": "yes"}


@pytest.mark.thorough
def test_on_the_second_database_runs_what_can_differ_there() -> None:
    """All that touches it; in a browser what says so; nothing that needs none."""
    names = ("runs/test_engine", "browser/test_two_tabs", "browser/test_board", "gateway/test_plain")
    files = [f"tests/{name}.py" for name in names]
    chosen = [collected(file, "--database-only") for file in files]
    assert chosen == [collected(files[0]), collected(files[1]), 0, 0]
    assert 0 not in chosen[:2]


def collected(file: str, *options: str) -> int:
    argv = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-n", "0", "-p", "no:cacheprovider", *options, file]
    said = subprocess.run(argv, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False).stdout
    return sum(int(number) for number in re.findall(r"^tests/\S+: (\d+)$", said, re.MULTILINE))
