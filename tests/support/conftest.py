"""As for every page (tests/portal/conftest.py): static files as they lie in the folders, quick passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.portal.conftest import ada, anonymous, browser, everything_offered, plain_and_quick, session  # noqa: F401

if TYPE_CHECKING:
    from labportal.labs.models import LabSession
    from tests.support.scene import Scene

Told = list[tuple[list[int], dict[str, Any]]]


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the pages of walks were told, once it was committed: nothing goes to Redis."""
    heard: Told = []
    monkeypatch.setattr("labportal.support.hands.publish", lambda one, message: heard.append(([one], message)))
    monkeypatch.setattr(
        "labportal.support.letters.publish_to_many", lambda some, message: heard.append((list(some), message))
    )
    monkeypatch.setattr("labportal.standings.follower.publish_to_class", lambda *_: None)
    return heard


@pytest.fixture
def school(session: LabSession) -> Scene:  # noqa: F811  the fixture above
    from tests.support.scene import scene

    return scene(session)
