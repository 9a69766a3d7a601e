"""The pages as the portal's own tests have them."""

from __future__ import annotations

from tests.portal.conftest import ada, anonymous, browser, plain_and_quick, session

__all__ = ["ada", "anonymous", "browser", "plain_and_quick", "session"]
