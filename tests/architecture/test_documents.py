"""What the pages name, link to and show is there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from launcher import portal, ports
from launcher.main import main
from tests.architecture.written import code, files, pages, read, rows, section
from tests.environment import ROOT

TOPS = {path.parts[0] for path in files() if len(path.parts) > 1}
VARIABLE = re.compile(r"\"(LAB_[A-Z_]+|DATABASE_URL|REDIS_URL)\"|os\.environ(?:\.get\(|\[)[\"'](\w+)")
FOR_SHELLS = "launcher/student.py"
"""It writes variables for a student's own commands, which nothing of ours reads."""


def anchors(page: str) -> set[str]:
    """The addresses of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


def broken(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    there = (ROOT / page.parent / path) if path else ROOT / page
    return not there.exists() or (bool(anchor) and anchor not in anchors(there.read_text()))


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_link_and_picture_of_a_page_is_there(page: Path) -> None:
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", read(page)) if "://" not in target]
    assert [target for target in targets if broken(page, target)] == []


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_file_a_page_names_is_there(page: Path) -> None:
    paths = [word for word in code(read(page)) if "/" in word and word.partition("/")[0] in TOPS]
    named = [word for word in paths if re.fullmatch(r"[\w./-]+", word)]
    assert [word for word in named if not (ROOT / word).exists()] == []


def known_commands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    main(["help"])
    return set(re.findall(r"^    (\w+)", capsys.readouterr().out, re.MULTILINE))


def test_every_command_that_is_shown_exists(capsys: pytest.CaptureFixture[str]) -> None:
    known = known_commands(capsys)
    for page in pages():
        assert set(re.findall(r"\./lab (\w+)", read(page))) <= known, page


def test_every_command_is_shown_to_somebody(capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.findall(r"\./lab (\w+)", read("README.md") + read("CONTRIBUTING.md"))
    assert known_commands(capsys) - {"help"} <= set(shown)


def test_the_processes_are_started_as_the_architecture_says() -> None:
    log = Path(os.devnull)
    with ports.bound("127.0.0.1", 0) as listener:
        web = portal.web_service(ROOT, {}, log, listener)
    services = {
        "web": web,
        "worker": portal.worker_service(ROOT, {}, log),
        "sweeper": portal.sweeper_service(ROOT, {}, log),
        "follower": portal.follower_service(ROOT, {}, log),
    }
    said = {row[0]: row[1] for row in rows(section("docs/architecture.md", "Processes"))}
    for name, service in services.items():
        (command,) = code(said[name])
        assert " ".join(["python", *service.argv[1:]]).startswith(command)
    assert {row[0] for row in rows(section("docs/architecture.md", "Processes"))} >= set(services)


def variables_in(path: Path) -> set[str]:
    """Every variable of ours, and every one that is read from the environment by name."""
    return {ours or read_by_name for ours, read_by_name in VARIABLE.findall(read(path))}


def test_the_variables_that_are_documented_are_those_that_are_read() -> None:
    """In both directions: none is secret, and none is left from earlier."""
    folders = ("labportal", "launcher", "practice_cloud")
    sources = [p for p in files() if p.parts[0] in folders and p.suffix == ".py" and str(p) != FOR_SHELLS]
    used = {name for path in sources for name in variables_in(path)}
    documented = {name for row in rows(section("docs/operating.md", "Environment")) for name in code(row[0])}
    assert documented == used


def test_the_variables_for_a_students_shell_are_documented_as_such() -> None:
    exported = variables_in(Path(FOR_SHELLS))
    assert exported
    assert exported <= set(code(section("docs/operating.md", "Environment")))


def test_every_message_that_is_explained_is_one_that_is_said() -> None:
    """Word for word, with what a message fills in between them."""
    said = "".join(read(path) for path in files() if path.parts[0] == "launcher" and path.suffix == ".py")
    table = rows(section("docs/operating.md", "When something is wrong"))
    explained = [message for row in table for message in re.findall(r"^\*(.+?)\*", row[0])]
    assert len(explained) > 5
    filled_in = re.compile(r"\b(?:\d+|worker|keys\.json)\b|…")
    for message in explained:
        words = map(re.escape, filled_in.sub("", message).split())
        assert re.search(r".{0,40}?".join(words), said, re.DOTALL), message


def test_every_decision_is_in_the_index_under_its_own_title() -> None:
    index = dict(re.findall(r"\[([^\]]+)\]\((\d{4}[\w.-]+\.md)\)", read("docs/decisions/README.md")))
    records = {path.name: read(path).splitlines()[0].removeprefix("# ") for path in pages() if path.name[:4].isdigit()}
    assert {name: title for title, name in index.items()} == records
    assert [name[:4] for name in sorted(records)] == [f"{number:04}" for number in range(1, len(records) + 1)]
