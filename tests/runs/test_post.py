"""Nobody waits for Redis."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
import redis
from celery import Celery

from labportal import jobs, nudges, post
from labportal.post import Post


def test_letters_go_in_their_order_and_a_broken_one_stops_nobody() -> None:
    box, sent = Post(), list[int]()
    box.send(lambda: sent.append(1))
    box.send(lambda: 1 / 0)
    box.send(lambda: sent.append(2))
    assert box.until_sent(5)
    assert sent == [1, 2]


@pytest.mark.thorough
def test_what_does_not_fit_is_dropped_and_nobody_waits() -> None:
    box, begun, go_on, sent = Post(waiting_at_most=2), Event(), Event(), list[int]()

    def hang() -> None:
        begun.set()
        go_on.wait(10)

    box.send(hang)
    assert begun.wait(5)
    for number in range(5):
        box.send(lambda number=number: sent.append(number))  # type: ignore[misc]
    assert not box.until_sent(0.01)
    go_on.set()
    while not box.until_sent(1):
        pass
    assert sent == [0, 1]


def test_a_redis_that_hangs_costs_a_click_nothing(redis_url: str) -> None:
    jobs.enqueue(jobs.RUN_ATTEMPT, 0)
    assert post.until_sent(10)
    with redis.Redis.from_url(redis_url) as client:
        server = client.info("server")["process_id"]
    os.kill(server, signal.SIGSTOP)
    try:
        began = monotonic()
        for _ in range(10):
            nudges.publish(1, {})
            jobs.enqueue(jobs.RUN_ATTEMPT, 0)
        assert monotonic() - began < 0.1
    finally:
        os.kill(server, signal.SIGCONT)
    assert post.until_sent(20)


def test_a_redis_that_refuses_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    monkeypatch.setattr(jobs, "current_app", Celery("elsewhere", broker=f"redis+socket://{tmp_path}/none.sock"))
    assert jobs.enqueue_now(jobs.RUN_ATTEMPT, 0) is False
    assert jobs.queue_length() == 0
    full = redis_url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    monkeypatch.setattr(jobs, "current_app", Celery("full", broker=full))
    with redis.Redis.from_url(redis_url) as client:
        client.config_set("maxmemory", "1")
        try:
            assert jobs.enqueue_now(jobs.RUN_ATTEMPT, 0) is False
        finally:
            client.config_set("maxmemory", "0")
