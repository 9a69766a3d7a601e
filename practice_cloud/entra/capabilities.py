"""What a client says it can do, in the ``claims`` of a token request: the token repeats it.

Source: https://learn.microsoft.com/entra/identity-platform/claims-challenge ("Client capabilities").
"""

from __future__ import annotations

import json
from typing import Any

from practice_cloud.entra.errors import EntraError

CLAIM = "xms_cc"
LONGEST = 64


def told(form: dict[str, str]) -> dict[str, Any]:
    """``{"xms_cc": ["CP1"]}`` from ``{"access_token": {"xms_cc": {"values": ["CP1"]}}}``; {} where nothing is said.

    Raises EntraError for claims that are no such JSON.
    """
    if not form.get("claims"):
        return {}
    try:
        asked: Any = json.loads(form["claims"])
        values = (asked.get("access_token") or {}).get(CLAIM, {}).get("values", [])
        known = [str(value)[:LONGEST] for value in values][:LONGEST]
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        text = "The request is malformed: its parameter 'claims' is no JSON of the kind that OpenID Connect describes."
        raise EntraError(400, "invalid_request", 9002313, text) from error
    return {CLAIM: known} if known else {}
