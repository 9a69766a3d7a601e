"""``./lab cloud student``: a practice student for clients of one's own, from a practice cloud that really runs."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.student import as_exports
from tests.launcher.lab import Running, environment, lab

pytestmark = pytest.mark.wire
FIELDS = [
    *("proxy", "ca_bundle", "imds", "tenant_id", "subscription_id", "client_id", "client_secret", "user", "password"),
    *("resource_group", "location", "vm", "vm_principal_id"),
]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state folder of a running ``./lab cloud``."""
    folder = tmp_path_factory.mktemp("cloud") / "state"
    cloud = Running.begin(folder, "cloud")
    try:
        cloud.until_it_says("The practice cloud runs.")
        yield folder
        cloud.process.send_signal(signal.SIGINT)
        assert cloud.process.wait(20) == 0
    finally:
        cloud.end()


def student(state: Path, *words: str) -> dict[str, str]:
    answer = lab(state, "cloud", "student", "--json", *words)
    assert answer.returncode == 0, answer.stderr
    return dict(json.loads(answer.stdout))


def test_json_has_exactly_what_an_outside_client_needs(state: Path) -> None:
    told = student(state)
    assert list(told) == FIELDS
    assert all(told.values())
    assert Path(told["ca_bundle"]).is_file()


def test_every_call_makes_a_fresh_student(state: Path) -> None:
    assert student(state)["subscription_id"] != student(state)["subscription_id"]


def test_the_same_key_or_subscription_gives_the_same_student(state: Path) -> None:
    made = student(state, "--key", "me")
    assert student(state, "--key", "me") == made
    assert student(state, "--subscription", made["subscription_id"]) == made


def test_a_subscription_nobody_has_is_refused(state: Path) -> None:
    answer = lab(state, "cloud", "student", "--subscription", "00000000-0000-0000-0000-000000000000")
    assert answer.returncode == 1
    assert "no student with subscription 00000000" in answer.stderr
    assert answer.stdout == ""


def test_exports_set_up_a_shell(state: Path) -> None:
    made = student(state, "--key", "shell")
    exports = lab(state, "cloud", "student", "--shell", "--key", "shell").stdout
    seen = in_a_shell(exports, state)
    assert seen["HTTPS_PROXY"] == seen["https_proxy"] == made["proxy"]
    assert {
        seen[name] for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE")
    } == {made["ca_bundle"]}
    assert "127.0.0.1" in seen["NO_PROXY"].split(",")
    assert seen["AZURE_CLIENT_SECRET"] == made["client_secret"]
    assert seen["AZURE_SUBSCRIPTION_ID"] == made["subscription_id"]
    assert seen["AZURE_POD_IDENTITY_AUTHORITY_HOST"] == made["imds"]
    assert seen["LAB_VM_PRINCIPAL_ID"] == made["vm_principal_id"]
    assert Path(seen["AZURE_CONFIG_DIR"]).stat().st_mode & 0o777 == 0o700


def test_two_students_have_az_folders_of_their_own(state: Path) -> None:
    folders = {
        in_a_shell(lab(state, "cloud", "student", "--shell").stdout, state)["AZURE_CONFIG_DIR"] for _ in range(2)
    }
    assert len(folders) == 2


@pytest.mark.parametrize("nasty", ["it's", "$(touch x)", "`id`", 'a"b', "two\nlines", "back\\slash", "!$HOME *"])
def test_whatever_a_value_holds_the_shell_sees_it_unchanged(tmp_path: Path, nasty: str) -> None:
    made = dict.fromkeys(FIELDS, "plain") | {"client_secret": nasty}
    seen = in_a_shell(as_exports(made, tmp_path), tmp_path)
    assert seen["AZURE_CLIENT_SECRET"] == nasty


def test_without_a_practice_cloud_it_says_how_to_start_one(tmp_path: Path) -> None:
    answer = lab(tmp_path / "state", "cloud", "student")
    assert answer.returncode == 1
    assert "No practice cloud is running" in answer.stderr
    assert "./lab cloud" in answer.stderr


def test_a_second_practice_cloud_in_the_same_folder_is_pointed_to_the_first(state: Path) -> None:
    answer = lab(state, "cloud")
    assert answer.returncode == 1
    assert student(state)["proxy"] in answer.stderr


def in_a_shell(exports: str, state: Path) -> dict[str, str]:
    """The environment of a shell that has read the exports."""
    script = f"eval {shlex.quote(exports)}; exec env -0"
    answer = subprocess.run(
        ["/bin/sh", "-c", script], env=environment(state), capture_output=True, text=True, check=True
    )
    return dict(entry.split("=", 1) for entry in answer.stdout.split("\0") if entry)
