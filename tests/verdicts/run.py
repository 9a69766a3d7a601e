"""Brings a row of the table about, and answers what the portal says then."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from steps.kit import problems
from steps.kit.course import Mode
from steps.kit.task import Names
from steps.kit.verdict import Finding
from tests.practice_process import Practice
from tests.steps.walking import Walk
from tests.verdicts.case import Case
from tests.verdicts.stage import Stage, Troubles

AT_ONCE = (
    "vault_create",
    "vault_purge",
    "vault_delete",
    "secret_delete",
    "network_change",
    "run_command",
    "vm_power",
    "policy_propagation",
    "rbac_propagation",
    "provider_registration",
)


@dataclass(frozen=True, slots=True)
class Said:
    """``finding`` is the one that the row is about, and ``others`` are those of the task's other checks."""

    finding: Finding
    others: dict[str, Finding]
    names: Names
    fill: Callable[[str], str]


@dataclass
class Theatre:
    """Rows that only look, at the same scene, share a student."""

    practice: Practice
    pool: ThreadPoolExecutor
    stages: dict[tuple[object, ...], Stage] = field(default_factory=dict)
    walks: dict[tuple[object, ...], Walk] = field(default_factory=dict)

    def play(self, case: Case) -> Said:
        stage = self.stages.get(case.scene)
        if stage is None:
            stage = Stage.fresh(self.practice, self.pool, len(self.stages))
            stage.set(case)
            self.stages[case.scene] = stage
        remedy = case.remedy if case.mode is Mode.REPAIR else ""
        same = (*case.scene, case.task, case.mode, case.paste)
        if same not in self.walks:
            self.walks[same] = stage.go(case.task, case.mode, paste=case.paste, remedy=remedy, **case.answers)
        return said(case, self.walks[same], stage.names, stage.fill)


def said(case: Case, walked: Walk, names: Names, fill: Callable[[str], str]) -> Said:
    """Raises KeyError if the walk has neither a check nor a problem of the row's ``check``."""
    findings = {check: one.finding for check, one in walked.tape.evidence.items()}
    others = {check: one for check, one in findings.items() if check != case.check}
    if case.check in findings:
        return Said(findings[case.check], others, names, fill)
    assert isinstance(walked.tape, Troubles)
    problem = walked.tape.problems[case.check]
    return Said(problems.finding(problem, wanted=""), others, names, fill)
