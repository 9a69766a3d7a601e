"""Every address of the portal, as its own URL list has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Address:
    name: str
    parameters: tuple[str, ...]

    def path(self, values: Mapping[str, object]) -> str:
        return reverse(self.name, kwargs={name: values[name] for name in self.parameters})


def _addresses(resolver: URLResolver, namespace: str = "", before: tuple[str, ...] = ()) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        parameters = before + tuple(entry.pattern.converters)
        if isinstance(entry, URLPattern):
            yield Address(f"{namespace}{entry.name}", parameters)
        elif entry.namespace != "admin":  # Django's own, with its own tests and its own sign-in
            yield from _addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, parameters)


ALL = sorted(_addresses(get_resolver()), key=lambda address: address.name)
OF_A_CLASS = [address for address in ALL if "class_id" in address.parameters]
"""Who may do what there: tests/classes/test_matrix.py."""


def name_of(address: Address) -> str:
    return address.name
