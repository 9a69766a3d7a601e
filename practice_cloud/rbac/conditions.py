"""Conditions on role assignments: which actions one lets through.

Form: https://learn.microsoft.com/azure/role-based-access-control/conditions-format. A comparison with an attribute of
the resource or the principal does not hold here: what the practice cloud protects has none of them. What a request or
the time would have to tell is not evaluated, and refused when it is set.
"""

from __future__ import annotations

import re

from practice_cloud.rbac.patterns import matches

_ACTION = re.compile(r"ActionMatches\s*\{\s*'([^']*)'\s*\}", re.IGNORECASE)
_SUBOPERATION = re.compile(r"SubOperationMatches\s*\{[^}]*\}", re.IGNORECASE)
_VALUE = re.compile(r"'[^']*'|\{[^}]*\}|\[[^\]]*\]")
_WORDS = (
    (re.compile(r"\bAND\b|&&", re.I), "&"),
    (re.compile(r"\bOR\b|\|\|", re.I), "|"),
    (re.compile(r"\bNOT\b", re.I), "!"),
)
_COMPARISON = re.compile(r"[^&|!()\s01][^&|!()]*")
_INNERMOST = re.compile(r"\(([^()]*)\)")
NOT_EVALUATED = re.compile(r"@(?:Request|Environment)\b", re.IGNORECASE)


def holds(condition: str, action: str) -> bool:
    """No condition always holds. Raises ValueError for a text that is none."""
    if not condition:
        return True
    text = _ACTION.sub(lambda found: " 1 " if matches(found[1], action) else " 0 ", condition)
    text = _VALUE.sub("x", _SUBOPERATION.sub(" 0 ", text))
    for pattern, sign in _WORDS:
        text = pattern.sub(sign, text)
    text = re.sub(r"\s", "", _COMPARISON.sub("0", text))
    while _INNERMOST.search(text):
        text = _INNERMOST.sub(lambda found: _flat(found[1]), text)
    return _flat(text) == "1"


def _flat(text: str) -> str:
    """Without parentheses: NOT before AND before OR. "1" or "0"."""
    return "1" if any(all(_term(one) for one in part.split("&")) for part in text.split("|")) else "0"


def _term(text: str) -> bool:
    if not re.fullmatch(r"!*[01]", text):
        raise ValueError(f"'{text}' is not part of a condition")
    return (text[-1] == "1") != (len(text) % 2 == 0)
