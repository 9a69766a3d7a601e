"""As for the pages that help (tests/support/conftest.py): the same school, and nothing goes to Redis."""

from __future__ import annotations

from tests.portal.conftest import ada, anonymous, browser, everything_offered, plain_and_quick, session  # noqa: F401
from tests.support.conftest import school, told  # noqa: F401
