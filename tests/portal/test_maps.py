"""The map at the door of a room leads to every file in it, and to nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from labportal import classes, labs, runs, students, support
from labportal.classes import roster


@pytest.mark.parametrize("room", [classes, labs, roster, runs, students, support], ids=lambda room: room.__name__)
def test_the_map_names_every_file(room: ModuleType) -> None:
    files = {path.stem for path in Path(str(room.__file__)).parent.glob("*.py")} - {"__init__"}
    assert set(re.findall(r"``([a-z_]+)``", str(room.__doc__))) == files
