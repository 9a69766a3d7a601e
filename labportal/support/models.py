"""Raised hands, messages from those who teach, and their notes.

All of it is kept about a student, and goes with them: what is downloaded of a person has it, their notes too.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from labportal.classes.models import LabClass
from labportal.labs.models import LabSession

LONGEST_ASK = 500
LONGEST_MESSAGE = 1000
LONGEST_NOTE = 2000
LONGEST_WHY = 500


class Hand(models.Model):
    """A student asks for help at a task. It is up until ``lowered_at``; a walk has one at a time.

    ``attempt_id`` is the latest attempt at the task when it was raised, None before the first; no key of another
    table. ``taken_by`` is who has come to help, "" in ``taken_by_name`` while nobody has. ``lowered_by`` is the student
    or an instructor, None where the walk, or the class, was left with the hand up.
    """

    session = models.ForeignKey(LabSession, on_delete=models.CASCADE, related_name="hands")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="hands")
    lab_id = models.SlugField(max_length=64)
    task_id = models.SlugField(max_length=64)
    attempt_id = models.BigIntegerField(null=True)
    text = models.CharField(max_length=LONGEST_ASK, blank=True)
    raised_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_by_name = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField(null=True)
    lowered_at = models.DateTimeField(null=True)
    lowered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session"], condition=Q(lowered_at=None), name="support_one_hand_a_walk")
        ]
        indexes = [
            models.Index(fields=["lab_id", "raised_at"], condition=Q(lowered_at=None), name="support_hands_up"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.task_id}: {'up' if self.lowered_at is None else 'lowered'}"


class Message(models.Model):
    """What an instructor wrote to students of a class: one, those whom a cause holds up, or all.

    ``to`` is the kind of audience, ``to_words`` who that was when it was sent. ``task_id`` is what it is about, "" for
    nothing in particular; ``remedy`` what the portal offers to mend along with it, "" for nothing.
    """

    class To(models.TextChoices):
        ONE = "one", "One student"
        CAUSE = "cause", "Those held up by the same thing"
        ALL = "all", "The whole class"

    lab_class = models.ForeignKey(LabClass, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120)
    text = models.CharField(max_length=LONGEST_MESSAGE)
    to = models.CharField(max_length=8, choices=To)
    to_words = models.CharField(max_length=300)
    task_id = models.SlugField(max_length=64, blank=True)
    remedy = models.SlugField(max_length=64, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["lab_class", "-id"], name="support_sent")]

    def __str__(self) -> str:
        return f"{self.by_name} to {self.to_words}"


class Receipt(models.Model):
    """One student's copy of a message. ``seen_at`` is when one of their pages first showed it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="receipts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="receipts")
    seen_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)  # what its remedy offers

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="support_one_receipt")]
        indexes = [
            models.Index(fields=["user", "-id"], condition=Q(dismissed_at=None), name="support_on_their_pages"),
        ]

    def __str__(self) -> str:
        return f"message {self.message_id} to {self.user_id}"


class Note(models.Model):
    """What those who teach a class tell each other about a student of it. No page shows it to the student; what is
    downloaded of a person has it, for it is about them. It goes with the student, and with the class."""

    lab_class = models.ForeignKey(LabClass, on_delete=models.CASCADE, related_name="notes")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes_about")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120)
    text = models.CharField(max_length=LONGEST_NOTE)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["lab_class", "about"], name="support_notes")]

    def __str__(self) -> str:
        return f"{self.by_name} about {self.about_id}"
