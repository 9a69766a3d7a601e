"""The part of OData's ``$filter`` that clients use on resources: ``a eq 'b'``, joined by ``and`` or ``or``.

``tagName eq 'a' and tagValue eq 'b'`` is about one tag, which has both:
https://learn.microsoft.com/rest/api/resources/resources/list
"""

from __future__ import annotations

import re
from collections.abc import Callable

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_FIELDS: dict[str, Callable[[Doc], str]] = {
    "resourcetype": lambda resource: str(resource["type"]),
    "name": lambda resource: str(resource["name"]),
    "location": lambda resource: str(resource["location"]),
    "resourcegroup": lambda resource: str(resource["id"].split("/")[4]),
}
_TAG = re.compile(r"\(?tagName\s+eq\s+'((?:[^']|'')*)'\s+and\s+tagValue\s+eq\s+'((?:[^']|'')*)'\)?", re.IGNORECASE)
_TERM = re.compile(r"(\w+)\s+(eq|ne)\s+'((?:[^']|'')*)'", re.IGNORECASE)


def parse(text: str | None) -> Callable[[Doc], bool]:
    """Whether a resource passes; ``and`` binds closer than ``or``. Raises AzureError 400 for what it does not know."""
    if not text:
        return lambda _: True
    alternatives = [_all(part) for part in re.split(r"\s+or\s+", text.strip().strip("()"), flags=re.IGNORECASE)]
    return lambda resource: any(passes(resource) for passes in alternatives)


def _all(text: str) -> Callable[[Doc], bool]:
    tag = _TAG.fullmatch(text.strip())
    if tag is not None:
        name, value = (part.replace("''", "'") for part in tag.groups())
        return lambda resource: any(key.lower() == name.lower() and it == value for key, it in resource["tags"].items())
    terms = [_term(part) for part in re.split(r"\s+and\s+", text, flags=re.IGNORECASE)]
    return lambda resource: all(passes(resource) for passes in terms)


def _term(text: str) -> Callable[[Doc], bool]:
    found = _TERM.fullmatch(text.strip().strip("()").strip())
    if found is None or found.group(1).lower() not in {*_FIELDS, "tagname", "tagvalue"}:
        raise AzureError(400, "InvalidFilterInQueryString", f"Invalid $filter '{text}' specified in the query string.")
    field, equal, wanted = found.group(1).lower(), found.group(2).lower() == "eq", found.group(3).replace("''", "'")
    if field == "tagname":
        return lambda resource: (wanted.lower() in {name.lower() for name in resource["tags"]}) is equal
    if field == "tagvalue":
        return lambda resource: (wanted in resource["tags"].values()) is equal
    return lambda resource: (_FIELDS[field](resource).lower() == wanted.lower()) is equal
