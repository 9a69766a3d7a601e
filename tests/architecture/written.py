"""What the pages of documentation say, in a form that tests can hold against the code."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from tests.environment import ROOT

_CODE = re.compile(r"`([^`\n]+)`")


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root; folders that begin with a dot hold what is made later."""
    found: list[Path] = []
    for folder, below, inside in os.walk(ROOT):
        below[:] = [name for name in below if not name.startswith((".", "__pycache__"))]
        found += [Path(folder, name).relative_to(ROOT) for name in inside]
    return tuple(sorted(found))


def pages() -> list[Path]:
    """Every page of documentation, relative to the root."""
    return [path for path in files() if path.suffix == ".md"]


def read(page: str | Path) -> str:
    return (ROOT / page).read_text()


def section(page: str, heading: str) -> str:
    """What stands under ``## heading``, up to the next of its kind."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", read(page), re.DOTALL | re.MULTILINE)
    assert found, f"{page} has no section {heading}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in ``text``, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads = {at - 1 for at, row in enumerate(cells) if set("".join(row)) <= {"-"}}
    return [row for at, row in enumerate(cells) if at not in heads and set("".join(row)) - {"-"}]


def code(text: str) -> list[str]:
    """What is written ``as code`` in it."""
    return _CODE.findall(text)


def names(text: str) -> set[str]:
    """The identifiers among what is written as code."""
    return {word for word in code(text) if word.isidentifier()}


def braces(cell: str) -> set[str]:
    """The field names of a JSON shape such as ``{"ms", "jitter_ms"}``."""
    return set(re.findall(r'"(\w+)"', cell))
