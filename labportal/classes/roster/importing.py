"""The fine lines of a roster become invitations: all of them in one transaction, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from labportal.classes.joining import hold
from labportal.classes.models import Invitation, LabClass, Membership
from labportal.classes.people_pages import open_invitations
from labportal.classes.roster.lines import Line, Roster, State
from labportal.writes import writing

BATCH = 500  # rows an INSERT
MOST_INVITED = 20_000
"""Of one class, at a time: twice the largest. Every import compares its lines with all of them."""
IN_CLASS = "Is in the class already."
INVITED = "Is invited already."


class TooManyInvited(Exception):
    """With these the class would have more than ``MOST_INVITED`` open invitations."""


@dataclass(frozen=True, slots=True)
class Report:
    """What comes of each line, in their order. ``imported``: the fine ones are invited now; else nobody is."""

    roster: Roster
    lines: tuple[Line, ...]
    imported: bool

    @property
    def fine(self) -> tuple[Line, ...]:
        return self._of(State.FINE)

    @property
    def already(self) -> tuple[Line, ...]:
        return self._of(State.IN)

    @property
    def trouble(self) -> tuple[Line, ...]:
        return self._of(State.TROUBLE)

    def _of(self, state: State) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state == state)


def import_roster(lab_class: LabClass, roster: Roster, *, good_ones: bool = False) -> Report:
    """Invites whom the roster names, if no line is in trouble, or if only the ``good_ones`` are wanted.

    Who is in the class or invited already is passed over: a roster that has grown can be imported again. Raises
    TooManyInvited, and nobody is.
    """
    with writing():
        hold(lab_class.pk)
        lines = tuple(_known(lab_class, roster.lines))
        report = Report(roster, lines, imported=good_ones or not any(line.state == State.TROUBLE for line in lines))
        if report.imported:
            if open_invitations(lab_class).count() + len(report.fine) > MOST_INVITED:
                raise TooManyInvited
            invitations = [Invitation(lab_class=lab_class, name=one.name, email=one.email) for one in report.fine]
            Invitation.objects.bulk_create(invitations, batch_size=BATCH)
    return report


def look_at_roster(lab_class: LabClass, roster: Roster) -> Report:
    """What would come of it."""
    return Report(roster, tuple(_known(lab_class, roster.lines)), imported=False)


def _known(lab_class: LabClass, lines: tuple[Line, ...]) -> list[Line]:
    """The same lines, with those marked whom the class knows. Two queries."""
    members = Membership.objects.filter(lab_class=lab_class).values_list("name", "email")
    invited = open_invitations(lab_class).order_by().values_list("name", "email")
    known = {Line(0, name, email.lower()).key: INVITED for name, email in invited}
    known |= {Line(0, name, email.lower()).key: IN_CLASS for name, email in members}
    return [
        replace(line, state=State.IN, why=known[line.key]) if line.state == State.FINE and line.key in known else line
        for line in lines
    ]
