"""What Azure Policy refused, in words: the policies by the names they have in Azure's portal. An assignment's own name
is often a GUID, and Azure's message holds it in JSON.

Shape: ``additionalInfo`` of https://learn.microsoft.com/azure/automation/enforce-job-execution-hybrid-worker.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

CODE = "RequestDisallowedByPolicy"
_IDENTIFIERS = " Policy identifiers: "


def in_words(told: Mapping[str, Any]) -> str:
    """Azure's message, with the names where Azure tells them; as it is where it does not. ``told``: the ``error``."""
    message = str(told.get("message") or "")
    said, _, identifiers = message.partition(_IDENTIFIERS)
    named = list(dict.fromkeys([*_informed(told.get("additionalInfo"))] or [*_identified(identifiers)]))
    return f"{said} The policy: {', '.join(named)}." if named else message


def _informed(info: Any) -> Iterator[str]:
    for one in info if isinstance(info, list) else ():
        about = one.get("info") if isinstance(one, dict) and one.get("type") == "PolicyViolation" else None
        if not isinstance(about, dict):
            continue
        name = str(about.get("policyAssignmentName") or "")
        shown = about.get("policyAssignmentDisplayName") or about.get("policyDefinitionDisplayName")
        if shown or name:
            yield _named(str(shown or name), name)


def _identified(identifiers: str) -> Iterator[str]:
    """Those in Azure's message: the same names, in JSON."""
    try:
        found = json.loads(identifiers.strip(" .'"))
    except ValueError:
        return
    for one in found if isinstance(found, list) else ():
        assignment = one.get("policyAssignment") if isinstance(one, dict) else None
        if isinstance(assignment, dict) and assignment.get("name"):
            yield _named(str(assignment["name"]), str(assignment.get("id") or "").rpartition("/")[2])


def _named(shown: str, name: str) -> str:
    """As ``shown``, and as whoever has to look it up by its name would type it."""
    return f'"{shown}"' if name in {"", shown} else f'"{shown}" (assignment {name})'
