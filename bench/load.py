"""Many students at once, each with a page open: a signed-in session, an event stream, real clicks over HTTP.

The load comes from this process and shares the machine with everything it measures.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import httpx
from django.db import connection
from django.test import Client
from django.urls import reverse

from bench.figures import Figure, percentile
from bench.stack import Stack
from bench.validation import LAB, finished_student
from labportal.accounts.models import User
from labportal.connections import services as connections
from labportal.labs.models import LabSession
from labportal.labs.services import open_session
from labportal.runs.models import Attempt
from labportal.runs.stream import token_for

TASK = "create-vault"
STEADY = 100
STEADY_SECONDS = 20
CROWD = 300
HOLD = 0.15
"""Seconds that a page waits before it looks at what is not the end of an attempt, as in ``static/js/live.js``."""
UNDER_WAY = {"queued", "running"}
ENDED = {"finished", "cancelled", "lost"}


@dataclass
class Student:
    """One page: what it clicked and when it heard of it."""

    session: LabSession
    expected: str
    cookies: dict[str, str]
    clicked: float = 0.0
    shown: list[float] = field(default_factory=list)
    first_event: list[float] = field(default_factory=list)
    first_work: list[float] = field(default_factory=list)
    clicking: bool = False
    later: asyncio.Task[None] | None = None
    looking: bool = False
    look_again: bool = False
    verdicts: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    waiting_for: set[str] = field(default_factory=set)

    def hear(self, message: dict[str, Any]) -> None:
        now, state = perf_counter(), message.get("state")
        if "first" in self.waiting_for:
            self.waiting_for.discard("first")
            self.first_event.append((now - self.clicked) * 1000)
        if "work" in self.waiting_for and state != "queued":
            self.waiting_for.discard("work")
            self.first_work.append((now - self.clicked) * 1000)
        if "end" in self.waiting_for and state in ENDED:
            self.waiting_for.discard("end")
            self.verdicts += 1
            self.heard.set()


def figures(stack: Stack) -> list[Figure]:
    students = make_students(CROWD)
    return asyncio.run(_all(stack, students))


async def _all(stack: Stack, students: Sequence[Student]) -> list[Figure]:
    return await _steady(stack, students[:STEADY]) + await _crowd(stack, students)


def make_students(count: int, name: str = "load") -> list[Student]:
    """Every second one has the vault; the rest have touched nothing. All are signed in."""
    with ThreadPoolExecutor(16) as pool:
        return list(
            pool.map(lambda number: _make_student(f"{name}-{number}", with_vault=bool(number % 2)), range(count))
        )


def _make_student(name: str, *, with_vault: bool) -> Student:
    if with_vault:
        session, expected = finished_student(name, tasks=(TASK,)), "passed"
    else:
        session, expected = open_session(User.objects.create_user(name), LAB), "not_yet"
        connections.prepare(session.connection_id)
    client = Client()
    client.force_login(session.user)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    connection.close()
    return Student(session, expected, cookies | {"csrftoken": "a" * 32})


@asynccontextmanager
async def pages(stack: Stack, students: Sequence[Student]) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=3)
    async with httpx.AsyncClient(base_url=stack.web, limits=limits, timeout=120, trust_env=False) as client:
        opened = [asyncio.Event() for _ in students]
        async with asyncio.TaskGroup() as group:
            listening = [
                group.create_task(_listen(client, student, event, group))
                for student, event in zip(students, opened, strict=True)
            ]
            await asyncio.gather(*(event.wait() for event in opened))
            yield client
            for task in listening:
                task.cancel()


async def _listen(client: httpx.AsyncClient, student: Student, opened: asyncio.Event, looks: asyncio.TaskGroup) -> None:
    newest = await _newest_event(student)
    params: dict[str, str | int] = {"token": token_for(student.session.user, student.session), "after": newest + 1}
    async with client.stream("GET", f"/events/sessions/{student.session.pk}/", params=params) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            opened.set()
            if line.startswith("data: "):
                message = json.loads(line[6:])
                student.hear(message)
                _look_in_time(client, student, message["state"], looks)


def _look_in_time(client: httpx.AsyncClient, student: Student, state: str, looks: asyncio.TaskGroup) -> None:
    """As the page does: at the end of an attempt at once, before it a moment later, once for what came meanwhile."""
    if student.clicking and state == "queued":  # the answer to the click shows that
        return
    if state in UNDER_WAY and student.later is None:
        student.later = looks.create_task(_look_later(client, student))
    elif state not in UNDER_WAY:
        if student.later is not None:
            student.later.cancel()
            student.later = None
        looks.create_task(_look(client, student))


async def _look_later(client: httpx.AsyncClient, student: Student) -> None:
    await asyncio.sleep(HOLD)
    student.later = None
    await _look(client, student)


async def _look(client: httpx.AsyncClient, student: Student) -> None:
    """Fetches the panel, and once more if it was asked for meanwhile."""
    student.look_again = True
    if student.looking:
        return
    student.looking = True
    while student.look_again:
        student.look_again = False
        address = reverse("labs:panel", args=[LAB, TASK])
        (await client.get(address, cookies=student.cookies, headers={"HX-Request": "true"})).raise_for_status()
    student.looking = False


async def _newest_event(student: Student) -> int:
    newest = (
        await Attempt.objects.filter(session=student.session).order_by("-events__pk").values_list("events__pk").afirst()
    )
    return 0 if newest is None or newest[0] is None else newest[0]


async def click(client: httpx.AsyncClient, student: Student) -> None:
    address = reverse("labs:check", args=[LAB, TASK])
    student.heard.clear()
    student.waiting_for = {"first", "work", "end"}
    student.clicking, student.clicked = True, perf_counter()
    headers = {"X-CSRFToken": "a" * 32, "HX-Request": "true"}
    answer = await client.post(address, cookies=student.cookies, headers=headers)
    answer.raise_for_status()
    student.clicking = False
    student.shown.append((perf_counter() - student.clicked) * 1000)
    await student.heard.wait()


async def _steady(stack: Stack, students: Sequence[Student]) -> list[Figure]:
    """Each clicks, waits for the verdict, thinks for two to six seconds, and clicks again."""
    chance = random.Random(1)
    async with pages(stack, students) as client:
        end = perf_counter() + STEADY_SECONDS

        async def work(student: Student) -> None:
            await asyncio.sleep(chance.uniform(0, 6))
            while perf_counter() < end:
                await click(client, student)
                await asyncio.sleep(chance.uniform(2, 6))

        await asyncio.gather(*(work(student) for student in students))
    shown = [value for student in students for value in student.shown]
    firsts = [value for student in students for value in student.first_event]
    works = [value for student in students for value in student.first_work]
    return [
        Figure(f"{STEADY} students checking: click to first event in the stream, p50", percentile(firsts, 0.5), "ms"),
        Figure(f"{STEADY} students checking: click to first event in the stream, p95", percentile(firsts, 0.95), "ms"),
        Figure(
            f"{STEADY} students checking: click to first event on the page, p95",
            percentile(shown, 0.95),
            "ms",
            150,
            "the promise; on the page means the panel that shows it has arrived",
        ),
        Figure(f"{STEADY} students checking: click to the worker's first event, p95", percentile(works, 0.95), "ms"),
        Figure(f"{STEADY} students checking: checks a second", len(firsts) / STEADY_SECONDS, "checks/s"),
    ]


async def _crowd(stack: Stack, students: Sequence[Student]) -> list[Figure]:
    """All of them click within one second."""
    chance = random.Random(2)
    for student in students:
        student.shown.clear()
    async with pages(stack, students) as client:
        began = perf_counter()

        async def work(student: Student) -> None:
            await asyncio.sleep(chance.uniform(0, 1))
            await click(client, student)

        await asyncio.gather(*(work(student) for student in students))
        took = perf_counter() - began
    right = 0
    for student in students:
        newest = await Attempt.objects.filter(session=student.session, task_id=TASK).order_by("-pk").afirst()
        right += newest is not None and newest.verdict == student.expected
    shown = [value for student in students for value in student.shown]
    return [
        Figure(f"{CROWD} students within one second: right verdicts", right, "of 300", CROWD, "all", at_most=False),
        Figure(f"{CROWD} students within one second: time to the last verdict", took, "s"),
        Figure(f"{CROWD} students within one second: checks a second", len(students) / took, "checks/s"),
        Figure(
            f"{CROWD} students within one second: click to first event on the page, p95", percentile(shown, 0.95), "ms"
        ),
        Figure("worker memory afterwards", stack.worker_memory(), "MB"),
    ]
