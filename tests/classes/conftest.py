"""As for every page (tests/portal/conftest.py): static files as they lie in the folders, quick passwords."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from tests.portal.conftest import ada, anonymous, browser, plain_and_quick, session  # noqa: F401  fixtures by their names

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from tests.classes.world import World


@pytest.fixture(scope="module")
def one_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once for the tests of a module, in a transaction around theirs: to make it takes longer than most of them.
    No test of such a module may be transactional."""
    from tests.classes.world import for_a_while

    with ExitStack() as end:
        with django_db_blocker.unblock():
            world = end.enter_context(for_a_while())
        yield world
        with django_db_blocker.unblock():
            end.close()


@pytest.fixture
def world(one_world: World, db: None) -> World:
    """As it was made: what a test changes in the rows or in the objects is forgotten with it."""
    return deepcopy(one_world)
