"""``./lab cloud scenario``: a student's practice Azure into a state by name, from a practice cloud that really runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import scenario
from launcher.practice import LOOPBACK
from launcher.say import Stop
from tests.launcher.lab import lab
from tests.practice_process import start_practice

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state folder of ``./lab`` in which a practice cloud runs."""
    folder = tmp_path_factory.mktemp("scenario") / "state"
    with start_practice(folder / "cloud") as cloud:
        assert LOOPBACK in cloud.control
        yield folder


def test_they_are_listed_by_group(state: Path) -> None:
    told = lab(state, "cloud", "scenarios")
    assert told.returncode == 0, told.stderr
    assert "vault-rbac-mode" in told.stdout
    assert "The vault goes by roles instead of access policies" in told.stdout


def test_one_is_applied_to_a_fresh_student_and_lifted(state: Path) -> None:
    told = lab(state, "cloud", "scenario", "throttled-with-retry-after", "--vault", "kv-mine-7", "--set", "seconds=30")
    assert told.returncode == 0, told.stderr
    assert "vault kv-mine-7" in told.stdout
    assert "ARM answers 429." in told.stdout
    subscription = told.stdout.split("student ")[1].partition(",")[0]
    lifted = lab(state, "cloud", "lift", "--student", subscription)
    assert "Faults lifted: 1." in lifted.stdout
    assert "There was nothing to lift." in lab(state, "cloud", "lift", "--student", subscription).stdout


def test_a_student_may_be_named_by_their_key(state: Path) -> None:
    subscription = lab(state, "cloud", "scenario", "vm-deallocated", "--key", "ada").stdout.split("student ")[1]
    assert lab(state, "cloud", "lift", "--key", "ada").stdout.split()[1] == subscription.partition(",")[0]


def test_one_may_happen_later(state: Path) -> None:
    told = lab(state, "cloud", "scenario", "vm-deallocated", "--after", "60")
    assert "In 60 s: The VM is deallocated." in told.stdout


def test_what_stays_is_said(state: Path) -> None:
    told = lab(state, "cloud", "scenario", "vm-deallocated")
    subscription = told.stdout.split("student ")[1].partition(",")[0]
    assert "is deallocated." in lab(state, "cloud", "lift", "--student", subscription).stdout


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("scenario",), "./lab cloud scenarios"),
        (("scenario", "vault-rbac"), "vault-rbac-mode"),
        (("scenario", "vault-rbac-mode", "--student", "nobody"), "no student with subscription nobody"),
        (("scenario", "vault-rbac-mode", "--set", "seconds=1"), "no such parameter"),
        (("scenario", "vault-rbac-mode", "--vault", "a--b"), "consecutive hyphens"),
        (("scenario", "azure-503", "--set", "seconds"), "--set seconds=30"),
        (("lift",), "--student SUBSCRIPTION"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint(state: Path, words: tuple[str, ...], hint: str) -> None:
    told = lab(state, "cloud", *words)
    assert told.returncode == 1
    assert hint in told.stderr
    assert told.stdout == ""


def test_a_parameter_is_a_name_and_a_number() -> None:
    assert scenario.parameters(["seconds=30", "retry_after=1.5"]) == {"seconds": 30.0, "retry_after": 1.5}
    for wrong in ("seconds=soon", "=3"):
        with pytest.raises(Stop, match="seconds=30"):
            scenario.parameters([wrong])
