"""Reading what the control plane is sent."""

from __future__ import annotations

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request


async def json_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object. Raises HTTPException 400."""
    raw = await request.body()
    try:
        found = json.loads(raw) if raw.strip() else {}
    except ValueError as error:
        raise HTTPException(400, f"The body is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise HTTPException(400, "The body must be a JSON object, such as {}")
    return found
