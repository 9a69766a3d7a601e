"""Attempts at tasks, what happened in them, and what was found.

From the web only ``services`` writes; from the worker ``recorder``, ``outcomes`` and ``cut_short``, each for one
``Claim``. ``sweeper`` notes what it has enqueued.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from labportal.labs.models import LabSession
from steps.kit.course import Mode
from steps.kit.verdict import Verdict

ACTIVE = ("queued", "running", "waiting")


class Attempt(models.Model):
    """One click on *Check* or *Carry out*, until its end.

    ``state`` is the lifecycle, ``verdict`` the result; they never stand for each other.
    ``fence`` rises with every claim: a write that carries an older fence is refused.
    ``due_at`` is when a worker should look at it next; ``lease_until`` until when the one
    that has it may be trusted to be alive; ``enqueued_at`` when its id was last put on the
    queue. All three are the database's time. ``claims`` counts claims since something was last
    stored, ``failures`` the portal's own errors: both end an attempt that gets nowhere.
    ``answers`` are what the student typed, as reduced by ``steps.kit.task.Ask.keep``.
    ``remedy`` is the id of what a repair does, "" for everything else.
    ``on_behalf`` marks a check that an instructor asked for: its verdict counts, and it is no try of the student's and
    no sign of life. ``asked_by`` is who that was, None once they are gone, and wherever the student asked.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        WAITING = "waiting", "Waiting for Azure"
        FINISHED = "finished", "Finished"
        CANCELLED = "cancelled", "Cancelled"
        LOST = "lost", "Lost"

    session = models.ForeignKey(LabSession, on_delete=models.CASCADE, related_name="attempts")
    task_id = models.SlugField(max_length=64)
    mode = models.CharField(max_length=16, choices=[(m.value, m.value) for m in Mode])
    remedy = models.SlugField(max_length=64, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    verdict = models.CharField(max_length=16, choices=[(v.value, v.value) for v in Verdict], blank=True)
    progress = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    fence = models.PositiveIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    enqueued_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    problem = models.CharField(max_length=64, blank=True)
    on_behalf = models.BooleanField(default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "task_id"], condition=Q(state__in=ACTIVE), name="runs_one_active_attempt"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=ACTIVE), name="runs_due"),
            models.Index(fields=["session", "task_id", "-id"], name="runs_history"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk} at {self.task_id}"

    @property
    def active(self) -> bool:
        return self.state in ACTIVE


class AttemptEvent(models.Model):
    """One line of the timeline. The primary key is the id of the server-sent event."""

    class Kind(models.TextChoices):
        QUEUED = "queued", "Queued"
        STARTED = "started", "Started"
        DONE = "done", "Done"
        WAITING = "waiting", "Waiting"
        TROUBLE = "trouble", "Trouble"
        CHECKED = "checked", "Checked"
        ENDED = "ended", "Ended"

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    step_id = models.CharField(max_length=64, blank=True)
    text = models.TextField()
    detail = models.JSONField(default=dict)  # sources and the like; redacted before it gets here
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class AttemptEvidence(models.Model):
    """What one check found in one attempt; the latest look replaces the one before."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="evidence")
    check_id = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    verdict = models.CharField(max_length=16)
    reason = models.CharField(max_length=64)
    wanted = models.TextField()
    found = models.TextField()
    next_step = models.TextField(blank=True)
    sources = models.JSONField(default=list)
    choices = models.JSONField(default=list)  # of steps.kit.verdict.Choice
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["attempt", "check_id"], name="runs_one_row_a_check")]

    def __str__(self) -> str:
        return f"{self.check_id}: {self.verdict}"


class TaskResult(models.Model):
    """Where a student stands with one task: completed once, kept, with who did it.

    ``counts_from`` and ``own_only`` are of one that an instructor has opened again: from when it counts once it is done
    again, by ``completed_by``, None for when and by what that is; and that only the student's own attempt completes it.
    """

    class Provenance(models.TextChoices):
        STUDENT = "student", "Done by the student"
        REPAIRED = "repaired", "Done with a repair by the portal"
        PORTAL = "portal", "Carried out by the portal"

    session = models.ForeignKey(LabSession, on_delete=models.CASCADE, related_name="results")
    task_id = models.SlugField(max_length=64)
    provenance = models.CharField(max_length=16, choices=Provenance, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(Attempt, null=True, on_delete=models.SET_NULL, related_name="+")
    portal_changed = models.BooleanField(default=False)  # an action of the portal really did something
    portal_repaired = models.BooleanField(default=False)  # and so did a remedy
    hints_seen = models.PositiveSmallIntegerField(default=0)  # before it was done
    counts_from = models.DateTimeField(null=True, blank=True)
    own_only = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "task_id"], name="runs_one_result_a_task")]

    def __str__(self) -> str:
        return f"{self.task_id}: {'done' if self.completed_at else 'open'}"
