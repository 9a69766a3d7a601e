"""What a client says it can do, in the ``claims`` of a token request: the token repeats it.

Source: https://learn.microsoft.com/entra/identity-platform/claims-challenge ("Client capabilities").
"""

from __future__ import annotations

import json
from typing import Any

from practice_cloud.entra.errors import EntraError

CLAIM = "xms_cc"
LONGEST = 64
_MALFORMED = "The request is malformed: its parameter 'claims' is no JSON of the kind that OpenID Connect describes."


def asks_for_more(form: dict[str, str]) -> bool:
    """Whether the claims ask for an authentication context (``acrs``), as a challenge of ARM's says.

    Raises EntraError for claims that are no such JSON.
    """
    return "acrs" in _access_token(form)


def _access_token(form: dict[str, str]) -> dict[str, Any]:
    """What the claims say of the access token; {} where nothing is said. Raises EntraError."""
    if not form.get("claims"):
        return {}
    try:
        return dict(json.loads(form["claims"]).get("access_token") or {})
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise EntraError(400, "invalid_request", 9002313, _MALFORMED) from error


def told(form: dict[str, str]) -> dict[str, Any]:
    """``{"xms_cc": ["CP1"]}`` from ``{"access_token": {"xms_cc": {"values": ["CP1"]}}}``; {} where nothing is said.

    Raises EntraError for claims that are no such JSON.
    """
    try:
        values = _access_token(form).get(CLAIM, {}).get("values", [])
        known = [str(value)[:LONGEST] for value in values][:LONGEST]
    except (AttributeError, TypeError) as error:
        raise EntraError(400, "invalid_request", 9002313, _MALFORMED) from error
    return {CLAIM: known} if known else {}
