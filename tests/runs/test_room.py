"""The map of the room leads to every file in it, and to nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from labportal import runs


def test_the_map_names_every_file() -> None:
    files = {path.stem for path in Path(str(runs.__file__)).parent.glob("*.py")} - {"__init__"}
    assert set(re.findall(r"``([a-z_]+)``", str(runs.__doc__))) == files
