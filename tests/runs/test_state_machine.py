"""Clicks, workers, deaths, sleeps and sweeps in every order: what must hold of attempts holds after each of them.

Time does not pass: it is moved, in the database and for the workers that live. A worker's sitting is the real
engine's; what befalls it comes from inside the step it is at, before and after the effect on a cloud of one thing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db.models import F, Max
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from labportal.labs.models import LabSession
from labportal.runs import claims, cut_short, engine, services
from labportal.runs.models import ACTIVE, Attempt, AttemptEvent, AttemptEvidence, TaskResult
from labportal.runs.sweeper import sweep
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode
from steps.kit.task import ActionDone, ActionIntent, ActionPending, Context
from steps.kit.verdict import Finding, Verdict
from tests.runs.scripted import SOURCE, ScriptedTask, Wire

pytestmark = pytest.mark.thorough


class Killed(BaseException):
    """The worker is gone between two statements."""


@dataclass
class Plan:
    """What befalls a sitting, at which point; then what became of it."""

    point: str
    mishap: str
    outcome: str
    made: bool = False
    heirs_story: tuple[Any, ...] | None = None


POINTS = ("look", "before the effect", "after the effect", "check")
MISHAPS = ("nothing", "cancel", "start", "check now", "overtaken", "overtaken by one that dies", "killed")
OUTCOMES = ("passed", "not_yet", "could_not_tell", "pending", "trouble", "fault")
PLANS = st.builds(Plan, st.sampled_from(POINTS), st.sampled_from(MISHAPS), st.sampled_from(OUTCOMES))


class Cloud:
    """One thing that may be made. Stands for Azure behind the leash: making it again is counted."""

    def __init__(self) -> None:
        self.made = Counter[int]()

    def set_secret(self, attempt_id: int) -> None:
        self.made[attempt_id] += 1


class Attempts(RuleBasedStateMachine):
    """Bound to fixtures by the test below."""

    session: LabSession
    task: ScriptedTask
    wire: Wire
    cloud: Cloud
    living: list[claims.Claim]

    def __init__(self) -> None:
        super().__init__()
        Attempt.objects.all().delete()
        TaskResult.objects.all().delete()
        self.wire.enqueued.clear()
        self.living.clear()
        self.cloud.made.clear()
        self.ended: dict[int, tuple[Any, ...]] = {}
        self.fences: dict[int, int] = {}
        self.completed: tuple[Any, ...] | None = None

    # -- what people and time do

    @rule(what=st.sampled_from(["start", "carry out", "cancel", "check now", "sweep", "redis forgets", "time passes"]))
    def something_happens(self, what: str) -> None:
        match what:
            case "start" | "carry out":
                self.start(Mode.VALIDATE if what == "start" else Mode.CARRY_OUT)
            case "cancel" if self.fences:
                self.cancel()
            case "check now" if self.fences:
                self.check_now()
            case "sweep":
                sweep()
            case "redis forgets":
                self.wire.enqueued.clear()
            case "time passes":
                self.time_passes(6.0)

    def start(self, mode: Mode) -> None:
        before = Attempt.objects.filter(state__in=ACTIVE).first()
        started = services.start(self.session, "task", mode, {})
        assert started.joined == (before is not None)
        assert before is None or started.attempt.pk == before.pk

    def cancel(self) -> None:
        services.cancel(Attempt.objects.latest("pk"))

    def check_now(self) -> None:
        services.check_now(Attempt.objects.latest("pk"))

    def time_passes(self, seconds: float) -> None:
        ago = timedelta(seconds=seconds)
        Attempt.objects.update(
            due_at=F("due_at") - ago, lease_until=F("lease_until") - ago, enqueued_at=F("enqueued_at") - ago
        )
        for claim in self.living:
            claim.renewed_at -= seconds
            claim.taken_at -= seconds

    # -- what workers do

    @rule(later=st.booleans(), plan=PLANS)
    def a_worker_takes_the_next(self, later: bool, plan: Plan) -> None:
        """A new one, or whatever waits or was left behind."""
        if later:
            self.time_passes(100.0)
            sweep()
        if not self.wire.enqueued:
            self.start(Mode.CARRY_OUT)
        if self.wire.enqueued:
            self.sitting(self.wire.enqueued.pop(0)[1], replace(plan))

    def sitting(self, pk: int, plan: Plan) -> None:
        """Raises nothing: a worker that is killed is just gone."""
        before = Attempt.objects.get(pk=pk)
        living, steps, finding = len(self.living), self.task.steps, self.task.finding
        self.task.steps = [lambda ctx, token: self.step(pk, plan, before, ctx, token)]
        self.task.finding = lambda _ctx: self.finding(plan)
        try:
            engine.run(pk)
        except Killed:
            pass
        finally:
            del self.living[living:]
            self.task.steps, self.task.finding = steps, finding
        if plan.heirs_story is not None:
            assert self.story(pk) == plan.heirs_story, "a worker that lost its claim has written"
        elif plan.made:
            assert TaskResult.objects.get().portal_changed, "what was done was forgotten"

    def step(
        self, pk: int, plan: Plan, before: Attempt, ctx: Context, token: str | None
    ) -> ActionDone | ActionIntent | ActionPending:
        there = self.cloud.made[pk] > 0
        self.befall(plan, "look" if token is None else "before the effect")
        if there:
            return ActionDone("there", did=token is not None, sources=(SOURCE,))
        if token is None:
            return ActionIntent("intent")
        if plan.outcome == "trouble":
            raise AzureProblem(ProblemKind.TIMED_OUT, code="", message="no answer", source=SOURCE)
        assert not before.cancel_requested, "begun although it was cancelled before the sitting"
        ctx.azure.set_secret(pk)  # type: ignore[arg-type, call-arg]
        self.befall(plan, "after the effect")
        if plan.outcome == "pending":
            return ActionPending("operation", 2.0, "Azure is at it")
        plan.made = True
        return ActionDone("made", did=True, sources=(SOURCE,))

    def finding(self, plan: Plan) -> Finding:
        self.befall(plan, "check")
        if plan.outcome == "fault":
            raise ZeroDivisionError("a bug of the portal's")
        verdict = Verdict(plan.outcome) if plan.outcome in set(Verdict) else Verdict.COULD_NOT_TELL
        return Finding(verdict, "reason", "a", "b", "", (SOURCE,))

    def befall(self, plan: Plan, point: str) -> None:
        if plan.point != point:
            return
        plan.point = ""  # once
        match plan.mishap:
            case "cancel":
                self.cancel()
            case "start":
                self.start(Mode.VALIDATE)
            case "check now":
                self.check_now()
            case "killed":
                raise Killed
            case "overtaken" | "overtaken by one that dies":
                pk = Attempt.objects.latest("pk").pk
                self.time_passes(100.0)
                dies = plan.mishap.endswith("dies")
                self.sitting(pk, Plan("check", "killed", "passed") if dies else Plan("", "nothing", "passed"))
                plan.heirs_story = self.story(pk)

    def story(self, pk: int) -> tuple[Any, ...]:
        attempt = Attempt.objects.get(pk=pk)
        return attempt.state, attempt.fence, attempt.progress, attempt.events.count(), attempt.lease_until

    # -- what holds

    @invariant()
    def all_holds(self) -> None:
        self.one_is_active_at_most()
        self.what_has_ended_stays_as_it_is()
        self.fences_only_rise()
        self.what_is_active_will_be_found()
        self.the_events_tell_one_story()
        self.nothing_is_done_twice()
        self.what_the_portal_did_is_the_portals()
        self.completion_is_kept()

    def one_is_active_at_most(self) -> None:
        assert Attempt.objects.filter(state__in=ACTIVE).count() <= 1

    def what_has_ended_stays_as_it_is(self) -> None:
        for attempt in Attempt.objects.exclude(state__in=ACTIVE):
            now = (attempt.state, attempt.verdict, attempt.fence, attempt.finished_at, attempt.events.count())
            assert self.ended.setdefault(attempt.pk, now) == now
            assert (attempt.due_at, attempt.lease_until) == (None, None)
            assert attempt.finished_at is not None
            assert bool(attempt.verdict) == (attempt.state != "cancelled")

    def fences_only_rise(self) -> None:
        for pk, fence in Attempt.objects.values_list("pk", "fence"):
            assert fence >= self.fences.get(pk, 0)
            self.fences[pk] = fence

    def what_is_active_will_be_found(self) -> None:
        for attempt in Attempt.objects.filter(state__in=ACTIVE):
            assert attempt.due_at is not None
            assert (attempt.lease_until is not None) == (attempt.state == "running")
            assert not (attempt.cancel_requested and attempt.state != "running")

    def the_events_tell_one_story(self) -> None:
        for attempt in Attempt.objects.prefetch_related("events"):
            kinds = [event.kind for event in attempt.events.all()]
            assert kinds[0] == "queued"
            assert kinds.count("queued") == 1
            assert kinds.count("ended") == (0 if attempt.active else 1)
            assert attempt.active or kinds[-1] == "ended"
            if attempt.verdict == "passed":
                assert "checked" in kinds

    def nothing_is_done_twice(self) -> None:
        assert all(times <= 1 for times in self.cloud.made.values())

    def what_the_portal_did_is_the_portals(self) -> None:
        did = any(event.detail["did"] for event in AttemptEvent.objects.filter(kind="done"))
        assert not did or TaskResult.objects.get().portal_changed

    def completion_is_kept(self) -> None:
        result = TaskResult.objects.filter(completed_at__isnull=False).first()
        now = (result.completed_at, result.completed_by_id, result.provenance) if result else None
        assert self.completed is None or now == self.completed
        self.completed = now
        if Attempt.objects.filter(state="finished", verdict="passed").exists():
            assert result is not None
            assert result.completed_by is not None
            assert result.completed_by.verdict == "passed"

    def teardown(self) -> None:
        """Left to the sweeper and a worker, without Redis' help, everything comes to an end."""
        for _ in range(4 * cut_short.MAX_CLAIMS):
            if not Attempt.objects.filter(state__in=ACTIVE).exists():
                break
            self.time_passes(4000.0)
            self.wire.enqueued.clear()
            assert sweep() == 1
            self.sitting(self.wire.enqueued[0][1], Plan("", "nothing", "passed"))
        assert not Attempt.objects.filter(state__in=ACTIVE).exists()
        self.all_holds()
        evidence = AttemptEvidence.objects.values("attempt", "check_id").annotate(newest=Max("pk"))
        assert evidence.count() == AttemptEvidence.objects.count()


@pytest.fixture
def machine(session: LabSession, task: ScriptedTask, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> type[Attempts]:
    cloud, living = Cloud(), list[claims.Claim]()

    def take(*attempt_ids: int) -> list[claims.Claim]:
        taken = claims.take(*attempt_ids)
        living.extend(taken)
        return taken

    monkeypatch.setattr(engine, "take", take)
    monkeypatch.setattr(engine, "azure_of", lambda *_args, **_kwargs: cloud)
    names = {"session": session, "task": task, "wire": wire, "cloud": cloud, "living": living}
    return type("BoundAttempts", (Attempts,), names)


@pytest.mark.parametrize("point", POINTS)
def test_every_mishap_at_every_point(machine: type[Attempts], point: str) -> None:
    for mishap, outcome in product(MISHAPS, OUTCOMES):
        one = machine()
        one.start(Mode.CARRY_OUT)
        one.sitting(one.wire.enqueued.pop()[1], Plan(point, mishap, outcome))
        one.all_holds()
        one.teardown()


def test_whatever_happens_in_whatever_order(machine: type[Attempts]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
