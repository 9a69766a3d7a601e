"""Routes as Azure has them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class AnyCaseRoute(Route):
    """A route for every method that does not mind the case of the path's fixed words."""

    def __init__(self, path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
        super().__init__(path, endpoint, methods=["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"])
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)
