"""A student with an open walk, and rows of a ledger. Models are imported in the fixtures: this file is read before
Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.portal.conftest import ada, browser, plain_and_quick, session

if TYPE_CHECKING:
    from labportal.labs.models import LabSession
    from labportal.runs.models import Attempt

__all__ = ["ada", "browser", "plain_and_quick", "session"]


@pytest.fixture
def attempt(session: LabSession) -> Attempt:
    from tests.portal import walks

    return walks.finished(session)
