"""A class with an instructor. Models are imported in the fixtures: this file is read
before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.portal.conftest import plain_and_quick  # noqa: F401  a fixture by its name

if TYPE_CHECKING:
    from labportal.classes.models import LabClass, Membership


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes to Redis."""
    told = ("standings.follower.publish_to_class", "rounds.telling.publish_to_class", "runs.outbox.publish")
    for name in (*told, "runs.services.enqueue"):
        monkeypatch.setattr(f"labportal.{name}", lambda *_args: True)


@pytest.fixture(autouse=True)
def in_bursts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many begin in one turn as there is room for."""
    from labportal.rounds import conductor

    monkeypatch.setattr(conductor, "NEW_AT_A_TURN", 1000)


@pytest.fixture
def lab_class(db: None, quiet: None) -> LabClass:
    from tests.classes.school import a_class

    return a_class()


@pytest.fixture
def teacher(lab_class: LabClass) -> Membership:
    from tests.classes.school import Role, member

    return member(lab_class, "teacher", Role.INSTRUCTOR)
