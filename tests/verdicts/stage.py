"""A student of the practice cloud, made for a row of the table, and the portal at work for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from labportal.gateway import Cloud, ServicePrincipal
from labportal.gateway.clients import clients_of
from labportal.gateway.sdk import SdkAzure
from labportal.gateway.transport import Limits
from steps.key_vault_managed_identity.read_secret.own_response.recognise import keep
from steps.kit.azure import Azure, AzureProblem
from steps.kit.course import Mode
from steps.kit.problems import beside
from steps.kit.records import VirtualMachine
from steps.kit.task import Context, Names
from tests.practice.services.clients import Azure as Hand
from tests.practice_process import Practice
from tests.steps.walking import Tape, Walk, walk
from tests.verdicts.before import encoded
from tests.verdicts.case import LAB, Case

IN_BRACES = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"\(token (\{.*?\})\)")
LONGEST = 400
"""Sittings of a walk: the challenge asks the machine again and again."""
TASKS = {task.id: task for task in LAB.all_tasks}


@dataclass
class Troubles(Tape):
    """Remembers the last problem of each action, too."""

    problems: dict[str, AzureProblem] = field(default_factory=dict)

    def trouble(self, step_id: str, problem: AzureProblem, retry_after: float | None) -> None:
        super().trouble(step_id, problem, retry_after)
        self.problems[step_id] = problem


@dataclass
class Stage:
    """``noted``, ``carried_out`` and ``mended`` are what the portal remembers of the walk so far."""

    practice: Practice
    hand: Hand
    names: Names
    pool: ThreadPoolExecutor
    noted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    carried_out: dict[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    mended: frozenset[str] = frozenset()
    read_limit: float = Limits().read
    versions: list[str] = field(default_factory=list)
    former: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def fresh(practice: Practice, pool: ThreadPoolExecutor, number: int) -> Stage:
        told = practice.student()
        names = Names(
            tenant_id=told["tenant_id"],
            subscription_id=told["subscription_id"],
            resource_group=told["resource_group"],
            location=told["location"],
            vm=told["vm"],
            vault=f"kv-{told['subscription_id'][:8]}-{number}",
            secret="lab-secret",
        )
        return Stage(practice, Hand(practice, told), names, pool)

    def set(self, case: Case) -> None:
        for name, value in case.names.items():
            self.rename(name, value)
        if case.scenario:
            self.apply(case.scenario, case.parameters)
        for step in case.before:
            step.on(self)

    def rename(self, name: str, value: str) -> None:
        self.former[name] = getattr(self.names, name)
        self.names = replace(self.names, **{name: value})

    def apply(self, scenario: str, parameters: Mapping[str, float]) -> None:
        names = self.names
        asked = {"name": scenario, "vault": names.vault, "secret": names.secret, "parameters": dict(parameters)}
        self.practice.ask("POST", f"/students/{names.subscription_id}/scenarios", asked)

    def azure(self, *, may_write: bool) -> Azure:
        told = self.hand.student
        keys = {"client_id": told["client_id"], "client_secret": told["client_secret"]}
        who = ServicePrincipal(told["tenant_id"], told["subscription_id"], **keys)
        cloud = Cloud(self.practice.proxy, self.practice.ca_bundle)
        return SdkAzure(clients_of(cloud, who, Limits(read=self.read_limit)), may_write=may_write)

    def go(self, task: str, mode: Mode = Mode.VALIDATE, *, paste: str = "", remedy: str = "", **answers: str) -> Walk:
        """The walk's tape is a ``Troubles``."""
        if paste:
            answers["identifier"] = keep(self.fill(paste))
        azure = self.azure(may_write=mode is not Mode.VALIDATE)
        noted, done = dict(self.noted), dict(self.carried_out)
        ctx = Context(self.names, azure, lambda text: "d" * 64, {}, answers, noted, self.mended, done)
        action = LAB.remedies[remedy].action if remedy else None
        walked = walk(TASKS[task], mode, ctx, self.pool, tape=Troubles(), remedy=action, limit=LONGEST)
        if mode in {Mode.CARRY_OUT, Mode.REPAIR} and walked.finished.progress.did:
            self._remember(walked, remedy)
        return walked

    def _remember(self, walked: Walk, remedy: str) -> None:
        for action, facts in walked.finished.progress.facts.items():
            noted = beside(facts)
            if noted:
                self.carried_out[action] = (*self.carried_out.get(action, ()), noted)
        self.mended |= {remedy} if remedy else set()

    def look(self, task: str, paste: str = "") -> None:
        for evidence in self.go(task, paste=paste).tape.evidence.values():
            for kind, note in evidence.finding.notes.items():
                self.noted[kind] = (*self.noted.get(kind, ()), note)

    def fill(self, text: str) -> str:
        """``text`` with the student's names in the place of the words in braces."""
        named = IN_BRACES.sub(lambda match: self._named(match[1]) or match[0], text)
        return _TOKEN.sub(lambda match: encoded(match[1].replace("'", '"')), named)

    def _named(self, word: str) -> str:
        own: dict[str, Any] = {
            "oid": lambda: self.hand.student["vm_principal_id"],
            "caller": lambda: self.hand.oid,
            "appid": lambda: self.azure(may_write=False).vm_client_id(self.hand.vm_id).value,
            "vault_uri": lambda: self.names.vault_uri,
            "lent": lambda: self._machine(self.names.vm).user_identities[0].principal_id,
            "other_vm": lambda: self._machine(f"{self.names.vm}-2").principal_id,
            "vault_before": lambda: self.former["vault"],
            "version": self._version,
            "version_before": lambda: self.versions[0],
        }
        return str(own[word]() if word in own else getattr(self.names, word, ""))

    def _machine(self, name: str) -> VirtualMachine:
        found = self.azure(may_write=False).virtual_machine(self.names.resource_group, name).value
        assert found is not None, f"the scene has no machine {name}"
        return found

    def _version(self) -> str:
        """That of the secret that is the current one now."""
        found = self.azure(may_write=False).secret(self.names.resource_group, self.names.vault, self.names.secret).value
        self.versions.append(found.version if found else "")
        return self.versions[-1]
