"""The interface's own description, laid out for people: made from the same document as programs get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from labportal.results.api import api


@dataclass(frozen=True, slots=True)
class Field:
    """``depth``: how many objects it is inside of; ``kind`` as in "text", "number or null"."""

    name: str
    depth: int
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    path: str
    words: str
    parameters: tuple[Field, ...]
    fields: tuple[Field, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Described:
    about: str
    operations: tuple[Operation, ...]


_KINDS = {"string": "text", "integer": "number", "number": "number", "boolean": "true or false", "null": "null"}
_FORMATS = {"date-time": "time"}


@lru_cache(maxsize=1)
def described() -> Described:
    document = api.get_openapi_schema(path_params={})
    schemas = document["components"]["schemas"]
    operations = (_operation(path, methods["get"], schemas) for path, methods in document["paths"].items())
    return Described(document["info"]["description"], tuple(operations))


def _operation(path: str, told: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    answer = told["responses"][200]["content"]["application/json"]["schema"]
    return Operation(
        path=path,
        words=told["description"],
        parameters=tuple(
            Field(one["name"], 0, _kind(one["schema"], schemas), one.get("description", ""))
            for one in told["parameters"]
        ),
        fields=tuple(_fields(answer, schemas, 0)),
        problems=tuple(map(str, sorted(one for one in told["responses"] if one != "default" and one >= 400))),
    )


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int) -> Iterator[Field]:
    """Those of an object, and after each those of the object that it holds."""
    for name, one in _resolved(schema, schemas).get("properties", {}).items():
        yield Field(name, depth, _kind(one, schemas), one.get("description", ""))
        yield from _fields(_held(one, schemas), schemas, depth + 1)


def _held(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object itself, the one in a list, or the one that may be null."""
    if "items" in schema:
        return _held(schema["items"], schemas)
    for one in schema.get("anyOf", ()):
        if "$ref" in one:
            return _resolved(one, schemas)
    return _resolved(schema, schemas)


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = schemas[schema["$ref"].rpartition("/")[2]]
    return found


def _kind(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(one, schemas) for one in schema["anyOf"])
    whole = _resolved(schema, schemas)
    if "enum" in whole:
        return " | ".join(f"“{value}”" if value == "" else str(value) for value in whole["enum"])
    if "const" in whole:
        return str(whole["const"])
    if whole.get("type") == "array":
        return "list"
    if whole.get("type") == "object":
        return "object"
    return _FORMATS.get(whole.get("format", "")) or _KINDS[whole["type"]]
