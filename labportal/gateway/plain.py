"""From the SDKs' optional and half-enumerated values to plain ones."""

from __future__ import annotations

from enum import Enum


def text(value: str | Enum | None) -> str:
    """Text as Azure sent it, whether or not the SDK knows the word; "" for what Azure left out."""
    if value is None:
        return ""
    return str(value.value) if isinstance(value, Enum) else str(value)


def words(values: list[str] | None) -> tuple[str, ...]:
    """Permissions in lower case: Azure keeps the case they were written in and takes any."""
    return tuple(text(value).lower() for value in values or ())


def part_of_id(resource_id: str, name: str) -> str:
    """The segment after ``name`` in an ARM id, in any case: ``part_of_id(id, "resourceGroups")``."""
    segments = resource_id.split("/")
    lowered = [segment.lower() for segment in segments]
    return segments[lowered.index(name.lower()) + 1] if name.lower() in lowered[:-1] else ""
