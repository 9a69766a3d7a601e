"""Time zones: the dates of a class are written as clocks show them where it is held."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

_PARTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
"""Of the world, as IANA names them; what else there is are other names for the same zones."""


def choices() -> list[tuple[str, object]]:
    """For a field of a form: UTC, then the zones by their part of the world."""
    names = sorted(name for name in available_timezones() if name.partition("/")[0] in _PARTS and "/" in name)
    parts = groupby(names, key=lambda name: name.partition("/")[0])
    grouped = [(part, [(name, name.replace("_", " ")) for name in inside]) for part, inside in parts]
    return [("UTC", "UTC"), *grouped]


def on_the_wall(moment: datetime, zone: str) -> datetime:
    """What clocks show there at that moment: a time without a zone."""
    return timezone.localtime(moment, ZoneInfo(zone)).replace(tzinfo=None)


def moment_of(wall: datetime, zone: str) -> datetime:
    """The moment at which clocks there show that. ValidationError where they never do, or do so twice."""
    try:
        with timezone.override(ZoneInfo(zone)):
            moment: datetime = from_current_timezone(wall)
    except ValidationError:
        said = "Clocks in {} skip this hour or show it twice, because they change that night. Choose another."
        raise ValidationError(said.format(zone.replace("_", " ")), code="clocks_change") from None
    return moment


def written(moment: datetime, zone: str) -> str:
    """As "3 December 2026, 18:00 (Europe/Berlin)"."""
    wall = on_the_wall(moment, zone)
    return f"{wall.day} {wall:%B %Y, %H:%M} ({zone.replace('_', ' ')})"
