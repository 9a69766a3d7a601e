"""Where each student of a class stands, ready to be read: made from attempts by ``projection`` and by nothing else.

What is here can be thrown away and made again (``manage.py follow --rebuild``). It is kept only for who is in a class.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from labportal.labs.models import LabSession
from labportal.runs.models import TaskResult


class Standing(models.Model):
    """One student with one lab: the open walk, or the last one.

    ``task_id`` and ``number`` are of the first task that is not done, leaving out what the student passed over without
    a try, "" and 0 once all are done; so are those of nobody who has not begun. Of it tell: ``state`` the
    latest attempt's, "" before the first; ``verdict``, ``check_id`` and ``reason`` what the latest look found first
    that was not passed, "" where nothing is open; ``failures`` how many looks in a row ended at the same check for the
    same reason, that one included; ``tries`` how many looks there were; ``seconds`` of work so far. A check that an
    instructor asked for tells what is open, and counts in none of these numbers, nor as a sign of life.
    ``last_at`` is the last sign of life, ``seen_at`` the last that no attempt tells of: a hint, a hand. Seconds of
    work leave out breaks (``labportal.standings.working_time``).
    ``hints``, ``repaired`` and ``by_portal`` count over all tasks: hints seen, and tasks done in that way.
    ``touched`` asks for a fresh look where no attempt tells of a change (``labportal.standings.services``).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standings")
    lab_id = models.SlugField(max_length=64)
    session = models.OneToOneField(LabSession, null=True, on_delete=models.SET_NULL, related_name="standing")
    begun_at = models.DateTimeField(null=True)
    done = models.PositiveSmallIntegerField(default=0)
    complete_at = models.DateTimeField(null=True)
    mastered_at = models.DateTimeField(null=True)
    task_id = models.CharField(max_length=64, blank=True)
    number = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=16, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    check_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=64, blank=True)
    attempt_id = models.BigIntegerField(null=True)  # the latest at that task; no key of another table: it may go
    failures = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    hints = models.PositiveSmallIntegerField(default=0)
    repaired = models.PositiveSmallIntegerField(default=0)
    by_portal = models.PositiveSmallIntegerField(default=0)
    hand_at = models.DateTimeField(null=True)  # set and cleared by labportal.support, and kept by the projection
    seen_at = models.DateTimeField(null=True)  # kept by the projection as well
    touched = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "lab_id"], name="standings_one_a_lab")]
        indexes = [models.Index(fields=["touched"], condition=Q(touched=True), name="standings_touched")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.lab_id}: {self.done} done"


class TaskStanding(models.Model):
    """One student with one task of the lab, or with its challenge. There is a row once there is something to tell.

    ``state``, ``verdict``, ``check_id``, ``reason`` and ``tries`` as in ``Standing``. ``first_try`` is whether the
    first look that came to a verdict passed: None before, and where the portal carried it out.
    ``done_at`` and ``provenance`` as in ``runs.TaskResult``: None and "" while the task is open. ``on_behalf``: what
    found it done was a check that an instructor asked for, alone or in a round, and none of the student's own.
    """

    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="tasks")
    task_id = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=16, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    check_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=64, blank=True)
    tries = models.PositiveIntegerField(default=0)
    first_try = models.BooleanField(null=True)
    hints = models.PositiveSmallIntegerField(default=0)
    provenance = models.CharField(max_length=16, choices=TaskResult.Provenance, blank=True)
    done_at = models.DateTimeField(null=True)
    on_behalf = models.BooleanField(default=False)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standing", "task_id"], name="standings_one_a_task")]

    def __str__(self) -> str:
        return f"{self.task_id}: {'done' if self.done_at else self.verdict or self.state or 'open'}"


class Trip(models.Model):
    """How often one student was stopped at one check for one reason, over all looks: ``times`` is at least 1."""

    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="trips")
    task_id = models.CharField(max_length=64)
    check_id = models.CharField(max_length=64)
    reason = models.CharField(max_length=64)
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standing", "task_id", "check_id", "reason"], name="standings_one_a_stumbling_block"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} at {self.check_id}, {self.times} times"


class Followed(models.Model):
    """How far the follower has read the timeline. One row. What it has read beyond ``event_id`` it reads once more."""

    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"up to {self.event_id}"
