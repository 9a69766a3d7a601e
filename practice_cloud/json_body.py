"""The JSON object in a request's body, as it may be kept and sent on."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from practice_cloud.store import Doc


def json_object(raw: bytes) -> Doc:
    """Raises ValueError, which says why, for what is no JSON, no object, or no text that can be written as UTF-8."""
    try:
        found: Any = json.loads(raw or b"null", parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise ValueError("it holds half of a surrogate pair, or bytes that are not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not valid JSON") from error
    if not isinstance(found, dict):
        raise ValueError("it must be a JSON object")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
