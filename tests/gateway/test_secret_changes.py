"""A secret's life at the vault itself: enabled, deleted, brought back, purged. Never its value."""

from __future__ import annotations

import time

import pytest

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import AccessPolicy
from tests.gateway.stage import Student

NAME = "lab-secret"


@pytest.fixture
def address(student: Student, vault_ready: str) -> str:
    """Of a vault in which NAME stands."""
    address = f"https://{vault_ready}.vault.azure.net/"
    student.azure().set_secret(address, NAME, "canary")
    return address


def test_a_disabled_secret_is_enabled_and_its_version_stays(student: Student, vault_ready: str, address: str) -> None:
    azure = student.azure()
    before = azure.secret(student.group, vault_ready, NAME).value
    student.patch_secret(NAME, {"enabled": False})
    disabled = azure.secret(student.group, vault_ready, NAME).value
    assert disabled is not None
    assert not disabled.enabled
    done = azure.enable_secret(address, NAME)
    assert (done.value, done.source.method) == (None, "PATCH")
    assert azure.secret(student.group, vault_ready, NAME).value == before


def test_a_deleted_secret_comes_back(student: Student, vault_ready: str, address: str) -> None:
    azure = student.azure()
    assert azure.deleted_secret(address, NAME).value is None
    before = azure.secret(student.group, vault_ready, NAME).value
    azure.delete_secret(address, NAME)
    azure.delete_secret(address, NAME)
    gone = azure.deleted_secret(address, NAME)
    assert gone.value is not None
    assert (gone.value.name, gone.value.vault_name) == (NAME, vault_ready)
    assert gone.value.scheduled_purge_date is not None
    assert gone.source.path.startswith(f"/deletedsecrets/{NAME}")
    with pytest.raises(AzureProblem) as caught:
        azure.set_secret(address, NAME, "another")
    assert caught.value.kind is ProblemKind.NAME_IN_DELETED_STATE
    azure.recover_secret(address, NAME)
    assert azure.secret(student.group, vault_ready, NAME).value == before


def test_a_purged_secret_frees_its_name(student: Student, address: str) -> None:
    azure = student.azure()
    azure.delete_secret(address, NAME)
    for _ in range(2):
        azure.purge_secret(address, NAME)
    assert azure.deleted_secret(address, NAME).value is None
    azure.set_secret(address, NAME, "another")


def test_a_secret_on_its_way_is_in_neither_place_and_takes_no_other_order(
    student: Student, vault_ready: str, address: str
) -> None:
    student.stage.put("timings", secret_delete=60)
    azure = student.azure()
    azure.delete_secret(address, NAME)
    assert azure.secret(student.group, vault_ready, NAME).value is None
    assert azure.deleted_secret(address, NAME).value is None
    for order in (azure.recover_secret, azure.purge_secret, lambda at, name: azure.set_secret(at, name, "another")):
        with pytest.raises(AzureProblem) as caught:
            order(address, NAME)
        assert (caught.value.kind, caught.value.code) == (ProblemKind.CONFLICT, "ObjectIsBeingDeleted")
        assert caught.value.transient


def test_nothing_waits_for_a_secret_to_be_gone(student: Student, address: str) -> None:
    """The SDK offers to, by asking every two seconds."""
    azure = student.azure()
    azure.deleted_secret(address, NAME)
    student.stage.put("latency", ms=0, jitter_ms=0)
    before, started = len(student.requests()), time.monotonic()
    azure.delete_secret(address, NAME)
    azure.recover_secret(address, NAME)
    assert time.monotonic() - started < 1
    since = [one.partition(".net")[2] for one in student.requests()[before:]]
    assert [one for one in since if "secrets" in one] == [f"/secrets/{NAME}", f"/deletedsecrets/{NAME}/recover"]


def test_who_has_no_right_there_is_told_so(student: Student, vault_ready: str, address: str) -> None:
    azure = student.azure()
    mine = AccessPolicy(azure.caller_object_id(), student.told.tenant_id, secrets=("all",))
    azure.remove_access_policy(student.group, vault_ready, mine)
    for ask in (azure.deleted_secret, azure.delete_secret, azure.recover_secret, azure.purge_secret):
        with pytest.raises(AzureProblem) as caught:
            ask(address, NAME)
        assert caught.value.kind is ProblemKind.NOT_AUTHORIZED
        assert "canary" not in str(caught.value)
