"""Chromium, and a portal with all of its processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.chromium import chromium as start_chromium
from tests.browser.chromium import complaints

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from launcher.child import Child

# Playwright keeps an event loop in this thread, where Django then refuses to work with the database.
# Nothing here is async: the tests and their fixtures run one after the other.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    with start_chromium() as browser:
        yield browser


@pytest.fixture
def portal(web: str, worker: Child, sweeper: Child) -> str:
    """The address of a portal whose work gets done."""
    return web


@pytest.fixture
def new_context(chrome: Browser, portal: str) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh person's browser each time, with Playwright's options for it."""
    opened: list[BrowserContext] = []

    def begin(**options: Any) -> BrowserContext:
        context = chrome.new_context(base_url=portal, **options)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield begin
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page whose console must stay quiet."""
    page = new_context().new_page()
    said = complaints(page)
    yield page
    assert said == []
