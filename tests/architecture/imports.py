"""What the code imports, wherever in a file it does."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tests.architecture.written import files, read


@cache
def imports_of(path: Path) -> tuple[tuple[str, str], ...]:
    """Module and name, for every import of a file; the name is "" where the module itself is meant."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found += [(node.module, alias.name) for alias in node.names]
    return tuple(found)


@cache
def sources(place: str) -> tuple[Path, ...]:
    """The Python files of a folder, or the one file that ``place`` names without its ending."""
    python = [path for path in files() if path.suffix == ".py"]
    return tuple(path for path in python if path.is_relative_to(place) or path.with_suffix("") == Path(place))
