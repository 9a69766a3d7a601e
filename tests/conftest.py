"""What every test may ask for: a real Redis, a practice cloud, and the portal's real processes on a real database."""

from __future__ import annotations

from tests import environment

environment.prepare()

import gc  # noqa: E402
import os  # noqa: E402
from collections.abc import Callable, Generator, Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

import pytest  # noqa: E402
import redis  # noqa: E402
from django.conf import settings  # noqa: E402

from launcher.child import Child  # noqa: E402
from tests import databases, processes  # noqa: E402

if TYPE_CHECKING:
    from tests.practice_process import Practice

settings.LOGGING_CONFIG  # noqa: B018  loads the settings now, so that pytest-django finds them
settings.PASSWORD_HASHERS = ["tests.hashing.OneRound"]
WIRE = {"redis_url", "practice", "portal_env"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="only what is to be tested on each database")
    parser.addoption("--quick", action="store_true", help="what needs no other process, of long tables a few rows")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--quick"):
        from tests.quick import Quick

        config.pluginmanager.register(Quick(), "quick")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Thousands of tests are a million objects that stay for good. The garbage collector is kept from looking at them
    again and again: a third of the time of collecting, a tenth of that of the quick tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Marks what the fixtures already say: ``wire``, ``browser``, and a database that other processes can see.

    The tests in a browser come last: Playwright's event loop runs on in this thread, and no other may then.
    """
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & WIRE:
            item.add_marker("wire")
        if "chrome" in names:
            item.add_marker("browser")
        if "portal_env" in names:
            item.add_marker(pytest.mark.django_db(transaction=True))
    if config.getoption("--database-only"):
        kept = [item for item in items if databases.touched_by(item)]
        config.hook.pytest_deselected(items=[item for item in items if not databases.touched_by(item)])
        items[:] = kept
    yield
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The test database is one that the worker, the sweeper and the web process can open as well."""
    databases.use_a_file_for_sqlite()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a real Redis, the one in ``settings.REDIS_URL``."""
    child, url = processes.start_redis(environment.REDIS_FOLDER)
    yield url
    child.stop()


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A practice cloud in a process of its own."""
    from tests.practice_process import start_practice

    with start_practice(tmp_path_factory.mktemp("practice")) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def portal_env(django_db_setup: None, redis_url: str, practice: Practice) -> dict[str, str]:
    """The environment of the portal's processes: the test database, this Redis, this practice cloud.

    A test that asks for it gets a transactional database, so that what it writes is seen by the other processes.
    """
    settings.PRACTICE_PROXY, settings.PRACTICE_CA = practice.proxy, practice.ca_bundle
    settings.PRACTICE_CONTROL = practice.control
    return {
        **os.environ,
        "DATABASE_URL": databases.url_of_the_test_database(),
        "REDIS_URL": redis_url,
        "LAB_PRACTICE_PROXY": practice.proxy,
        "LAB_PRACTICE_CA": practice.ca_bundle,
        "LAB_PRACTICE_CONTROL": practice.control,
    }


@pytest.fixture(scope="session")
def static_files(portal_env: dict[str, str]) -> Path:
    """The collected static files, which the web process serves."""
    processes.collect_static(portal_env)
    return Path(settings.STATIC_ROOT)


@pytest.fixture
def empty_redis(redis_url: str) -> None:
    """Forgets what earlier tests left in the queue."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()


@pytest.fixture
def start_worker(portal_env: dict[str, str], empty_redis: None) -> Iterator[Callable[[], Child]]:
    """Starts as many workers as the test asks for; they are gone when it ends. ``child.kill()`` is kill -9."""
    started: list[Child] = []

    def begin(**more: str) -> Child:
        started.append(processes.start_worker({**portal_env, **more}))
        return started[-1]

    yield begin
    for child in started:
        child.kill()


@pytest.fixture(scope="module")
def worker(portal_env: dict[str, str], redis_url: str) -> Iterator[Child]:
    """One worker for all tests of a module."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    child = processes.start_worker(portal_env)
    yield child
    child.stop()


@pytest.fixture(scope="module")
def sweeper(portal_env: dict[str, str]) -> Iterator[Child]:
    """One sweeper for all tests of a module."""
    child = processes.start_sweeper(portal_env)
    yield child
    child.stop()


@pytest.fixture
def follower(portal_env: dict[str, str]) -> Iterator[Child]:
    """A follower of the test's own: it begins where the timeline of its database does."""
    child = processes.start_follower(portal_env)
    yield child
    child.stop()


@pytest.fixture(scope="module")
def web(portal_env: dict[str, str], static_files: Path) -> Iterator[str]:
    """The address of a web process, without a slash at the end."""
    child, address = processes.start_web(portal_env)
    yield address
    child.stop()
