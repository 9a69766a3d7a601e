"""Moves an attempt forward: the next action, or the looks and the checks.

The runner owns no storage. What it must remember between two sittings of the same
attempt is ``Progress``, which the engine stores; what it tells goes to ``Recorder``.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace

from steps.kit import doubt, kept_from_it, problems
from steps.kit.answers import Answers
from steps.kit.azure import AzureProblem
from steps.kit.course import Course, Mode
from steps.kit.patience import LONGEST_WAIT, RECHECK_WAITS, SIGN_IN_WAIT, for_sign_in, patience
from steps.kit.progress import Finished, Outcome, Progress, Recorder, Wait
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context
from steps.kit.verdict import Evidence, Finding, Verdict, worst

CHECKS = "checks"
"""The step id under which waiting to look again is told."""


def advance(course: Course, ctx: Context, progress: Progress, recorder: Recorder, pool: Executor) -> Outcome:
    """Go on from ``progress`` until there is something to wait for, or nothing more to do.

    Checks are looked at again only while *could not tell* is the verdict as a whole: what the
    student can mend is told at once.

    Raises ``Stopped`` when the recorder does, and whatever a faulty action or judge raises.
    """
    sitting = _Sitting(course, ctx, recorder, pool)
    if progress.ending:
        return sitting.put_back(progress)
    while progress.step < len(course.steps):
        moved = sitting.take_step(progress)
        if isinstance(moved, Wait):
            return moved
        progress = moved
    return sitting.check(progress)


def ending(course: Course, progress: Progress, why: str) -> Progress | None:
    """Where an attempt that ends before its time goes on from, to put back what must not stay away; None if it may end
    at once: nothing has been begun yet, or all of that is behind it."""
    if progress.ending:
        return progress
    if progress == Progress():
        return None
    at = next((one for one in range(progress.step, len(course.steps)) if course.steps[one].even_if_cancelled), None)
    if at is None:
        return None
    if at == progress.step:
        return replace(progress, gave_up="", ending=why)
    return replace(progress, step=at, token=None, troubles=0, gave_up="", ending=why)


@dataclass(frozen=True, slots=True)
class _Sitting:
    course: Course
    ctx: Context
    recorder: Recorder
    pool: Executor

    @property
    def first_probe(self) -> int:
        return len(self.course.actions)

    def put_back(self, progress: Progress) -> Outcome:
        """What an attempt still does that ends before its time. Nothing is looked at afterwards."""
        while progress.step < len(self.course.steps):
            if not self.course.steps[progress.step].even_if_cancelled:
                progress = replace(progress, step=progress.step + 1)
                continue
            moved = self.take_step(progress)
            if isinstance(moved, Wait):
                return moved
            progress = moved
        return Finished(Verdict.COULD_NOT_TELL, progress)

    def take_step(self, progress: Progress) -> Progress | Wait:
        """Call the step under way once and store what it answers."""
        step = self.course.steps[progress.step]
        if not (step.in_walk(self.ctx) and step.due(replace(self.ctx, facts=progress.facts))):
            return replace(progress, step=self._after(progress.step, given_up=bool(progress.gave_up)))
        if progress.token is None and progress.troubles == 0:
            self.recorder.started(step.id, step.title)
        try:
            answer = step.do(replace(self.ctx, facts=progress.facts), progress.token)
        except AzureProblem as problem:
            return self._trouble(step, progress, problem)
        if isinstance(answer, ActionDone):
            return self._done(step, progress, answer)
        if isinstance(answer, ActionPending):
            return self._pending(step, progress, answer)
        return self._intent(step, progress, answer)

    def _done(self, step: Action, progress: Progress, answer: ActionDone) -> Progress:
        # A probe may say that it did something, which counts only where probing is the doing.
        did = answer.did and (progress.step < self.first_probe or self.course.mode is Mode.CARRY_OUT)
        self.recorder.done(step.id, answer.summary, answer.sources, did)
        further = replace(
            progress,
            step=self._after(progress.step, given_up=bool(progress.gave_up)),
            token=None,
            troubles=0,
            did=progress.did or did,
            facts={**progress.facts, step.id: answer.facts},
            in_doubt=False,
        )
        self.recorder.checkpoint(further)
        return further

    def _pending(self, step: Action, progress: Progress, answer: ActionPending) -> Wait:
        facts = {**progress.facts, step.id: answer.facts} if answer.facts else progress.facts
        waiting = replace(
            progress,
            token=answer.token,
            troubles=0,
            did=progress.did or answer.began,
            facts=facts,
            in_doubt=progress.in_doubt and not answer.began,
        )
        # The token first: without it a worker that dies here would have to find the operation by looking.
        self.recorder.checkpoint(waiting)
        self.recorder.waiting(step.id, answer.summary, answer.sources, answer.retry_after)
        return Wait(waiting, answer.retry_after)

    def _intent(self, step: Action, progress: Progress, answer: ActionIntent) -> Progress:
        if progress.token is not None:
            raise RuntimeError(f"{step.id} answered an intent although it was called with a token")
        intending = replace(progress, token=answer.token)
        if answer.facts:
            intending = replace(intending, facts={**progress.facts, step.id: answer.facts}, in_doubt=True)
        self.recorder.checkpoint(intending)
        return intending

    def _trouble(self, step: Action, progress: Progress, problem: AzureProblem) -> Progress | Wait:
        seconds = patience(progress, problem)
        noted, done = progress.facts.get(step.id, {}), None
        if seconds is None and progress.in_doubt:
            done = doubt.is_done(step, replace(self.ctx, facts=progress.facts), noted, problem)
        self.recorder.trouble(step.id, problem, 0.0 if done else seconds)
        if seconds is not None:
            return Wait(replace(progress, troubles=progress.troubles + 1), seconds, for_sign_in(progress, problem))
        if done:
            return self._done(step, progress, ActionDone(doubt.DONE, True, (problem.source,), noted))
        is_action = progress.step < self.first_probe
        # Given up only because this sitting is itself a looking-again: the next one may still tell.
        lasting = not (problem.may_pass and progress.rechecks)
        # Of what it had begun, or may have: what nobody knows counts as done.
        perhaps = progress.in_doubt and done is None
        noted = {} if done is False else noted
        given_up = replace(
            progress,
            step=self._after(progress.step, given_up=is_action),
            token=None,
            troubles=0,
            did=progress.did or perhaps,
            gave_up=progress.gave_up or problem.kind.value,
            facts={**progress.facts, step.id: {**noted, **problems.to_facts(problem, lasting=lasting)}},
            in_doubt=False,
        )
        self.recorder.checkpoint(given_up)
        return given_up

    def _after(self, step: int, *, given_up: bool) -> int:
        """The next step. Once an action was given up, only those of the others that are done whatever happened."""
        if not given_up:
            return step + 1
        later = range(step + 1, self.first_probe)
        all_the_same = (one for one in later if _all_the_same(self.course.steps[one]))
        return next(all_the_same, max(self.first_probe, step + 1))

    def check(self, progress: Progress) -> Outcome:
        """All the looks at once, then each check in the task's order as soon as its looks are there."""
        checks = [one for one in self.course.checks if one.in_walk(self.ctx)]
        answers = Answers(replace(self.ctx, facts=progress.facts), self.pool)
        judged: list[_Judged] = []
        try:
            answers.ask(*(look for check in checks for look in check.looks))
            for check in checks:
                judged.append(self._judge(check, progress, answers))
                self.recorder.checked(Evidence(check.id, check.title, judged[-1].finding))
        finally:
            answers.forget()
        verdict = worst([one.finding.verdict for one in judged])
        unclear = [one for one in judged if one.may_tell_later]
        if verdict is Verdict.COULD_NOT_TELL and unclear and progress.rechecks < len(RECHECK_WAITS):
            return self._look_again(progress, unclear)
        return Finished(verdict, progress)

    def _judge(self, check: Check, progress: Progress, answers: Answers) -> _Judged:
        try:
            finding = check.judge(replace(self.ctx, facts=progress.facts), answers)
        except AzureProblem as problem:
            told = problems.finding(problem, wanted=check.title)
            sign_in = for_sign_in(progress, problem)
            return _Judged(told, problem.may_pass, SIGN_IN_WAIT if sign_in else problem.retry_after or 0.0, sign_in)
        finding = kept_from_it.judged(finding, check.id, self.course.actions, progress.facts)
        return _Judged(finding, finding.verdict is Verdict.COULD_NOT_TELL and not finding.waits_for)

    def _look_again(self, progress: Progress, unclear: list[_Judged]) -> Wait:
        """Back to the first probe: what a probe saw may be what could not tell."""
        asked = max(one.retry_after for one in unclear)
        seconds = min(max(RECHECK_WAITS[progress.rechecks], asked), LONGEST_WAIT)
        probes = {probe.id for probe in self.course.probes}
        facts = {step: told for step, told in progress.facts.items() if step not in probes}
        ended = [problem for told in facts.values() if (problem := problems.from_facts(told))]
        again = replace(
            progress,
            step=self.first_probe,
            token=None,
            troubles=0,
            rechecks=progress.rechecks + 1,
            gave_up=ended[0].kind.value if ended else "",
            facts=facts,
        )
        sources = tuple(dict.fromkeys(source for one in unclear for source in one.finding.sources))
        self.recorder.checkpoint(again)
        sign_in = any(one.for_sign_in for one in unclear)
        said = "Azure could not tell yet; the portal looks again"
        if sign_in:
            said = "The portal goes on once you have signed in again"
        self.recorder.waiting(CHECKS, said, sources, seconds)
        return Wait(again, seconds, sign_in)


@dataclass(frozen=True, slots=True)
class _Judged:
    finding: Finding
    may_tell_later: bool
    retry_after: float = 0.0
    for_sign_in: bool = False


def _all_the_same(action: Action) -> bool:
    return action.whatever_happened or action.even_if_cancelled
