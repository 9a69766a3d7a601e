"""One student's Azure while a scenario changes it: whose it is, what it is about, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from practice_cloud import ids
from practice_cloud.scenarios import later, rights
from practice_cloud.scenarios.book import Refused
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

COMPUTE = "Microsoft.Compute/virtualMachines"


class Scene:
    """``vault_name`` and ``secret_name`` are those that the student agreed on.

    ``changed`` are the sentences that tell what was done: ``stays`` those of things the student can mend, ``suffers``
    those of conditions, which lifting ends.
    """

    def __init__(
        self, cloud: Cloud, student: Doc, *, vault: str, secret: str, parameters: dict[str, float | None]
    ) -> None:
        self.cloud = cloud
        self.student = student
        self.vault_name = vault
        self.secret_name = secret
        self._parameters = parameters
        self.stays: list[str] = []
        self.suffers: list[str] = []

    @property
    def changed(self) -> list[str]:
        return [*self.stays, *self.suffers]

    @property
    def sid(self) -> str:
        return str(self.student["subscription_id"])

    @property
    def tenant(self) -> str:
        return str(self.student["tenant_id"])

    @property
    def group(self) -> str:
        return str(self.student["resource_group"])

    @property
    def location(self) -> str:
        return str(self.student["location"])

    @property
    def vm_id(self) -> str:
        return ids.resource_id(self.sid, self.group, COMPUTE, self.student["vm"])

    @property
    def caller(self) -> str:
        """The object id of the student's app, as which the portal works."""
        return rights.caller(self.cloud, self.student)

    @property
    def user(self) -> str:
        """The object id of the student in person."""
        return str(self.need("signInName", str(self.student["user"]).lower())["id"])

    @property
    def now(self) -> float:
        return self.cloud.clock.now().timestamp()

    def number(self, name: str) -> float:
        """A parameter that has a default."""
        found = self._parameters[name]
        assert found is not None  # noqa: S101
        return found

    def maybe(self, name: str) -> float | None:
        return self._parameters[name]

    def need(self, kind: str, key: str) -> Doc:
        """A document that a student is made with. Raises Refused where it is no more."""
        found = self.cloud.store.get(kind, key)
        if found is None:
            raise Refused(f"The student's {kind} {key} is no more. Take a fresh student: POST /students")
        return found

    def put(self, kind: str, key: str, doc: Doc) -> None:
        self.cloud.store.put(kind, key, doc, owner=self.sid)

    def did(self, sentence: str) -> None:
        """Something that stays until the student mends it."""
        self.stays.append(sentence)

    def suffer(self, sentence: str) -> None:
        """A condition, which lifting ends."""
        self.suffers.append(sentence)

    def later(self, seconds: float, step: str, says: str, **data: Any) -> None:
        later.plan(self.cloud, self.sid, step, seconds=seconds, says=says, data=data)

    def fault(self, **fields: Any) -> None:
        """Trouble for this student alone, in place of what the same requests suffered from before."""
        same = {name: fields.get(name, "") for name in ("host", "method", "path")}
        for known in self.cloud.faults.all():
            if known["subscription_id"] == self.sid and all(known[name] == value for name, value in same.items()):
                self.cloud.faults.remove(known["id"])
        self.cloud.faults.add({**fields, "subscription_id": self.sid})
