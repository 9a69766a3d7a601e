"""A class of 300 is checked with one button, while other students go on checking by themselves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from time import perf_counter

import httpx
from asgiref.sync import sync_to_async

from bench.figures import Figure, percentile
from bench.load import CROWD, TASK, Student, click, make_students, pages
from bench.stack import Stack
from labportal.accounts.models import User
from labportal.classes.models import LabClass, Membership
from labportal.rounds import services
from labportal.rounds.models import OPEN, Round, RoundEntry, RoundLook
from labportal.standings.services import standing_of
from steps.registry import LABS

LAB = next(iter(LABS.values()))
BESIDE = 20
"""Students who are in no round: each clicks, waits for the verdict, thinks for two to six seconds, and clicks again."""
BOUND = 150
PATIENCE = 900


def figures(stack: Stack) -> list[Figure]:
    """Every second student has the vault, and the others have not; the round tells them apart."""
    students = make_students(CROWD + BESIDE, "round")
    lab_class, teacher = _class_of(students[:CROWD])
    return asyncio.run(_checked(stack, lab_class, teacher, students))


def _class_of(students: Sequence[Student]) -> tuple[LabClass, User]:
    lab_class, teacher = LabClass.objects.create(lab_id=LAB.id, name="Everyone"), User.objects.create_user("checker")
    Membership.objects.create(lab_class=lab_class, user=teacher, role=Membership.Role.INSTRUCTOR, name="Checker")
    for student in students:
        user = student.session.user
        standing = standing_of(user, LAB.id)
        Membership.objects.create(lab_class=lab_class, user=user, name=user.username, standing=standing)
    return lab_class, teacher


async def _checked(stack: Stack, lab_class: LabClass, teacher: User, students: Sequence[Student]) -> list[Figure]:
    checked, beside = students[:CROWD], students[CROWD:]
    async with pages(stack, beside) as client:
        alone = await _clicks(client, beside, asyncio.create_task(asyncio.sleep(20)))
        began = perf_counter()
        the_round, _ = await sync_to_async(services.begin_now)(teacher, lab_class)
        over = asyncio.create_task(_until_over(the_round))
        meanwhile = await _clicks(client, beside, over)
        took = perf_counter() - began
    right, through = await sync_to_async(_right)(the_round, checked)
    at_a_time = "a round of 300 students, all tasks"
    return [
        Figure(f"{at_a_time}: time to the last verdict", took, "s"),
        Figure(f"{at_a_time}: students a second", CROWD / took, "students/s"),
        Figure(f"{at_a_time}: through with a verdict", through, "of 300", CROWD, "all", at_most=False),
        Figure(f"{at_a_time}: right verdicts at {TASK}", right, "of 300", CROWD, "all", at_most=False),
        Figure("20 students checking beside no round: click to first event on the page, p95", _p95(alone), "ms"),
        Figure(
            "20 students checking beside it: click to first event on the page, p95",
            _p95(meanwhile),
            "ms",
            BOUND,
            "the promise to whoever clicks, round or not",
        ),
        Figure("20 students checking beside it: clicks", len(meanwhile), "clicks"),
    ]


def _p95(values: Sequence[float]) -> float:
    return percentile(values, 0.95)


async def _clicks(client: httpx.AsyncClient, students: Sequence[Student], over: asyncio.Task[None]) -> list[float]:
    """Milliseconds from each click to its first event on the page, until ``over`` is."""
    chance = random.Random(3)
    for student in students:
        student.shown.clear()

    async def work(student: Student) -> None:
        await asyncio.sleep(chance.uniform(0, 4))
        while not over.done():
            await click(client, student)
            await asyncio.sleep(chance.uniform(2, 6))

    await asyncio.gather(over, *(work(student) for student in students))
    return [value for student in students for value in student.shown]


async def _until_over(the_round: Round) -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while await Round.objects.filter(pk=the_round.pk, state__in=OPEN).aexists():
            await asyncio.sleep(0.1)


def _right(the_round: Round, students: Sequence[Student]) -> tuple[int, int]:
    """How many verdicts are as expected, and how many students are through with one."""
    looks = RoundLook.objects.filter(entry__round=the_round, task_id=TASK)
    told = dict(looks.values_list("entry__member__user", "verdict"))
    through = RoundEntry.objects.filter(round=the_round, state=RoundEntry.State.ENDED).exclude(verdict="").count()
    return sum(told.get(student.session.user_id) == student.expected for student in students), through
