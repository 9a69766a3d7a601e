"""Classes, who is in them, and what was done on somebody's behalf.

A class has one lab. What its students have done is not stored here: a walk through a lab belongs to its student, and
every class the student is in sees the same one (``labportal.standings``).
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower

from labportal.classes.finding import Folded
from labportal.standings.models import Standing

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of a join code: none that is taken for another when it is read from a wall."""
CODE_LENGTH = 8
LONGEST_NAME = 120


def new_code() -> str:
    """31^8 of them: with the limit on tries, not to be guessed."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class LabClass(models.Model):
    """A class: one lab, done by several students, watched by instructors and observers.

    ``door`` says what ``code`` does for whoever has it. ``starts_at`` and ``due_at`` bound what
    is expected, not what is possible: None where the class sets no bound. They are entered and written as clocks show
    them in ``time_zone``, an IANA name. What is not allowed is offered to none of
    its students, whatever another class of theirs allows (``labportal.classes.allowed``).
    ``points`` has what each task of the lab is worth, by its id; ``late`` what becomes of it after ``due_at``.
    ``stuck_failures`` and ``stuck_idle_minutes`` are the bounds of the rule that says who is stuck
    (``labportal.board.need``).
    """

    class Cloud(models.TextChoices):
        PRACTICE = "practice", "The practice cloud"
        OWN = "own", "The students' own Azure subscriptions"

    class Late(models.TextChoices):
        FULL = "full", "Counts in full"
        DAILY = "daily", "Loses a part each day begun"
        NOTHING = "nothing", "Counts for nothing"

    class Door(models.TextChoices):
        OPEN = "open", "Comes in as a student"
        ASK = "ask", "Waits until an instructor lets them in"
        CLOSED = "closed", "Does not come in"

    lab_id = models.SlugField(max_length=64)
    name = models.CharField(max_length=LONGEST_NAME)
    cloud = models.CharField(max_length=16, choices=Cloud, default=Cloud.PRACTICE)
    created_at = models.DateTimeField(auto_now_add=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    starts_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=16, unique=True, default=new_code)
    door = models.CharField(max_length=16, choices=Door, default=Door.OPEN)
    allows_carry_out = models.BooleanField(default=True)
    allows_hints = models.BooleanField(default=True)
    allows_repair = models.BooleanField(default=True)
    allows_roles = models.BooleanField(default=True)  # Task 3 by role assignment instead of access policies
    points = models.JSONField(default=dict)
    late = models.CharField(max_length=16, choices=Late, default=Late.FULL)
    late_percent = models.PositiveSmallIntegerField(default=10, validators=[MaxValueValidator(100)])
    stuck_failures = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(2)])
    stuck_idle_minutes = models.PositiveSmallIntegerField(default=10, validators=[MinValueValidator(2)])

    class Meta:
        verbose_name = "class"
        verbose_name_plural = "classes"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Somebody in a class. ``name`` is what the class calls them: from the roster, or what they chose on joining.
    ``folded`` is what they are found by.

    ``email`` is the roster's, "" for who joined by code. ``standing`` is where a student stands with the class's lab;
    None for those who teach. Whoever leaves, or is removed, is no member any more: the row goes, the walk stays theirs.
    """

    class Role(models.TextChoices):
        STUDENT = "student", "Student"
        OBSERVER = "observer", "Observer"
        INSTRUCTOR = "instructor", "Instructor"

    lab_class = models.ForeignKey(LabClass, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role, default=Role.STUDENT)
    name = models.CharField(max_length=LONGEST_NAME)
    folded = Folded(of="name")
    email = models.EmailField(blank=True)
    standing = models.ForeignKey(Standing, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lab_class", "user"], name="classes_one_membership")]
        indexes = [
            models.Index(fields=["lab_class", "role", "name"], name="classes_by_name"),
        ]

    def __str__(self) -> str:
        """Without the name: the admin's log keeps it for ever."""
        return f"{self.role} {self.pk} of class {self.lab_class_id}"

    @property
    def teaches(self) -> bool:
        """May see the whole class."""
        return self.role != self.Role.STUDENT

    @property
    def leads(self) -> bool:
        """May change things in the class."""
        return self.role == self.Role.INSTRUCTOR


class Invitation(models.Model):
    """Somebody who is expected: a line of a roster, or a co-instructor. Whoever opens its link first is taken for them.

    Used up once ``accepted_by`` is set. ``token`` is the link's last part.
    """

    lab_class = models.ForeignKey(LabClass, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=16, choices=Membership.Role, default=Membership.Role.STUDENT)
    name = models.CharField(max_length=LONGEST_NAME)
    folded = Folded(of="name")
    email = models.EmailField(blank=True)
    token = models.CharField(max_length=43, unique=True, default=secrets.token_urlsafe)
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "lab_class",
                Lower("email"),
                condition=~models.Q(email="") & models.Q(accepted_at=None),  # who has left may be invited again
                name="classes_one_invitation_an_address",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to class {self.lab_class_id}"


class Knock(models.Model):
    """Somebody who came by the code of a class and is no member of it: they wait to be let in or, once
    ``turned_away_at`` is set, the code and earlier invitations let them in no more.

    ``name`` is what they want to be called there. The row goes when its person becomes a member.
    """

    lab_class = models.ForeignKey(LabClass, on_delete=models.CASCADE, related_name="knocks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="knocks")
    name = models.CharField(max_length=LONGEST_NAME)
    asked_at = models.DateTimeField(auto_now_add=True)
    turned_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lab_class", "user"], name="classes_one_knock")]
        indexes = [models.Index(fields=["lab_class", "turned_away_at"], name="classes_who_waits")]

    def __str__(self) -> str:
        """Without the name, as of a membership."""
        return f"knock {self.pk} at the door of class {self.lab_class_id}"


class Act(models.Model):
    """Something done on another person's behalf, or seen of them: the log that the person can read.

    ``by_name`` stays when ``by`` is gone. ``text`` is a whole sentence in the past tense, without the actor:
    "checked Task 2 for you". It is for ``person`` to read, and holds nothing they may not see.

    What was done for many at once has besides a row of its own, about no ``person``, which the acts are ``part_of``:
    its one line in the log of the class, whoever of them leaves the portal. ``deed`` is its name, such as "round-12".
    """

    class Kind(models.TextChoices):
        CHECK = "check", "A check for one student"
        ROUND = "round", "A check of everyone"
        LOOKED = "looked", "A look at a student's pages"
        RESET = "reset", "A task opened again"
        HAND = "hand", "A hand lowered"
        LET_IN = "let_in", "Somebody let in"
        TURNED_AWAY = "turned_away", "Somebody turned away"
        LET_BACK = "let_back", "Somebody let back"
        REMOVED = "removed", "Somebody removed"
        NAME = "name", "A new name"
        ROLE = "role", "A new role"

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="acts")
    by_name = models.CharField(max_length=150)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="acts_of_others"
    )
    lab_class = models.ForeignKey(
        LabClass, null=True, on_delete=models.SET_NULL, related_name="acts", db_index=False
    )  # the second index begins with it
    kind = models.SlugField(max_length=32, choices=Kind)
    text = models.CharField(max_length=300)
    part_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="parts")
    deed = models.CharField(max_length=64, null=True, unique=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="classes_acts_of_person"),
            models.Index(fields=["lab_class", "person"], name="classes_acts_in_class"),
            models.Index(fields=["lab_class", "-at", "-id"], name="classes_log", condition=models.Q(part_of=None)),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} {self.text}"
