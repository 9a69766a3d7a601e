"""docs/architecture.md says which room holds what and imports what, and the code agrees."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.architecture.imports import imports_of, sources
from tests.architecture.written import code, files, names, read, rows, section
from tests.environment import ROOT

PAGE = "docs/architecture.md"
ROWS = rows(section(PAGE, "Rooms"))
INSIDE = rows(section(PAGE, "The practice cloud inside"))
NOT_CHECKED = "everything"


def place_of(row: list[str]) -> str:
    return code(row[0])[0].rstrip("/").removesuffix(".py")


PORTAL_FILES = [str(path.with_suffix("")) for path in files() if path.match("labportal/*.py") and len(path.parts) == 2]
PLACES = {place_of(row) for row in ROWS} | set(PORTAL_FILES)
INNER = {place_of(row) for row in INSIDE}


def modules_of(place: str) -> set[str]:
    """The modules that a room imports, as ``labportal/labs/models``."""
    named = {f"{module}.{name}" for path in sources(place) for module, name in imports_of(path)}
    return {one.rstrip(".").replace(".", "/") for one in named}


def room_of(module: str, places: set[str]) -> str | None:
    """The innermost of the places that holds a module."""
    holding = [place for place in places if module == place or module.startswith(f"{place}/")]
    return max(holding, key=len, default=None)


def imported(place: str, places: set[str]) -> set[str]:
    rooms = {room_of(module, places) for module in modules_of(place)}
    return {Path(room).name for room in rooms if room not in (None, place)}


@pytest.mark.parametrize("row", [row for row in ROWS if row[2] != NOT_CHECKED], ids=place_of)
def test_a_room_imports_just_what_its_row_says(row: list[str]) -> None:
    assert imported(place_of(row), PLACES) == names(row[2])


@pytest.mark.parametrize("row", INSIDE, ids=place_of)
def test_a_room_of_the_practice_cloud_imports_just_what_its_row_says(row: list[str]) -> None:
    assert imported(place_of(row), INNER) == names(row[2])


def test_every_room_has_a_row() -> None:
    folders = {path.parts[:2] for path in files() if path.suffix == ".py" and len(path.parts) > 2}
    inside = {f"{top}/{room}" for top, room in folders if top == "practice_cloud"}
    assert inside == INNER
    rooms = {f"{top}/{room}" for top, room in folders if top in ("labportal", "steps")}
    tops = {path.parts[0] for path in files() if path.suffix == ".py" and len(path.parts) > 1}
    whole = tops - {"labportal", "steps", "tests"}
    assert rooms | whole | {"steps/registry"} == {place_of(row) for row in ROWS}


def test_every_file_beside_the_rooms_of_the_portal_is_named() -> None:
    named = code(section(PAGE, "Rooms"))
    assert [place for place in PORTAL_FILES if f"{place}.py" not in named and not place.endswith("__init__")] == []


@pytest.mark.parametrize("room", ["launcher", "steps"])
def test_a_room_that_may_import_only_the_standard_library_does(room: str) -> None:
    tops = {module.partition("/")[0] for module in modules_of(room)}
    assert tops - sys.stdlib_module_names == {room}


def test_celery_tasks_only_hand_over() -> None:
    """One call, with what they were given."""
    homes = [path for path in files() if path.parts[0] == "labportal" and "shared_task" in read(path)]
    assert homes == [Path("labportal/runs/tasks.py")]
    tasks = [node for node in ast.parse(read(homes[0])).body if isinstance(node, ast.FunctionDef)]
    assert tasks
    for task in tasks:
        (only,) = task.body
        assert isinstance(only, ast.Expr), task.name
        assert isinstance(only.value, ast.Call), task.name
        starred = [f"*{task.args.vararg.arg}"] if task.args.vararg else []
        given = [arg.arg for arg in task.args.args] + starred
        assert [ast.unparse(argument) for argument in only.value.args] == given


def test_the_contracts_of_lint_imports_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    monkeypatch.setattr("importlinter.cli._configure_logging", lambda _verbose: None)  # it silences all other loggers
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out
