"""Attempts of one message ask the same thing once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock
from typing import Any, cast

import pytest

from labportal.runs.together import READS, Company
from steps.kit.azure import Azure, AzureProblem, ProblemKind
from steps.kit.verdict import Source

SOURCE = Source("GET", "/vaults/kv", 200, "request-1")


class Counting:
    """Answers what it was asked, and how often it has been asked anything."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.lock, self.answers = Lock(), Event()
        self.answers.set()

    def vault(self, *names: str) -> tuple[Any, ...]:
        with self.lock:
            self.asked.append(names)
        assert self.answers.wait(10)
        return names

    def secret(self, *names: str) -> None:
        self.asked.append(names)
        raise AzureProblem(ProblemKind.THROTTLED, code="", message="", source=SOURCE)

    def role_assignments(self, scope: str, principal_id: str, below: bool = False) -> bool:
        self.asked.append((scope, principal_id, below))
        return below

    def run_powershell(self, *names: str) -> None:
        self.asked.append(names)


def shared(azure: Counting, company: Company, connection_id: int = 1) -> Any:
    return company.sharing(cast("Azure", azure), connection_id)


def test_what_is_asked_at_the_same_time_is_asked_once() -> None:
    azure, company, together = Counting(), Company(), Barrier(4, timeout=10)
    azure.answers.clear()

    def ask(_: int) -> Any:
        together.wait()
        return shared(azure, company).vault("rg", "kv")

    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(ask, range(3))
        together.wait()
        azure.answers.set()
        assert list(answers) == [("rg", "kv")] * 3
    assert azure.asked == [("rg", "kv")]


def test_other_names_and_other_connections_are_other_questions() -> None:
    azure, company = Counting(), Company()
    for connection_id, name in ((1, "kv"), (1, "other"), (2, "kv")):
        shared(azure, company, connection_id).vault("rg", name)
    assert len(azure.asked) == 3


def test_what_is_named_in_a_question_belongs_to_it() -> None:
    azure, company = Counting(), Company()
    for below in (False, True, True):
        assert shared(azure, company).role_assignments("group", "vm", below=below) is below
    assert azure.asked == [("group", "vm", False), ("group", "vm", True)]


def test_the_next_message_looks_anew() -> None:
    azure = Counting()
    for _ in range(2):
        shared(azure, Company()).vault("rg", "kv")
    assert len(azure.asked) == 2


def test_a_read_that_fails_fails_for_everybody() -> None:
    azure, company = Counting(), Company()
    for _ in range(2):
        with pytest.raises(AzureProblem):
            shared(azure, company).secret("rg", "kv", "s")
    assert len(azure.asked) == 1


def test_what_is_no_read_is_never_shared() -> None:
    azure, company = Counting(), Company()
    for _ in range(2):
        shared(azure, company).run_powershell("rg", "vm", "script")
    assert len(azure.asked) == 2
    assert {"vault", "virtual_machine", "secret"} <= READS
    assert not {"run_powershell", "resume_run_powershell", "caller_object_id", "set_secret"} & READS
