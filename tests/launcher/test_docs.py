"""The documentation is complete where that can be checked."""

from __future__ import annotations

import re
import subprocess

import pytest

from launcher.main import main
from tests.environment import ROOT

READ = re.compile(r"\"(LAB_[A-Z_]+|DATABASE_URL|REDIS_URL|CHROME)\"")


def test_every_variable_the_code_reads_is_explained() -> None:
    folders = ("labportal", "launcher", "practice_cloud")
    code = "\n".join(path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py"))
    explained = (ROOT / "docs" / "operating.md").read_text()
    assert {name for name in READ.findall(code) if f"`{name}`" not in explained} == set()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/operating.md", "docs/architecture.md"])
def test_every_link_and_picture_of_a_page_is_there(page: str) -> None:
    source = ROOT / page
    targets = [target for target in re.findall(r"\]\(([^)#]+)", source.read_text()) if "://" not in target]
    assert [target for target in targets if not (source.parent / target).exists()] == []


def test_every_command_the_readme_shows_exists(capsys: pytest.CaptureFixture[str]) -> None:
    main(["help"])
    known = set(re.findall(r"^    (\w+)", capsys.readouterr().out, re.MULTILINE))
    shown = set(re.findall(r"\./lab (\w+)", (ROOT / "README.md").read_text()))
    assert shown
    assert shown <= known


def test_an_unknown_command_is_refused_with_those_that_exist() -> None:
    answer = subprocess.run([ROOT / "lab", "fly"], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "'run'" in answer.stderr
