"""The portal at work through a whole walk: what it carried out is known when it is undone, as from the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from steps.kit.course import Mode
from steps.kit.problems import beside
from steps.kit.progress import Progress
from steps.kit.task import Context, Names, Task
from steps.registry import LABS
from tests.steps.fake_azure import NAMES, FakeAzure
from tests.steps.walking import Tape, Walk, context, walk

LAB = LABS["key-vault-managed-identity"]
TASKS = {task.id: task for task in LAB.all_tasks}
VAULT, SECRET, GRANT, CLEAN_UP = (TASKS[name] for name in ("create-vault", "create-secret", "grant-access", "clean-up"))


@dataclass
class Hand:
    """``names`` may change in between, as students change them."""

    azure: FakeAzure
    pool: Executor
    names: Names = NAMES
    mended: frozenset[str] = frozenset()
    carried_out: dict[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    began: datetime | None = None
    noted: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def context(self) -> Context:
        made = context(self.azure)
        known = replace(made, names=self.names, mended=self.mended, noted=dict(self.noted), began=self.began)
        return replace(known, carried_out=dict(self.carried_out))

    def carry_out(self, *tasks: Task) -> None:
        for task in tasks:
            walked = walk(task, Mode.CARRY_OUT, self.context(), self.pool, between=self.meanwhile)
            self.remember(walked.finished.progress)

    def meanwhile(self, sitting: int) -> None:
        """Between two sittings Azure comes to an end with what it makes."""
        self.azure.finish_vault()

    def mend(self, task: Task, remedy: str) -> Walk:
        action = LAB.remedies[remedy].action
        walked = walk(task, Mode.REPAIR, self.context(), self.pool, remedy=action)
        self.remember(walked.finished.progress)
        if walked.finished.progress.did:
            self.mended |= {remedy}
        return walked

    def undo(self, task: Task, **how: Any) -> Walk:
        return self.go(task, Mode.UNDO, **how)

    def clean_up(self, **how: Any) -> Walk:
        return self.go(CLEAN_UP, Mode.CARRY_OUT, **how)

    def check(self, task: Task) -> Walk:
        """What is noted is kept, as the engine keeps it."""
        walked = self.go(task, Mode.VALIDATE)
        for evidence in walked.tape.evidence.values():
            for kind, text in evidence.finding.notes.items():
                self.noted[kind] = (*self.noted.get(kind, ()), text)
        return walked

    def look(self) -> Walk:
        """What is left, without touching it."""
        return self.go(CLEAN_UP, Mode.VALIDATE)

    def go(
        self,
        task: Task,
        mode: Mode,
        *,
        tape: Tape | None = None,
        progress: Progress | None = None,
        between: Callable[[int], None] = lambda sitting: None,
    ) -> Walk:
        return walk(task, mode, self.context(), self.pool, tape=tape, progress=progress, between=between)

    def remember(self, progress: Progress) -> None:
        """As ``labportal.runs.deeds``: also of an attempt that ended in between."""
        if not (progress.did or progress.in_doubt):
            return
        for action, facts in progress.facts.items():
            noted = beside(facts)
            if noted:
                self.carried_out[action] = (*self.carried_out.get(action, ()), noted)


def rights_of(azure: FakeAzure, object_id: str) -> set[str]:
    entries = [one for one in azure.kept_vaults[0].access_policies if one.object_id == object_id]
    return {right for one in entries for right in one.secrets}
