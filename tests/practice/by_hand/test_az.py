"""The lab by hand with az: what it sends, always; az itself, where it is installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.by_hand.az import Az, az_path
from tests.practice.by_hand.commands import SCRIPTS, names_of
from tests.practice.by_hand.replay import QUICK, RECORDED, Replay, oid_of
from tests.practice_process import Practice

pytestmark = pytest.mark.wire


@pytest.fixture(autouse=True)
def quick(cloud_process: Practice) -> Iterator[None]:
    with cloud_process.conduct("timings", **QUICK):
        yield


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_az_sends_is_answered_as_az_was(cloud_process: Practice, script: str) -> None:
    """Each request of the recording, in order: the statuses that az acted on are those of today."""
    recorded = json.loads(RECORDED.read_text())[script]
    assert [one["command"] for one in recorded] == [line.command for line in SCRIPTS[script]], "record.py records anew"
    with cloud_process.http() as http:
        replay = Replay(cloud_process, cloud_process.student(), http)
        for line in recorded:
            for request in line["requests"]:
                sent, answer = replay.send(request)
                told = f"{line['command']}: {sent['method']} {sent['url']} {answer.text[:300]}"
                assert answer.status_code == sent["status"], told


@pytest.mark.skipif(az_path() is None, reason="az is not installed: TEST_AZ names it; its recorded requests are sent")
@pytest.mark.parametrize("script", SCRIPTS)
def test_az_does_it(cloud_process: Practice, tmp_path: Path, script: str) -> None:
    student = cloud_process.student()
    az, names = Az([str(az_path())], cloud_process, tmp_path), names_of(student, oid_of(cloud_process, student))
    az.sign_in(student)
    for line in SCRIPTS[script]:
        said = az.run(line.command.format(**names))
        assert (said.code == 0) is line.succeeds, f"{line.command}\n{said.text}"
        assert line.says.format(**names).lower() in said.text.lower(), f"{line.command}\n{said.text}"
