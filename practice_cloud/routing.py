"""Routes as Azure has them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

PATHS_REMEMBERED = 4096


class AnyCaseRoute(Route):
    """A route for every method that does not mind the case of the path's fixed words."""

    def __init__(self, path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
        super().__init__(path, endpoint, methods=["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"])
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)


class Routes(BaseRoute):
    """Many routes as one, the first that matches. Where a path led is remembered: clients ask for few paths again and
    again, and trying forty patterns is an eighth of what an answer costs."""

    def __init__(self, routes: Sequence[AnyCaseRoute]) -> None:
        self._routes = {route.endpoint: route for route in routes}
        self._find = lru_cache(maxsize=PATHS_REMEMBERED)(self._search)

    def _search(self, path: str) -> tuple[AnyCaseRoute, dict[str, Any]] | None:
        for route in self._routes.values():
            match, found = route.matches({"type": "http", "path": path, "method": "GET"})
            if match is Match.FULL:
                return route, found["path_params"]
        return None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = self._find(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            return Match.NONE, {}
        route, parameters = found
        return Match.FULL, {"endpoint": route.endpoint, "path_params": dict(parameters)}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._routes[scope["endpoint"]].handle(scope, receive, send)
