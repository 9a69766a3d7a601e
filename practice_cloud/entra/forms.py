"""Reading OAuth's form bodies."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from practice_cloud.entra.errors import EntraError

LONGEST = 64 * 1024


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a urlencoded body; of a repeated one the first. Raises EntraError 900144-like for a broken body."""
    raw = await request.body()
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise EntraError(400, "invalid_request", 9002313, "The request is malformed or invalid.") from error
    if len(raw) > LONGEST:
        raise EntraError(400, "invalid_request", 9002313, "The request is too long.")
    return dict(reversed(pairs))
