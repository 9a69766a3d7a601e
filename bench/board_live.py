"""200 boards of one class open while 300 students check: from the fact to the board.

A fact is a row of the timeline; it is on a board when the student's row has arrived there, drawn. The boards are
streams as the pages open them, each with the fifty rows of its page.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter, time

import httpx
from django.urls import reverse

from bench.figures import Figure, percentile
from bench.load import TASK, Student
from bench.stack import Stack
from bench.validation import LAB
from labportal.accounts.models import User
from labportal.board.looking import Kind
from labportal.board.stream import MOST_PAGES, address_of, moment_now
from labportal.classes.models import LabClass, Membership
from labportal.runs.models import Attempt
from labportal.standings.services import standing_of

BOARDS = 200
ROWS = 50
SECONDS = 30
BOUND = 2_000
_MEMBER = re.compile(r'data: <tr id="m(\d+)"')


@dataclass
class Board:
    """One open page. ``arrived``: when each row came, by member, in seconds since the epoch."""

    address: str
    rows: frozenset[int]
    arrived: dict[int, list[float]] = field(default_factory=dict)
    looks: int = 0
    bytes: int = 0


def figures(stack: Stack, students: Sequence[Student]) -> list[Figure]:
    lab_class, members = _make_class(students)
    boards = _boards(lab_class, sorted(members.values()))
    return asyncio.run(_measure(stack, students, members, boards))


def _make_class(students: Sequence[Student]) -> tuple[LabClass, dict[int, int]]:
    """The class, and by session the student's membership."""
    lab_class = LabClass.objects.create(lab_id=LAB, name="Everybody at once")
    members: dict[int, int] = {}
    for student in students:
        user = student.session.user
        one = Membership(lab_class=lab_class, user=user, name=user.username, standing=standing_of(user, LAB))
        one.save()
        members[student.session.pk] = one.pk
    return lab_class, members


def _boards(lab_class: LabClass, keys: Sequence[int]) -> list[Board]:
    """Of so many instructors that none has more pages open than one may have."""
    chance, boards = random.Random(3), list[Board]()
    for number in range(BOARDS):
        if number % MOST_PAGES == 0:
            teacher = User.objects.create_user(f"board-{number}")
            role = Membership.Role.INSTRUCTOR
            Membership.objects.create(lab_class=lab_class, user=teacher, role=role, name="Teacher")
        rows = tuple(chance.sample(keys, ROWS))
        boards.append(Board(address_of(teacher, lab_class, Kind.BOARD, moment_now(), rows), frozenset(rows)))
    return boards


async def _measure(
    stack: Stack, students: Sequence[Student], members: dict[int, int], boards: Sequence[Board]
) -> list[Figure]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=3)
    async with httpx.AsyncClient(base_url=stack.web, limits=limits, timeout=120, trust_env=False) as client:
        opened = [asyncio.Event() for _ in boards]
        listening = [
            asyncio.create_task(_listen(client, board, event)) for board, event in zip(boards, opened, strict=True)
        ]
        await asyncio.gather(*(event.wait() for event in opened))
        await asyncio.sleep(2)
        clicks = await _check(client, students)
        await asyncio.sleep(4)
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    lags, never = await _lags(members, boards)
    return [
        Figure(f"{BOARDS} boards, {len(students)} students checking: fact to board, p50", percentile(lags, 0.5), "ms"),
        Figure(
            f"{BOARDS} boards, {len(students)} students checking: fact to board, p95",
            percentile(lags, 0.95),
            "ms",
            BOUND,
            "from the end of an attempt to its row on a board that shows it",
        ),
        Figure("facts that reached a board", len(lags), "rows"),
        Figure("facts that did not", never, "rows", 0, "none is lost"),
        Figure("boards that were told to fetch the page again", sum(board.looks for board in boards), "times"),
        Figure("checks a second meanwhile", clicks / SECONDS, "checks/s"),
        Figure("a board receives", sum(board.bytes for board in boards) / BOARDS / SECONDS / 1000, "kB/s"),
    ]


async def _listen(client: httpx.AsyncClient, board: Board, opened: asyncio.Event) -> None:
    async with client.stream("GET", board.address) as response:
        response.raise_for_status()
        opened.set()
        async for line in response.aiter_lines():
            board.bytes += len(line)
            if row := _MEMBER.match(line):
                board.arrived.setdefault(int(row[1]), []).append(time())
            elif line == "event: look":
                board.looks += 1


async def _check(client: httpx.AsyncClient, students: Sequence[Student]) -> int:
    """Each clicks, thinks for ten to twenty seconds, and clicks again; how many clicks there were."""
    chance, end = random.Random(5), perf_counter() + SECONDS
    address, headers = reverse("labs:check", args=[LAB, TASK]), {"X-CSRFToken": "a" * 32, "HX-Request": "true"}

    async def work(student: Student) -> int:
        clicks = 0
        await asyncio.sleep(chance.uniform(0, 15))
        while perf_counter() < end:
            answer = await client.post(address, cookies=student.cookies, headers=headers)
            answer.raise_for_status()
            clicks += 1
            await asyncio.sleep(chance.uniform(10, 20))
        return clicks

    return sum(await asyncio.gather(*(work(student) for student in students)))


async def _lags(members: dict[int, int], boards: Sequence[Board]) -> tuple[list[float], int]:
    """Milliseconds from the end of each attempt to its row on each board that shows it; and how many never came."""
    ended = Attempt.objects.filter(session__in=members, task_id=TASK, finished_at__isnull=False)
    lags, never = list[float](), 0
    first = min((at for board in boards for times in board.arrived.values() for at in times), default=0.0)
    async for session_id, finished_at in ended.values_list("session_id", "finished_at"):
        if finished_at is None or finished_at.timestamp() < first:
            continue  # from before the boards were open
        for board in boards:
            if (key := members[session_id]) in board.rows:
                after = [at for at in board.arrived.get(key, ()) if at >= finished_at.timestamp()]
                lags += [(min(after) - finished_at.timestamp()) * 1000] if after else []
                never += not after
    return lags, never
