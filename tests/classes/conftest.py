"""As for every page (tests/portal/conftest.py): static files as they lie in the folders, quick passwords."""

from tests.portal.conftest import ada, anonymous, browser, plain_and_quick, session  # noqa: F401  fixtures by their names
