"""What a practice student of a rehearsal can do, one after another, as a student does at the pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings

from labportal.accounts.models import User
from labportal.classes.models import LabClass, Membership
from labportal.connections import services as connections
from labportal.connections.azure import azure_of
from labportal.gateway.practice import PracticeControl
from labportal.gateway.sent import Sent
from labportal.labs.models import LabSession
from labportal.labs.services import open_session
from labportal.ledger.keeping import keep
from labportal.runs import services
from labportal.runs.models import Attempt
from labportal.standings.services import standing_of
from labportal.writes import writing
from steps.key_vault_managed_identity.guides.read_secret import commands
from steps.kit.course import Mode
from steps.kit.lab import Lab
from steps.kit.records import Done
from steps.registry import LABS

PATIENCE = 60.0
"""Seconds for one attempt. What waits for Azure longer than ``SETTLES`` is left waiting: so it is on a board."""
SETTLES = 4.0
LOOK = 0.05


class GotNowhere(RuntimeError):
    """No worker has taken an attempt in time."""


@dataclass(frozen=True, slots=True)
class Player:
    """One practice student with an open walk."""

    session: LabSession
    lab: Lab

    def finds(self, scenario: str, **parameters: float) -> None:
        """Their practice Azure is in this state from now on."""
        PracticeControl(settings.PRACTICE_CONTROL).apply(
            self.session.connection.subscription_id,
            scenario,
            vault=self.session.vault_name,
            secret=self.session.secret_name,
            parameters=parameters,
        )

    def checks(self, task_id: str, times: int = 1, answers: Mapping[str, str] | None = None) -> None:
        for _ in range(times):
            self._ended(services.start(self.session, task_id, Mode.VALIDATE, dict(answers or {})).attempt)

    def checks_before(self, task_id: str) -> None:
        """Every task before that one, once each, as somebody does who works through them in order."""
        for task in self.lab.tasks[: [one.id for one in self.lab.tasks].index(task_id)]:
            self.checks(task.id)

    def has_it_done(self, task_id: str) -> None:
        self._ended(services.start(self.session, task_id, Mode.CARRY_OUT, {}).attempt)

    def has_it_mended(self, task_id: str, remedy: str) -> None:
        self._ended(services.start(self.session, task_id, Mode.REPAIR, {}, remedy).attempt)

    def takes_hints(self, task_id: str, number: int) -> None:
        services.count_hints(self.session, task_id, number)

    def reads_the_secret(self) -> None:
        """By hand: the lab's commands on the machine, and what they print pasted into the page."""
        task = self.lab.task("read-secret")
        calls: list[Sent] = []
        try:
            printed = self._printed_on_the_machine(calls)
        finally:
            with writing():
                keep(self.session.connection_id, None, calls)
        (ask,) = task.asks
        self.checks(task.id, answers={ask.id: ask.keep(printed)})

    def _printed_on_the_machine(self, calls: list[Sent]) -> str:
        names = self.session.names
        azure = azure_of(self.session.connection, may_write=True, heard=calls.append)
        ran = azure.run_powershell(names.resource_group, names.vm, "\n".join(commands(names)))
        until = time.monotonic() + PATIENCE
        while not isinstance(ran, Done):
            if time.monotonic() > until:
                raise GotNowhere("the commands on the practice VM did not come to an end")
            time.sleep(LOOK)
            ran = azure.resume_run_powershell(ran.token)
        return ran.value.stdout

    def _ended(self, attempt: Attempt) -> None:
        """Or settled: it waits for Azure, and goes on waiting behind this student's back."""
        began = time.monotonic()
        while attempt.active:
            waited = time.monotonic() - began
            if attempt.state == Attempt.State.WAITING and waited > SETTLES:
                return
            if waited > PATIENCE:
                raise GotNowhere("no worker has taken an attempt for a minute: is the portal running? ./lab run")
            time.sleep(LOOK)
            attempt.refresh_from_db(fields=["state"])


Part = Callable[[Player], None]


def joins(lab_class: LabClass, user: User, name: str) -> Membership:
    """A student of the class who has not begun."""
    standing = standing_of(user, lab_class.lab_id)
    return Membership.objects.create(lab_class=lab_class, user=user, name=name, standing=standing)


def begins(student: Membership) -> Player:
    """The student with a walk and a practice subscription that is ready, made here and now."""
    session = open_session(student.user, student.lab_class.lab_id)
    connections.prepare(session.connection_id)
    session = LabSession.objects.select_related("connection").get(pk=session.pk)
    return Player(session, LABS[session.lab_id])
