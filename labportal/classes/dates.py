"""A class's name and its dates, in a form: dates are entered as clocks show them where the class is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone

from labportal.classes import zones
from labportal.classes.models import LabClass


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, as a page shows them; ``words`` say what they are for, where their labels do not."""

    title: str
    words: str
    fields: tuple[BoundField, ...]


class WallClock(forms.DateTimeField):
    """A day and a time without a zone, as clocks show it; the form knows where."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override("UTC"):
            moment = super().to_python(value)
        return moment.replace(tzinfo=None) if moment else None


class DatesForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """The zone is that of both dates."""

    starts_at = WallClock(label="Begins", required=False)
    due_at = WallClock(label="Due", required=False, help_text="Leave both empty where everybody has their own pace.")
    time_zone = forms.ChoiceField(
        label="Time zone",
        choices=zones.choices,
        help_text="Both dates are meant, and shown to everybody, as clocks show them there.",
    )

    class Meta:
        model = LabClass
        fields: tuple[str, ...] = ("name", "starts_at", "due_at", "time_zone")
        labels = {"name": "Name of the class"}
        help_texts = {"name": "As its students will know it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "due_at"):
            moment = self.initial.get(name)
            if moment is not None:
                self.initial[name] = zones.on_the_wall(moment, self.instance.time_zone)

    def clean(self) -> dict[str, Any]:
        super().clean()
        zone = self.cleaned_data.get("time_zone")
        for name in ("starts_at", "due_at"):
            if zone and self.cleaned_data.get(name):
                self._set_moment(name, zone)
        starts, due = self.cleaned_data.get("starts_at"), self.cleaned_data.get("due_at")
        if zone and starts and due and due <= starts:
            self.add_error("due_at", "That is not after the beginning.")
        return self.cleaned_data

    def groups(self) -> Iterator[Group]:
        """All fields, in the order in which they are shown."""
        yield self.group("Name and dates", "", "name", "starts_at", "due_at", "time_zone")

    def group(self, title: str, words: str, *names: str) -> Group:
        return Group(title, words, tuple(self[name] for name in names if name in self.fields))

    def _set_moment(self, name: str, zone: str) -> None:
        try:
            self.cleaned_data[name] = zones.moment_of(self.cleaned_data[name], zone)
        except ValidationError as error:
            self.add_error(name, error)
