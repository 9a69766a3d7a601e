"""A class at work while everything around it dies, hangs and comes back: nothing accepted is lost or done twice.

LAB_SOAK_SEED repeats a run's mishaps (not its timing); LAB_SOAK_ROUNDS makes it longer.
"""

from __future__ import annotations

import logging
import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from threading import Event

import httpx
import pytest
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse

from labportal.runs.models import ACTIVE, Attempt, AttemptEvent, TaskResult
from labportal.standings.follower import rebuild
from labportal.standings.models import Followed, Standing
from tests.classes.school import a_class, member
from tests.runs.chaos import World
from tests.runs.live import stream
from tests.runs.practising import LAB, practising
from tests.runs.test_kills import EFFECTS, TASKS

STUDENTS = 12
CALM_SECONDS = 45.0
CLICK_SECONDS = 5.0
FOLLOWS_SECONDS = 10.0
CSRF = "s" * 32
log = logging.getLogger(__name__)


class Student:
    """One of the class: clicks through the lab in a browser of its own, impatiently, and follows its own stream."""

    def __init__(self, number: int, world: World, rng: random.Random) -> None:
        self._rng = rng
        self.session = practising(f"student-{number}")
        self._world = world
        login = Client()
        login.force_login(self.session.user)
        cookies = {name: morsel.value for name, morsel in login.cookies.items()} | {"csrftoken": CSRF}
        headers = {"X-CSRFToken": CSRF, "HX-Request": "true"}
        # The server closes idle connections after five seconds and httpx keeps them as long: a click just then is lost.
        limits = httpx.Limits(keepalive_expiry=2)
        self._web = httpx.Client(
            base_url=world.address, cookies=cookies, headers=headers, trust_env=False, timeout=30, limits=limits
        )
        self.slowest_click = 0.0
        self.heard = Counter[int]()

    def work(self, calm: Event, over: Event) -> None:
        """Carries out every task, and goes on checking until nothing dies any more."""
        try:
            for task_id in TASKS:
                calm.wait(self._rng.uniform(0, 6))
                while not over.is_set() and not self._done(task_id):
                    self._attempt("labs:carry_out", task_id, over)
            while not calm.wait(1):
                self._attempt("labs:check", self._rng.choice(TASKS[:3]), over)
        finally:
            connection.close()

    def listen(self, over: Event) -> None:
        """Counts what is heard, by attempt, until the last one was heard of as well; comes back when all is quiet.

        What is said of the session itself, such as that Azure refused its credential, has no id: the cursor stays.
        """
        last = 0
        try:
            while not (over.is_set() and self._heard_of_the_last()):
                with (
                    suppress(httpx.ReadTimeout),
                    stream(self._world.address, self.session, after=last, timeout=4) as page,
                ):
                    while True:
                        event, event_id, message = page.next()
                        if event != "attempt":
                            log.info("told of the session: %s", message)
                            continue
                        self.heard[message["attempt"]] += 1
                        last = int(event_id)
        finally:
            connection.close()

    def _heard_of_the_last(self) -> bool:
        return self.heard[self.session.attempts.latest("pk").pk] > 0

    def _click(self, address: str, **fields: str) -> None:
        began = time.monotonic()
        self._web.post(address, data=fields).raise_for_status()
        self.slowest_click = max(self.slowest_click, time.monotonic() - began)

    def _attempt(self, action: str, task_id: str, over: Event, **fields: str) -> None:
        self._click(reverse(action, args=[LAB, task_id]), **fields)
        attempt = self.session.attempts.filter(task_id=task_id).latest("pk")
        looked = 0
        while attempt.active and not over.wait(0.3):
            looked += 1
            if attempt.state == "waiting" and looked % 8 == 0:
                self._click(reverse("runs:check_now", args=[attempt.pk]))
            attempt.refresh_from_db()

    def _done(self, task_id: str) -> bool:
        return TaskResult.objects.filter(session=self.session, task_id=task_id, completed_at__isnull=False).exists()

    def versions_of_the_secret(self) -> int:
        cloud, session = self._world.cloud, self.session
        told = cloud.ask("GET", f"/students/{session.connection.subscription_id}")
        who = ClientSecretCredential(told["tenant_id"], told["client_id"], told["client_secret"], **cloud.sdk)
        with SecretClient(session.names.vault_uri, who, **cloud.sdk) as secrets:
            return len(list(secrets.list_properties_of_secret_versions(session.secret_name)))


@pytest.fixture
def rng() -> random.Random:
    seed = os.environ.get("LAB_SOAK_SEED") or str(random.SystemRandom().randrange(10**6))
    log.info("LAB_SOAK_SEED=%s", seed)
    return random.Random(seed)


@pytest.fixture
def world(
    tmp_path: Path, portal_env: dict[str, str], static_files: Path, rng: random.Random, settings: LazySettings
) -> Iterator[World]:
    made = World(tmp_path, portal_env, rng)
    settings.PRACTICE_CONTROL = made.cloud.control
    yield made
    made.close()


def torment(world: World, rng: random.Random) -> None:
    mishaps = [mishap for _ in range(int(os.environ.get("LAB_SOAK_ROUNDS", "1"))) for mishap in world.mishaps()]
    rng.shuffle(mishaps)
    for mishap in mishaps:
        time.sleep(rng.uniform(0.2, 1.2))
        log.info("mishap: %s", mishap.__name__)
        mishap()
    world.calm()


def test_a_class_gets_through_whatever_dies_around_it(world: World, rng: random.Random) -> None:
    students = [Student(number, world, random.Random(rng.random())) for number in range(STUDENTS)]
    lab_class = a_class()
    for student in students:
        member(lab_class, student.session.user)
    calm, over = Event(), Event()
    with ThreadPoolExecutor(2 * STUDENTS) as pool:
        working = [pool.submit(student.work, calm, over) for student in students]
        listening = [pool.submit(student.listen, over) for student in students]
        try:
            torment(world, rng)
            calm.set()
            wait(working, CALM_SECONDS)
        finally:
            calm.set()
            over.set()
    for future in (*working, *listening):
        future.result()

    assert not Attempt.objects.filter(state__in=ACTIVE).exists()
    assert_the_rows_are_true(students)
    assert_nothing_happened_twice(students, world)
    assert_the_class_knows(students)
    for student in students:
        assert set(student.heard) <= set(student.session.attempts.values_list("pk", flat=True))
    slowest = max(student.slowest_click for student in students)
    log.info("slowest click %.2f s", slowest)
    assert slowest < CLICK_SECONDS


def assert_the_rows_are_true(students: list[Student]) -> None:
    sessions = [student.session.pk for student in students]
    attempts = Attempt.objects.filter(session__in=sessions)
    log.info("attempts: %s", Counter(attempts.values_list("task_id", "mode", "state", "verdict", "problem")))
    assert not attempts.filter(verdict="not_yet").exists()
    done = TaskResult.objects.filter(session__in=sessions, completed_at__isnull=False)
    assert Counter(done.values_list("task_id", flat=True)) == Counter(TASKS * STUDENTS)
    assert set(done.values_list("provenance", flat=True)) == {"portal"}
    for attempt in attempts:
        kinds = list(AttemptEvent.objects.filter(attempt=attempt).values_list("kind", flat=True))
        assert (kinds[0], kinds[-1], kinds.count("ended")) == ("queued", "ended", 1), attempt.pk


def assert_the_class_knows(students: list[Student]) -> None:
    """Soon, and just what would be made of all rows now: nothing was passed over while the follower was dead."""
    newest, end = AttemptEvent.objects.latest("pk").pk, time.monotonic() + FOLLOWS_SECONDS
    while Followed.objects.get().event_id < newest or Standing.objects.filter(touched=True).exists():
        assert time.monotonic() < end, (Followed.objects.get(), newest)
        time.sleep(0.1)
    followed = list(Standing.objects.order_by("pk").values())
    assert len(followed) == len(students)
    assert rebuild() == len(students)
    assert list(Standing.objects.order_by("pk").values()) == followed


def assert_nothing_happened_twice(students: list[Student], world: World) -> None:
    received = world.all_received()
    for task_id in TASKS[:3]:
        effect = EFFECTS[task_id]
        done = Counter(
            one["subscription_id"]
            for one in received
            if one["method"] == effect["method"]
            and re.search(effect["path"], one["path"])
            and one["status"] in {200, 201, 202}
        )
        assert max(done.values(), default=0) <= 1, (task_id, done)
    assert {student.versions_of_the_secret() for student in students} == {1}
