"""What several web processes count together, in a real Redis, and what each does without it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from uuid import uuid4

import pytest
import redis

from labportal.accounts import counts as counts_module
from labportal.accounts import limits
from labportal.accounts.counts import AWAY, PREFIX, Counts
from labportal.accounts.limits import Allowance


@pytest.fixture
def key() -> str:
    return uuid4().hex


def test_what_one_process_counts_counts_in_all(redis_url: str, key: str) -> None:
    one, other = Counts(redis_url), Counts(redis_url)
    assert [one.add(key, 1, 60), other.add(key, 1, 60), one.add(key, 1, 60), other.add(key, -1, 60)] == [1, 2, 3, 2]


def test_a_count_ends_when_its_time_is_up(redis_url: str, key: str) -> None:
    """Its time begins with the first: later ones do not draw it out."""
    counts = Counts(redis_url)
    with redis.Redis.from_url(redis_url) as client:
        counts.add(key, 1, 60)
        client.expire(PREFIX + key, 30)
        counts.add(key, 1, 60)
        assert 0 < client.ttl(PREFIX + key) <= 30


def test_a_count_without_an_end_is_given_one(redis_url: str, key: str) -> None:
    """Redis may be emptied between the two commands that begin one: what the second then makes would stay for ever."""
    with redis.Redis.from_url(redis_url) as client:
        client.incrby(PREFIX + key, 5)
        assert Counts(redis_url).add(key, 1, 60) == 6
        assert 0 < client.ttl(PREFIX + key) <= 60


def test_without_redis_each_counts_for_itself(tmp_path: Path, key: str, caplog: pytest.LogCaptureFixture) -> None:
    one, other = (Counts(f"unix://{tmp_path}/none-{number}.sock") for number in range(2))
    assert [one.add(key, 1, 60), other.add(key, 1, 60), one.add(key, 1, 60), one.add(key, -1, 60)] == [1, 1, 2, 1]
    assert [one.add("brief", 1, 0) for _ in range(3)] == [1, 1, 1]
    assert len(caplog.records) == 2, "said once by each, not at every click"


@contextmanager
def hanging(url: str) -> Iterator[None]:
    with redis.Redis.from_url(url) as client:
        server = client.info("server")["process_id"]
    os.kill(server, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server, signal.SIGCONT)


def test_a_redis_that_hangs_holds_up_one_click_and_no_other(redis_url: str, key: str) -> None:
    counts = Counts(redis_url)
    counts.add(key, 1, 60)
    with hanging(redis_url):
        began = monotonic()
        assert [counts.add(key, 1, 60) for _ in range(100)] == list(range(1, 101))
        assert monotonic() - began < 1


def test_a_redis_that_is_back_is_asked_again(redis_url: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(counts_module, "monotonic", lambda: now)
    counts = Counts(redis_url)
    assert counts.add(key, 1, 60) == 1
    with hanging(redis_url):
        assert counts.add(key, 1, 60) == 1, "by itself"
    now += AWAY - 1
    assert counts.add(key, 1, 60) == 2, "by itself"
    now += 1
    Counts(redis_url).add(key, 10, 60)
    assert counts.add(key, 1, 60) > 10


def test_nobody_can_read_from_a_key_who_it_is_about(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_counts", Counts(redis_url))
    Allowance("told", times=1, seconds=60).take("ada@example.org", "127.0.0.1")
    with redis.Redis.from_url(redis_url) as client:
        keys = [key.decode() for key in client.scan_iter(f"{PREFIX}told:*")]
    assert keys
    assert not any("ada" in key or "127" in key for key in keys)
