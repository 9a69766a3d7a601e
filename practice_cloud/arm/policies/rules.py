"""A policy's rule, really evaluated: ``if`` with allOf, anyOf, not and conditions on fields; ``then`` with an effect.

Source: https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule. What is not in
here (count, value, [*], other functions than parameters) is refused when a definition is made, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from practice_cloud.store import Doc

EFFECTS = ("deny", "audit", "disabled")
_PARAMETER = re.compile(r"\[\s*parameters\('([^']+)'\)\s*\]", re.IGNORECASE)
_TAG = re.compile(r"tags\[\s*'?([^'\]]+)'?\s*\]|tags\.(.+)", re.IGNORECASE)
_PLAIN = ("type", "name", "location", "kind", "tags")


class NotKnown(ValueError):
    """Something of a rule that is not evaluated here."""


def _text(value: Any) -> str:
    return str(value).lower()


def _is(found: Any, wanted: Any) -> bool:
    return found is not None and _text(found) == _text(wanted)


def _among(found: Any, wanted: Any) -> bool:
    return isinstance(wanted, list) and any(_is(found, one) for one in wanted)


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": _is,
    "notequals": lambda found, wanted: not _is(found, wanted),
    "in": _among,
    "notin": lambda found, wanted: not _among(found, wanted),
    "like": lambda found, wanted: found is not None and fnmatchcase(_text(found), _text(wanted)),
    "notlike": lambda found, wanted: found is None or not fnmatchcase(_text(found), _text(wanted)),
    "contains": lambda found, wanted: found is not None and _text(wanted) in _text(found),
    "notcontains": lambda found, wanted: found is None or _text(wanted) not in _text(found),
    "exists": lambda found, wanted: (found is not None) is (_text(wanted) == "true"),
}


def check(rule: Any, parameters: Any) -> None:
    """Raises NotKnown for a rule that could not be evaluated."""
    if not isinstance(parameters, dict):
        raise NotKnown("parameters that are no object")
    if not isinstance(rule, dict) or "if" not in rule or not isinstance(rule.get("then"), dict):
        raise NotKnown("a rule has an if and a then")
    values = {name: _default(one) for name, one in parameters.items()}
    _holds(rule["if"], {}, values, [])
    effect = _text(_value(rule["then"].get("effect"), values))
    if effect not in (*EFFECTS, "none"):  # a parameter without a default may hold anything yet
        raise NotKnown(f"the effect {effect}")


def broken(rule: Doc, resource: Doc, values: Doc) -> list[Doc] | None:
    """The conditions that were evaluated where the rule forbids the resource; None where it does not."""
    expressions: list[Doc] = []
    holds = _holds(rule["if"], resource, values, expressions)
    return expressions if holds and _text(_value(rule["then"]["effect"], values)) == "deny" else None


def values_of(parameters: Doc, given: Doc) -> Doc:
    """What the parameters of a definition are in an assignment."""
    return {name: (given.get(name) or {}).get("value", _default(one)) for name, one in parameters.items()}


def _default(parameter: Any) -> Any:
    known = isinstance(parameter, dict)
    empty: Any = [] if known and _text(parameter.get("type")) == "array" else None
    return parameter.get("defaultValue", empty) if known else empty


def _holds(condition: Any, resource: Doc, values: Doc, expressions: list[Doc]) -> bool:
    """All parts are looked at, so that what is not known shows at once."""
    if not isinstance(condition, dict):
        raise NotKnown("a condition is an object")
    parts = {name.lower(): part for name, part in condition.items()}
    if "not" in parts:
        return not _holds(parts["not"], resource, values, expressions)
    for name, quantified in (("allof", all), ("anyof", any)):
        if isinstance(parts.get(name), list):
            return quantified([_holds(one, resource, values, expressions) for one in parts[name]])
    operators = set(parts) - {"field"}
    if "field" not in parts or len(operators) != 1 or not operators <= set(_OPERATORS):
        raise NotKnown(f"the condition with {', '.join(sorted(condition))}")
    operator = operators.pop()
    field, wanted = str(_value(parts["field"], values)), _value(parts[operator], values)
    found = _field(field, resource)
    result = _OPERATORS[operator](found, wanted)
    expressions.append(
        {
            "result": str(result),
            "expressionKind": "Field",
            "expression": field,
            "path": field,
            "expressionValue": found,
            "targetValue": wanted,
            "operator": operator[0].upper() + operator[1:],
        }
    )
    return result


def _value(sent: Any, values: Doc) -> Any:
    named = _PARAMETER.fullmatch(sent) if isinstance(sent, str) else None
    if named:
        return next((value for name, value in values.items() if name.lower() == named[1].lower()), None)
    if isinstance(sent, str) and sent.startswith("[") and not sent.startswith("[["):
        raise NotKnown(f"the expression {sent}")
    return sent


def _field(name: str, resource: Doc) -> Any:
    """A field of a resource, by its own name or by an alias such as Microsoft.KeyVault/vaults/sku.name."""
    tag = _TAG.fullmatch(name)
    if tag:
        return next((v for k, v in (resource.get("tags") or {}).items() if _is(k, tag[1] or tag[2])), None)
    if name.lower() in _PLAIN:
        return resource.get(name.lower())
    parts = name.split("/")
    if len(parts) < 3 or "[" in name:
        raise NotKnown(f"the field {name}")
    if not _is(resource.get("type"), "/".join(parts[:2])):
        return None
    found: Any = resource.get("properties")
    for step in ".".join(parts[2:]).split("."):
        found = next((v for k, v in found.items() if _is(k, step)), None) if isinstance(found, dict) else None
    return found
