"""What an instructor says about a round: which task, and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from labportal.classes import zones
from labportal.classes.dates import WallClock
from labportal.classes.models import LabClass
from steps.registry import LABS

BEFORE_THE_DEADLINE = timedelta(minutes=30)
FURTHEST = timedelta(days=366)


class BeginForm(forms.Form):
    """Which task; "" for all of them."""

    task_id = forms.ChoiceField(label="What to check", required=False)

    def __init__(self, *args: Any, lab_class: LabClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lab_class = lab_class
        named = [(task.id, _name(task.number, task.title)) for task in LABS[lab_class.lab_id].tasks]
        self.fields["task_id"].choices = [("", "All tasks"), *named]  # type: ignore[attr-defined]


class PlanForm(BeginForm):
    """And when: as clocks show it in the class's time zone, "30 minutes before the deadline" where it has one."""

    starts_at = WallClock(label="When")

    def __init__(self, *args: Any, lab_class: LabClass, **kwargs: Any) -> None:
        super().__init__(*args, lab_class=lab_class, **kwargs)
        zone, suggested = lab_class.time_zone, _suggested(lab_class)
        self.fields["starts_at"].help_text = f"In the class's time zone, {zone.replace('_', ' ')}."
        if suggested is not None:
            self.initial["starts_at"] = zones.on_the_wall(suggested, zone)
            self.fields["starts_at"].help_text += " Suggested: 30 minutes before the class is due."

    def clean_starts_at(self) -> datetime:
        moment = zones.moment_of(self.cleaned_data["starts_at"], self.lab_class.time_zone)
        if moment <= timezone.now():
            raise ValidationError("This time has passed.", code="past")
        if moment > timezone.now() + FURTHEST:
            raise ValidationError("This is more than a year away.", code="far")
        return moment


def _name(number: int, title: str) -> str:
    return f"Task {number}: {title}" if number else title


def _suggested(lab_class: LabClass) -> datetime | None:
    if lab_class.due_at is None:
        return None
    before = lab_class.due_at - BEFORE_THE_DEADLINE
    return before if before > timezone.now() else None
