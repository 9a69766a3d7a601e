"""What the classes of a student let the portal do for them.

A walk is seen by every class its student is in, so the strictest of them wins. Cleaning up, undoing and taking the
challenge are refused by none: the first two only take back, and the challenge is the student's own prediction, which
carries out no task of the lab.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from labportal.classes.models import Membership
from labportal.labs.models import LabSession


class Help(StrEnum):
    """Each is the end of a field of ``LabClass``: ``allows_…``."""

    HINTS = "hints"
    REPAIR = "repair"
    CARRY_OUT = "carry_out"
    ROLES = "roles"


_LEFT_TO_YOU = {
    Help.HINTS: "gives no hints",
    Help.REPAIR: "mends nothing",
    Help.CARRY_OUT: "carries nothing out",
}
"""What is said of the portal where a class refuses it, in the order in which it is said."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What one class, named as its students know it, does not allow."""

    class_name: str
    helps: frozenset[Help]


@dataclass(frozen=True, slots=True)
class Allowed:
    """``refusals``: by the name of the class; empty for who is in none that refuses anything."""

    refusals: tuple[Refusal, ...] = ()

    @property
    def hints(self) -> bool:
        return self._allows(Help.HINTS)

    @property
    def repair(self) -> bool:
        return self._allows(Help.REPAIR)

    @property
    def carry_out(self) -> bool:
        return self._allows(Help.CARRY_OUT)

    @property
    def roles(self) -> bool:
        """Task 3 may be done by a role assignment."""
        return self._allows(Help.ROLES)

    def left_to_you(self, *helps: Help) -> tuple[str, ...]:
        """A sentence of each class that refuses any of these, which is none of ``Help.ROLES``."""
        said = (
            (one.class_name, _listed([_LEFT_TO_YOU[help] for help in helps if help in one.helps]))
            for one in self.refusals
        )
        return tuple(f"Your class {name} leaves this to you: the portal {what}." for name, what in said if what)

    @property
    def no_roles(self) -> str:
        """The sentence of who does not accept roles; "" where they are accepted."""
        names = _listed([one.class_name for one in self.refusals if Help.ROLES in one.helps])
        return f"For your class, {names}, this lab is done by access policies: roles cannot be chosen." if names else ""

    def _allows(self, help: Help) -> bool:
        return not any(help in one.helps for one in self.refusals)


EVERYTHING = Allowed()


def allowed_in(session: LabSession) -> Allowed:
    """To the student of a walk. One query; none for who is known to be in no class (``access.find_session``).

    A class that is archived refuses nothing any more, and none refuses those who teach it.
    """
    if session.in_class is False:
        return EVERYTHING
    return _allowed_by(_seats().filter(user=session.user_id, lab_class__lab_id=session.lab_id))


def in_a_class() -> RawSQL:
    """An annotation of a query that reads walks: a class of the student may have a say in this one.

    Written out, because every page of a walk asks it: the ORM takes longer to put this together than the database to
    answer (docs/decisions/0010-written-out-statements.md). It says what ``_seats`` says.
    """
    return RawSQL(_IN_A_CLASS, [Membership.Role.STUDENT.value], BooleanField())  # noqa: S611 - no value is put into it


_IN_A_CLASS = """
EXISTS (SELECT 1 FROM classes_membership seat JOIN classes_labclass lab_class ON lab_class.id = seat.lab_class_id
WHERE seat.role = %s AND seat.user_id = labs_labsession.user_id
AND lab_class.lab_id = labs_labsession.lab_id AND lab_class.archived_at IS NULL)
"""


def _seats() -> QuerySet[Membership]:
    return Membership.objects.filter(role=Membership.Role.STUDENT, lab_class__archived_at=None)


def _allowed_by(seats: QuerySet[Membership]) -> Allowed:
    fields = [f"lab_class__allows_{help}" for help in Help]
    rows = seats.order_by("lab_class__name", "lab_class").values_list("lab_class__name", *fields)
    refused = (
        (name, frozenset(help for help, allows in zip(Help, allowed, strict=True) if not allows))
        for name, *allowed in rows
    )
    return Allowed(tuple(Refusal(name, helps) for name, helps in refused if helps))


def _listed(words: list[str]) -> str:
    """ "a, b and c"."""
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last
