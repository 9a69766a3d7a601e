"""The one test database, SQLite or PostgreSQL, that the tests and the portal's processes share."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings

from tests.environment import STATE

DATABASE_FIXTURES = {"db", "transactional_db", "portal_env", "live_server"}


def use_a_file_for_sqlite() -> None:
    """Django would hold SQLite's test database in memory, where no other process sees it."""
    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})["NAME"] = str(STATE / "test.sqlite3")


def url_of_the_test_database() -> str:
    """What ``DATABASE_URL`` must be for another process to open the database of the tests."""
    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{default['NAME']}"
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path=f"/{default['NAME']}"))


def touched_by(item: pytest.Item) -> bool:
    """Of the tests in a browser those alone that say so. They are about what a page does with what it is sent, and what
    it is sent is asked for on either database by tests without a browser (docs/decisions/0004)."""
    if item.get_closest_marker("browser"):
        return item.get_closest_marker("on_both_databases") is not None
    names = set(getattr(item, "fixturenames", ()))
    return bool(names & DATABASE_FIXTURES) or item.get_closest_marker("django_db") is not None
