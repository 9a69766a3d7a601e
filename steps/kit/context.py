"""What a task works with: the student's own names, and what the portal knows of the walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from steps.kit.azure import Azure

POLICIES, ROLES = "policies", "roles"
"""The two permission models of a vault: access policies, and Azure RBAC."""


@dataclass(frozen=True, slots=True)
class Names:
    """The student's own names, filled into guides, plans and findings."""

    tenant_id: str
    subscription_id: str
    resource_group: str
    location: str
    vm: str
    vault: str
    secret: str
    permission_model: str = POLICIES
    """How the student lets the VM in: ``POLICIES`` or ``ROLES``."""

    @property
    def by_roles(self) -> bool:
        return self.permission_model == ROLES

    @property
    def vault_uri(self) -> str:
        return f"https://{self.vault}.vault.azure.net/"


class Walk(Protocol):
    """What the portal knows of a walk without asking Azure. In ``Context`` it stands under the same names."""

    @property
    def names(self) -> Names: ...

    @property
    def mended(self) -> frozenset[str]: ...

    @property
    def carried_out(self) -> Mapping[str, tuple[Mapping[str, str], ...]]: ...


@dataclass(frozen=True, slots=True)
class Context:
    """All that a task may touch while it runs.

    ``digest`` turns a nonce-bound string into the portal's keyed digest (hex): what is kept
    instead of a value. ``facts`` are JSON-able results of earlier actions of this attempt,
    by action id; they are stored, so no value or token may be among them. ``answers`` are what
    the student typed for this attempt's ``Ask``s, by ask id, already reduced by ``Ask.keep``.
    ``noted`` is what findings of this walk left behind in ``Finding.notes``, by kind, the oldest first.
    ``mended`` are the ids of the remedies that the portal has carried out in this walk and has not taken back.
    ``carried_out`` is what the portal did when it carried tasks out that have not been undone since: by action id,
    the facts of each time, the oldest first. ``began`` is when the walk began, None where nobody knows.
    """

    names: Names
    azure: Azure
    digest: Callable[[str], str]
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    noted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mended: frozenset[str] = frozenset()
    carried_out: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    began: datetime | None = None
