"""What stands in square brackets in a template: parameters, variables, and the few functions that small ones use.

Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions. Anything else is 501.
"""

from __future__ import annotations

import re
from typing import Any

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|(\d+)|([A-Za-z_]\w*)|([().,]))")


class Values:
    """``known`` are the values of ``parameters``, ``variables``, ``resourceGroup`` and ``subscription``."""

    def __init__(self, known: dict[str, Doc]) -> None:
        self._known = known

    def of(self, sent: Any) -> Any:
        """The same with every expression in it evaluated."""
        if isinstance(sent, dict):
            return {name: self.of(value) for name, value in sent.items()}
        if isinstance(sent, list):
            return [self.of(value) for value in sent]
        if not isinstance(sent, str) or not sent.startswith("[") or not sent.endswith("]"):
            return sent
        if sent.startswith("[["):
            return sent[1:]
        tokens = _tokens(sent[1:-1])
        value = self._expression(tokens)
        if tokens:
            raise _unknown(sent)
        return self.of(value) if isinstance(value, dict | list) else value

    def _expression(self, tokens: list[str]) -> Any:
        token = tokens.pop(0) if tokens else ""
        if token.startswith("'"):
            return token[1:]
        if token.isdecimal():
            return int(token)
        if not token.isidentifier() or not tokens or tokens.pop(0) != "(":
            raise _unknown(token)
        value = self._called(token, self._arguments(tokens))
        while tokens[:1] == ["."]:
            name = tokens[1] if len(tokens) > 1 else ""
            del tokens[:2]
            if not isinstance(value, dict) or name not in value:
                raise _unknown(name)
            value = value[name]
        return value

    def _arguments(self, tokens: list[str]) -> list[Any]:
        found: list[Any] = []
        while tokens and tokens[0] != ")":
            found.append(self._expression(tokens))
            if tokens[:1] == [","]:
                tokens.pop(0)
        if not tokens:
            raise _unknown("an expression without an end")
        tokens.pop(0)
        return found

    def _called(self, function: str, arguments: list[Any]) -> Any:
        name = function.lower()
        if name in ("parameters", "variables") and len(arguments) == 1:
            kept = self._known[name]
            if arguments[0] not in kept:
                raise AzureError(400, "InvalidTemplate", f"The template {name} '{arguments[0]}' is not found.")
            return self.of(kept[arguments[0]])
        if name in ("resourcegroup", "subscription") and not arguments:
            return self._known[name]
        if name == "concat":
            return "".join(str(one) for one in arguments)
        if name == "resourceid" and len(arguments) > 1:
            return resource_id(
                self._known["resourcegroup"]["id"], str(arguments[0]), [str(one) for one in arguments[1:]]
            )
        raise _unknown(function)


def resource_id(group: str, kind: str, names: list[str]) -> str:
    """The id of ``Microsoft.KeyVault/vaults/secrets`` with the names of the vault and the secret."""
    namespace, *kinds = kind.split("/")
    pairs = "/".join(f"{one}/{name}" for one, name in zip(kinds, names, strict=False))
    return f"{group}/providers/{namespace}/{pairs}"


def _tokens(text: str) -> list[str]:
    """Strings keep a quote before them, so that they are told from words."""
    found, at = [], 0
    while at < len(text.rstrip()):
        token = _TOKEN.match(text, at)
        if token is None:
            raise _unknown(text)
        string, at = token.group(1), token.end()
        found.append(f"'{string.replace(chr(39) * 2, chr(39))}" if string is not None else token.group(0).strip())
    return found


def _unknown(what: str) -> AzureError:
    return AzureError(
        501, "NotImplementedByPracticeCloud", f"The practice cloud does not evaluate this in a template: {what}"
    )
