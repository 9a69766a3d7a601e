"""The follower as a process of its own: what a student does reaches the boards in time, whoever is killed meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from redis.client import PubSub

from labportal.classes.models import LabClass
from labportal.nudges import class_channel
from labportal.standings.models import Standing
from launcher.child import Child
from steps.kit.verdict import Verdict
from tests import processes
from tests.classes.school import a_class, student
from tests.portal import walks

PROMISED = 2.0
"""Seconds from the fact to the board."""


@pytest.fixture
def follower(portal_env: dict[str, str]) -> Iterator[Child]:
    child = processes.start_follower(portal_env)
    yield child
    child.kill()


@pytest.fixture
def board(redis_url: str, portal_env: dict[str, str]) -> Iterator[tuple[LabClass, PubSub]]:
    """A class, and what its boards hear."""
    lab_class = a_class()
    with redis.Redis.from_url(redis_url) as client, client.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(class_channel(lab_class.pk))
        yield lab_class, heard


def next_message(heard: PubSub, within: float) -> dict[str, Any]:
    end = time.monotonic() + within
    while (left := end - time.monotonic()) > 0:
        message = heard.get_message(timeout=left)
        if message is not None:
            told: dict[str, Any] = json.loads(message["data"])
            return told
    raise AssertionError("nothing was heard in time")


def test_what_a_student_does_is_heard_in_time(follower: Child, board: tuple[LabClass, PubSub]) -> None:
    lab_class, heard = board
    one, session = student(lab_class, "ada")
    next_message(heard, PROMISED)  # that there is somebody
    walks.attempt(session, verdict=Verdict.NOT_YET)
    assert next_message(heard, PROMISED) == {"members": [one.pk]}
    assert Standing.objects.get().tasks.get(task_id=walks.TASK.id).tries == 1


def test_what_was_done_while_it_was_dead_is_made_up_for(
    portal_env: dict[str, str], follower: Child, board: tuple[LabClass, PubSub]
) -> None:
    lab_class, heard = board
    _, session = student(lab_class, "ada")
    next_message(heard, PROMISED)
    follower.kill()
    walks.attempt(session, walks.LAB.tasks[0], verdict=Verdict.NOT_YET)
    assert Standing.objects.get().tries == 0
    again = processes.start_follower(portal_env)
    try:
        next_message(heard, PROMISED)
        assert Standing.objects.get().tries == 1
    finally:
        again.stop()


def test_it_ends_when_it_is_told_to(follower: Child) -> None:
    follower.stop()
    assert follower.exit_code == 0
    assert "follower stopped" in follower.service.log.read_text()
