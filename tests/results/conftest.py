"""The pages as the portal's own tests have them."""

from __future__ import annotations

from tests.portal.conftest import anonymous, plain_and_quick

__all__ = ["anonymous", "plain_and_quick"]
