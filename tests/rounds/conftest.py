"""A class with an instructor, and what a round puts on the wire. Models are imported in the fixtures: this file is read
before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from labportal.classes.models import LabClass, Membership


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, dict[str, Any]]]:
    """What classes are told; nothing goes to Redis."""
    told: list[tuple[int, dict[str, Any]]] = []
    for place in ("rounds.conductor", "standings.follower"):
        monkeypatch.setattr(f"labportal.{place}.publish_to_class", lambda *message: told.append(message))
    for name in ("runs.outbox.publish", "runs.services.enqueue"):
        monkeypatch.setattr(f"labportal.{name}", lambda *_args: True)
    return told


@pytest.fixture
def lab_class(db: None, heard: object) -> LabClass:
    from tests.classes.school import a_class

    return a_class()


@pytest.fixture
def teacher(lab_class: LabClass) -> Membership:
    from tests.classes.school import Role, member

    return member(lab_class, "teacher", Role.INSTRUCTOR)
