"""The pages without the other processes: static files as they lie in the folders, nothing sent to Redis.

Models are imported in the fixtures: this file is read before Django is set up.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django import Settings

    from labportal.accounts.models import User
    from labportal.labs.models import LabSession
    from tests.portal.browsing import Browser


@pytest.fixture(autouse=True)
def plain_and_quick(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is counted yet: rows of one test have the numbers of those of the last."""
    from labportal.accounts import limits
    from labportal.accounts.counts import Counts

    monkeypatch.setattr(limits, "_counts", Counts(f"unix://{tmp_path}/none.sock"))
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def ada(db: None) -> User:
    from tests.portal import walks

    return walks.person("ada")


@pytest.fixture
def session(ada: User) -> LabSession:
    """Ada's walk through the lab, with a practice subscription that is ready."""
    from tests.portal import walks

    return walks.ready_session(ada)


@pytest.fixture
def anonymous(db: None) -> Browser:
    from tests.portal.browsing import Browser

    return Browser()


@pytest.fixture
def browser(ada: User) -> Browser:
    """Ada, signed in."""
    from tests.portal.browsing import Browser

    return Browser(ada)


@pytest.fixture
def everything_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab has hints, remedies, undoing and cleaning up, all made up (tests/portal/examiner.py)."""
    from steps.registry import LABS
    from tests.portal import examiner

    made_up = examiner.lab()
    monkeypatch.setitem(LABS, made_up.id, made_up)
