"""The practice cloud as tests use it: fresh students, and trouble on demand."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import requests

from labportal.gateway import Cloud, ServicePrincipal, open_azure
from labportal.gateway.practice import PracticeControl, PracticeStudent
from steps.kit.azure import Azure, Done, Running

T = TypeVar("T")


@dataclass(frozen=True)
class Stage:
    """The practice cloud's control plane, as tests use it."""

    control: str
    cloud: Cloud

    def new_student(self) -> Student:
        return Student(self, PracticeControl(self.control).student(uuid.uuid4().hex))

    def put(self, what: str, **values: Any) -> None:
        requests.put(f"{self.control}/{what}", json=values, timeout=5).raise_for_status()

    def fault(self, **fault: Any) -> None:
        requests.post(f"{self.control}/faults", json=fault, timeout=5).raise_for_status()

    def clear_faults(self) -> None:
        requests.delete(f"{self.control}/faults", timeout=5).raise_for_status()

    def requests(self, **wanted: Any) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.control}/requests", params=wanted, timeout=5)
        answer.raise_for_status()
        told: Any = answer.json()
        return list(told["requests"] if isinstance(told, dict) else told)


@dataclass(frozen=True)
class Student:
    stage: Stage
    told: PracticeStudent

    @property
    def who(self) -> ServicePrincipal:
        told = self.told
        return ServicePrincipal(told.tenant_id, told.subscription_id, told.client_id, told.client_secret)

    @property
    def group(self) -> str:
        return self.told.resource_group

    @property
    def vault_name(self) -> str:
        return f"kv-{self.told.subscription_id[:8]}"

    def azure(self, *, may_write: bool = True) -> Azure:
        return open_azure(self.stage.cloud, self.who, may_write=may_write)

    def fault(self, **fault: Any) -> None:
        """Trouble for this student's ARM requests only."""
        self.stage.fault(host="management", subscription_id=self.told.subscription_id, **fault)

    def begin_vault(self) -> Done[Any] | Running:
        return self.azure().create_vault(
            self.group, self.vault_name, location=self.told.location, tenant_id=self.told.tenant_id, policies=()
        )

    def requests(self) -> list[str]:
        """``METHOD host/path`` of everything received on this student's behalf, oldest first."""
        mine = (self.told.tenant_id, self.told.subscription_id, self.vault_name)
        return [
            f"{one['method']} {one['host']}{one['path']}"
            for one in self.stage.requests()
            if any(name in f"{one['host']}{one['path']}" for name in mine)
        ]


def ended(outcome: Done[T] | Running, resume: Callable[[str], Done[T] | Running], seconds: float = 10) -> Done[T]:
    """Looks again, without regard to ``retry_after``, until the operation has ended."""
    deadline = time.monotonic() + seconds
    while isinstance(outcome, Running):
        assert time.monotonic() < deadline, "the operation did not end"
        outcome = resume(outcome.token)
    return outcome
