"""From when on to look for who has joined."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from labportal.classes import zones
from labportal.classes.dates import WallClock

AT_FIRST = timedelta(days=1)


class SinceForm(forms.Form):
    """``moment`` is what was asked for, as clocks show it in the zone of the class; the last day, unless asked."""

    since = WallClock(label="Joined since", required=False)

    def __init__(self, data: Any, *, zone: str) -> None:
        first = zones.on_the_wall(timezone.now() - AT_FIRST, zone)
        super().__init__(data if data.get("since") else {"since": f"{first:%Y-%m-%dT%H:%M}"})
        self.zone = zone
        self.fields["since"].help_text = f"As clocks show it in {zone.replace('_', ' ')}."

    def clean_since(self) -> datetime:
        wall = self.cleaned_data["since"]
        if wall is None:
            raise ValidationError("Say a day and a time.")
        return zones.moment_of(wall, self.zone)

    @property
    def moment(self) -> datetime | None:
        """None where it cannot be read; ``errors`` say why."""
        return self.cleaned_data["since"] if self.is_valid() else None
