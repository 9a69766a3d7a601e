"""All event streams of a process, beside Django: one Redis subscription carries for every one of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.conf import settings
from starlette.applications import Starlette

from labportal.board import stream as of_classes
from labportal.board.feed import Feeds
from labportal.runs import stream as of_walks
from labportal.runs.hub import Hub


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.hub = Hub(settings.REDIS_URL)
    app.state.feeds = Feeds(app.state.hub)
    carrying = asyncio.create_task(app.state.hub.carry())
    try:
        yield
    finally:
        carrying.cancel()
        app.state.feeds.close()
        of_walks.close()


events_app = Starlette(routes=[*of_walks.routes, *of_classes.routes], lifespan=_lifespan)
