"""Rounds: everybody in a class is checked, one after another, and what came of it.

The rows are the truth. A process that is killed at any moment leaves nothing that the next turn does not take up.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from labportal.classes.models import LabClass, Membership
from labportal.runs.models import Attempt
from steps.kit.verdict import Verdict

OPEN = ("open", "stopping")
TO_DO = ("planned", *OPEN)


class Round(models.Model):
    """One check of everybody. ``task_id`` is the task that is checked, "" for all of them.

    ``starts_at`` is when it is to begin, ``begun_at`` when it did: its entries are there from then on. ``behind`` says
    why that was later. ``by`` is None once whoever asked is gone; ``by_name`` stays. ``stopped_by`` is who called it
    off, ``stopped_by_name`` "" where the portal did: ``problem`` says why then. It is *stopping* until what was under
    way has ended.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        OPEN = "open", "Under way"
        STOPPING = "stopping", "Being called off"
        ENDED = "ended", "Ended"
        STOPPED = "stopped", "Called off"

    class Behind(models.TextChoices):
        OFF = "off", "The portal was not running at that time."
        OTHER = "other", "Another round of this class was under way at that time."

    class Problem(models.TextChoices):
        NOBODY = "nobody", "Whoever asked for it no longer leads this class."
        ARCHIVED = "archived", "The class is archived."
        PORTAL = "portal", "The portal failed on it. That is our fault; what had been checked counts."

    lab_class = models.ForeignKey(LabClass, on_delete=models.CASCADE, related_name="rounds")
    task_id = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="rounds")
    by_name = models.CharField(max_length=150)
    state = models.CharField(max_length=16, choices=State)
    asked_at = models.DateTimeField(auto_now_add=True)
    starts_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    behind = models.CharField(max_length=16, choices=Behind, blank=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    stopped_by_name = models.CharField(max_length=150, blank=True)
    problem = models.CharField(max_length=16, choices=Problem, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lab_class"], condition=models.Q(state__in=OPEN), name="rounds_one_open_in_a_class"
            )
        ]
        indexes = [models.Index(fields=["starts_at"], condition=models.Q(state__in=TO_DO), name="rounds_to_do")]

    @property
    def open(self) -> bool:
        return self.state in OPEN

    def __str__(self) -> str:
        return f"round {self.pk} of class {self.lab_class_id}: {self.state}"


class RoundEntry(models.Model):
    """One student of a round. ``verdict`` is that of all their looks together, "" before the end and where none came.

    ``skipped`` says why nothing was begun for them. The row goes with their membership.
    """

    class State(models.TextChoices):
        TO_DO = "to_do", "To do"
        UNDER_WAY = "under_way", "Under way"
        ENDED = "ended", "Ended"
        SKIPPED = "skipped", "Left out"

    class Skipped(models.TextChoices):
        NOT_BEGUN = "not_begun", "Has not begun the lab."
        PREPARING = "preparing", "Their subscription is still being prepared."
        BROKEN = "broken", "Azure refuses their credential: they have to sign in again."
        CLEANING = "cleaning", "The portal is cleaning up for them."
        CLEANED = "cleaned", "Has cleaned up: there is nothing left to look at."
        ROLES = "roles", "Has chosen Azure roles, which a class of theirs does not accept."
        CALLED_OFF = "called_off", "The round was called off before."

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="entries")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="round_entries")
    state = models.CharField(max_length=16, choices=State, default=State.TO_DO)
    verdict = models.CharField(max_length=16, choices=[(v.value, v.value) for v in Verdict], blank=True)
    skipped = models.CharField(max_length=16, choices=Skipped, blank=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "round entries"
        constraints = [models.UniqueConstraint(fields=["round", "member"], name="rounds_one_entry_a_student")]
        indexes = [models.Index(fields=["round", "state", "verdict"], name="rounds_by_state")]

    def __str__(self) -> str:
        return f"{self.member_id} in round {self.round_id}: {self.verdict or self.state}"


class RoundLook(models.Model):
    """One task of one student in a round. ``attempt`` is the one that answers; ``joined``: it is the student's own.

    ``state`` is "" while it is under way, and then what the attempt ended as; "waiting" where the round went on without
    its end. ``verdict``, ``check_id`` and ``reason`` are what it found first that was not passed, or "passed".
    """

    entry = models.ForeignKey(RoundEntry, on_delete=models.CASCADE, related_name="looks")
    task_id = models.CharField(max_length=64)
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.SET_NULL, related_name="+")
    joined = models.BooleanField(default=False)
    state = models.CharField(max_length=16, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    check_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "task_id"], name="rounds_one_look_a_task")]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.verdict or self.state or 'under way'}"
