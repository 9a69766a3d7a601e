"""A small class mends, undoes, does again and cleans up while everything around it dies: it ends clean, and once.

As in ``test_soak``, LAB_SOAK_SEED repeats a run's mishaps and LAB_SOAK_ROUNDS makes it longer.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Event

import httpx
from django.db import connection
from django.db.models import QuerySet

from labportal.gateway import Cloud, ServicePrincipal, open_azure
from labportal.labs.offers import offered_remedies
from labportal.runs.models import ACTIVE, Attempt, AttemptEvent
from steps.registry import LABS
from tests.runs.chaos import World
from tests.runs.practising import LAB
from tests.runs.test_soak import CALM_SECONDS, Student, rng, torment, world

__all__ = ["rng", "world"]  # fixtures

STUDENTS = 4
WALK = ("create-vault", "create-secret", "grant-access")
ONCE = {
    "the vault is deleted": ("DELETE", r"/vaults/[^/]+$"),
    "the vault is purged": ("POST", r"/purge$"),
    "the machine is started": ("POST", r"/start$"),
    "the machine is stopped again": ("POST", r"/deallocate$"),
}


class Tidy(Student):
    """Has a stopped machine mended, does the first three tasks with a disabled secret to be mended between, undoes the
    last, does it again, and cleans up; each until it has passed."""

    def tidy(self, over: Event) -> None:
        try:
            self._suffer("vm-deallocated", over)
            self._until_mended("preflight", "start-vm", over)
            for task_id in WALK[:2]:
                self._until_passed("labs:carry_out", task_id, over)
            self._suffer("secret-disabled", over)
            self._until_mended("create-secret", "enable-secret", over)
            self._until_passed("labs:carry_out", "grant-access", over)
            self._until_passed("labs:undo", "grant-access", over)
            self._until_passed("labs:carry_out", "grant-access", over)
            self._until_passed("labs:carry_out", "clean-up", over)
        finally:
            connection.close()

    def _suffer(self, scenario: str, over: Event) -> None:
        """By somebody's hand in Azure; again where the cloud is away just now."""
        names = self.session.names
        what = {"name": scenario, "vault": names.vault, "secret": names.secret}
        while not over.is_set():
            with suppress(httpx.TransportError):
                self._world.cloud.ask("POST", f"/students/{names.subscription_id}/scenarios", what)
                return
            over.wait(0.3)

    def _until_passed(self, action: str, task_id: str, over: Event) -> None:
        mine = self._from_now_on(task_id)
        while not over.is_set() and not mine.filter(verdict="passed").exists():
            self._attempt(action, task_id, over)

    def _until_mended(self, task_id: str, remedy: str, over: Event) -> None:
        """Checks, and has mended what the check offers to, until a look at it has passed."""
        mine, task = self._from_now_on(task_id), LABS[LAB].task(task_id)
        while not over.is_set() and not mine.filter(verdict="passed").exists():
            if remedy in offered_remedies(self.session, task):
                self._attempt("labs:repair", task_id, over, remedy=remedy)
            else:
                self._attempt("labs:check", task_id, over)

    def _from_now_on(self, task_id: str) -> QuerySet[Attempt]:
        since = self.session.attempts.count() and self.session.attempts.latest("pk").pk
        return self.session.attempts.filter(task_id=task_id, pk__gt=since)

    @property
    def cleaned_up(self) -> bool:
        return self.session.attempts.filter(task_id="clean-up", mode="carry_out", verdict="passed").exists()

    @property
    def mended(self) -> set[str]:
        return set(self.session.attempts.filter(mode="repair").values_list("remedy", flat=True))

    def left_in_azure(self) -> set[str]:
        """What costs money or keeps a name."""
        cloud, names = self._world.cloud, self.session.names
        told = cloud.ask("GET", f"/students/{names.subscription_id}")
        keys = {"client_id": told["client_id"], "client_secret": told["client_secret"]}
        who = ServicePrincipal(names.tenant_id, names.subscription_id, **keys)
        azure = open_azure(Cloud(cloud.proxy, cloud.ca_bundle), who, may_write=False)
        there = azure.vault(names.resource_group, names.vault).value
        machine = azure.virtual_machine(names.resource_group, names.vm).value
        assert machine is not None
        running = [] if machine.power_state == "deallocated" else [machine.name]
        return {*running, *([there.name] if there else []), *(one.name for one in azure.deleted_vaults().value)}


def test_a_class_takes_everything_back_whatever_dies_around_it(world: World, rng: random.Random) -> None:
    students = [Tidy(number, world, random.Random(rng.random())) for number in range(STUDENTS)]
    over = Event()
    with ThreadPoolExecutor(STUDENTS) as pool:
        working = [pool.submit(student.tidy, over) for student in students]
        try:
            torment(world, rng)
            wait(working, 2 * CALM_SECONDS)
        finally:
            over.set()
    for future in working:
        future.result()

    attempts = Attempt.objects.filter(session__in=[student.session.pk for student in students])
    told = Counter(attempts.values_list("task_id", "mode", "state", "verdict", "problem"))
    assert not attempts.filter(state__in=ACTIVE).exists(), told
    assert all(student.cleaned_up for student in students), told
    assert all(student.mended == {"start-vm", "enable-secret"} for student in students), told
    assert [student.left_in_azure() for student in students] == [set()] * STUDENTS
    for attempt in attempts:
        kinds = list(AttemptEvent.objects.filter(attempt=attempt).values_list("kind", flat=True))
        assert (kinds[0], kinds[-1], kinds.count("ended")) == ("queued", "ended", 1), attempt.pk
    received = world.all_received()
    for what, (method, path) in ONCE.items():
        done = Counter(
            one["subscription_id"]
            for one in received
            if one["method"] == method and re.search(path, one["path"]) and one["status"] in {200, 202}
        )
        assert max(done.values(), default=0) <= 1, what
