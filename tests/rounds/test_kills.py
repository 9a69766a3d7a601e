"""A round over the practice cloud with the portal's real processes, and these killed (-9) in the middle of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest
from django.db.models import Count
from django.utils import timezone

from labportal.classes.models import Act, LabClass, Membership
from labportal.rounds import services
from labportal.rounds.models import Round, RoundEntry, RoundLook
from labportal.runs.models import Attempt
from tests import processes
from tests.classes.school import Role, a_class, member
from tests.runs.practising import carry_out, practising

if TYPE_CHECKING:
    from launcher.child import Child

STUDENTS = 10
VAULT = "create-vault"


@pytest.fixture
def start_follower(portal_env: dict[str, str]) -> Iterator[Callable[[], Child]]:
    started: list[Child] = []

    def begin() -> Child:
        started.append(processes.start_follower(portal_env))
        return started[-1]

    yield begin
    for child in started:
        child.kill()


@pytest.fixture
def lab_class(portal_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> LabClass:
    monkeypatch.setitem(portal_env, "LAB_LEASE_SECONDS", "3")
    monkeypatch.setitem(portal_env, "LAB_ROUND_STUDENTS_AT_ONCE", "2")
    return a_class()


def until(true: Callable[[], object], seconds: float = 60) -> None:
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, list(RoundEntry.objects.values("state", "verdict", "skipped"))
        sleep(0.05)


def through(number: int) -> Callable[[], bool]:
    return lambda: RoundEntry.objects.filter(state="ended").count() >= number


def over(the_round: Round) -> Callable[[], bool]:
    return lambda: Round.objects.get(pk=the_round.pk).state == "ended"


def a_teacher(lab_class: LabClass) -> Membership:
    return member(lab_class, "teacher", Role.INSTRUCTOR)


@pytest.mark.usefixtures("sweeper")
def test_whoever_is_killed_everybody_is_checked_once_and_rightly(
    lab_class: LabClass, start_worker: Callable[[], Child], start_follower: Callable[[], Child]
) -> None:
    worker, follower = start_worker(), start_follower()
    sessions = [practising(f"student-{number}") for number in range(STUDENTS)]
    made = [carry_out(session, VAULT).pk for session in sessions[::2]]
    for session in sessions:
        member(lab_class, session.user)
    until(lambda: Attempt.objects.filter(pk__in=made, verdict="passed").count() == len(made))
    the_round = services.begin_now(a_teacher(lab_class).user, lab_class)[0]

    until(through(2))
    worker.kill()
    follower.kill()
    follower = start_follower()  # without a worker it begins no more than may be under way
    start_worker()
    until(through(6))
    follower.kill()
    start_follower()
    until(over(the_round))

    asked = Attempt.objects.filter(on_behalf=True)
    counted = asked.values("session", "task_id").annotate(times=Count("pk")).values_list("times", flat=True)
    assert list(counted) == [1] * STUDENTS * 5
    assert Act.objects.filter(kind="round", person__isnull=False).count() == STUDENTS
    looks = RoundLook.objects.filter(task_id=VAULT).order_by("entry__member__pk").values_list("verdict", "reason")
    assert list(looks) == [("passed", ""), ("not_yet", "vault_missing")] * (STUDENTS // 2)
    assert set(RoundEntry.objects.values_list("verdict", flat=True)) == {"not_yet"}


@pytest.mark.usefixtures("worker", "sweeper")
def test_a_planned_round_begins_in_time_without_anybody_there(
    lab_class: LabClass, start_follower: Callable[[], Child]
) -> None:
    start_follower()
    member(lab_class, practising("ada").user)
    the_round = services.plan(a_teacher(lab_class).user, lab_class, VAULT, timezone.now() + timedelta(seconds=2))
    until(over(the_round))
    the_round.refresh_from_db()
    assert the_round.begun_at is not None
    assert timedelta() <= the_round.begun_at - the_round.starts_at < timedelta(seconds=2)
    assert RoundLook.objects.get().reason == "vault_missing"


def test_what_was_missed_while_all_was_off_begins_with_the_portal(
    lab_class: LabClass, start_follower: Callable[[], Child]
) -> None:
    the_round = services.plan(a_teacher(lab_class).user, lab_class, "", timezone.now() - timedelta(minutes=5))
    start_follower()
    until(over(the_round))
    the_round.refresh_from_db()
    assert the_round.behind == Round.Behind.OFF
