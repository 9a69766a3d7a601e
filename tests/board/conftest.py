"""As for every page (tests/portal/conftest.py): static files as they lie in the folders, quick passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.portal.conftest import plain_and_quick  # noqa: F401  a fixture by its name

if TYPE_CHECKING:
    from labportal.classes.models import LabClass
    from tests.portal.browsing import Browser


@pytest.fixture
def monday(db: None) -> LabClass:
    from tests.classes.school import a_class

    return a_class()


@pytest.fixture
def teacher(monday: LabClass) -> Browser:
    """An instructor's browser."""
    from tests.classes.school import Role, member
    from tests.portal.browsing import Browser

    return Browser(member(monday, "tina", Role.INSTRUCTOR).user)
