"""Makes ``recorded.json`` anew: ``TEST_AZ=…/bin/az python -m tests.practice.by_hand.record``.

Signing in and the polls of long operations are left out: the first is another test's, the second name operations of
that day.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from tests.practice.by_hand.az import Az, az_path
from tests.practice.by_hand.commands import SCRIPTS, Line, names_of
from tests.practice.by_hand.replay import QUICK, RECORDED, STUDENTS_OWN, oid_of
from tests.practice_process import Json, Practice, start_practice

HERE = Path(__file__).parent
HOSTS = re.compile(r"https://(management\.azure\.com|graph\.microsoft\.com|[\w-]+\.vault\.azure\.net)[:/]")
POLL = re.compile(r"/operations/|/operationresults/|/operationstatuses/", re.IGNORECASE)


def main() -> None:
    az = az_path()
    if az is None:
        raise SystemExit("TEST_AZ must name az")
    with tempfile.TemporaryDirectory() as folder, start_practice(Path(folder) / "cloud") as cloud:
        cloud.ask("PUT", "/timings", QUICK)
        told = {
            name: _script(cloud, az.parent / "python", Path(folder) / name, lines) for name, lines in SCRIPTS.items()
        }
    RECORDED.write_text(json.dumps(told, indent=1) + "\n")


def _script(cloud: Practice, python: Path, home: Path, lines: tuple[Line, ...]) -> list[Any]:
    student, heard = cloud.student(), home / "heard.jsonl"
    home.mkdir()
    az = Az([str(python), "-s", str(HERE / "listening.py"), str(heard)], cloud, home)
    az.sign_in(student)
    names, told = names_of(student, oid_of(cloud, student)), []
    for line in lines:
        heard.write_text("")
        said = az.run(line.command.format(**names))
        if (said.code == 0) != line.succeeds or line.says.format(**names).lower() not in said.text.lower():
            raise SystemExit(f"{line.command} ended otherwise:\n{said.text}")
        told.append({"command": line.command, "requests": [_named(one, names) for one in _kept(heard)]})
    return told


def _kept(heard: Path) -> list[Json]:
    sent = [json.loads(text) for text in heard.read_text().splitlines()]
    kept: list[Json] = []
    for one in sent:
        if HOSTS.match(one["url"]) and not POLL.search(one["url"]) and one["status"] != 401 and one not in kept[-1:]:
            kept.append(one)
    return kept


def _named(one: Json, names: dict[str, str]) -> Json:
    """The request with ``<names>`` in place of what is one student's only."""
    text = json.dumps(one)
    for name in STUDENTS_OWN:
        text = re.sub(re.escape(names[name]), f"<{name}>", text, flags=re.IGNORECASE)
    return dict(json.loads(text))


if __name__ == "__main__":
    main()
