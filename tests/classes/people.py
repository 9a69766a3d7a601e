"""Somebody about whom the portal keeps something of every kind."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.audit import note_act
from labportal.classes.models import Act, Invitation, LabClass
from labportal.connections.models import Connection
from labportal.results.models import ApiToken
from labportal.rounds.models import Round
from labportal.support.models import Hand, Message, Note, Receipt
from steps.kit.verdict import Verdict
from tests.classes.school import Role, follow, member
from tests.portal import walks

SEALED, DIGEST, INVITED, SENTENCE = b"sealed-so-well", "d1gest" * 10, "inv1tation-t0ken", "notes say that ada is quick"


def studied(ada: User, lab_class: LabClass, teacher: User) -> None:
    """``ada`` has learnt in the class for a while, and was written to and about."""
    session = walks.ready_session(ada)
    Connection.objects.update(sealed_secret=SEALED)
    walks.completed(session)
    walks.finished(session, walks.LAB.tasks[2], Verdict.NOT_YET)
    member(lab_class, ada, name="Ada Lovelace", email=f"{ada.username}@example.org")
    follow()
    Invitation.objects.create(
        lab_class=lab_class,
        name="Ada L",
        email=f"{ada.username}@example.org",
        token=INVITED + ada.username,
        accepted_by=ada,
    )
    note_act(teacher, ada, lab_class, Act.Kind.CHECK, "checked Task 2 for you")
    Note.objects.create(lab_class=lab_class, about=ada, by=teacher, by_name="teacher", text=SENTENCE)
    now = timezone.now()
    Hand.objects.create(
        session=session, user=ada, lab_id=session.lab_id, task_id=walks.TASK.id, text="help me", raised_at=now
    )
    write_to(ada, lab_class, teacher, "To one", Message.To.ONE)
    write_to(ada, lab_class, teacher, "To all", Message.To.ALL)


def write_to(person: User, lab_class: LabClass, by: User, text: str, to: Message.To) -> None:
    words = person.username if to == Message.To.ONE else "the whole class"
    message = Message.objects.create(lab_class=lab_class, by=by, by_name=by.username, text=text, to=to, to_words=words)
    Receipt.objects.create(message=message, user=person)


def taught(ada: User, lab_class: LabClass, student: User) -> None:
    """``ada`` has taught the class for a while."""
    member(lab_class, ada, Role.INSTRUCTOR, name="Ada Lovelace")
    note_act(ada, student, lab_class, Act.Kind.CHECK, "checked Task 3 for you")
    Note.objects.create(lab_class=lab_class, about=student, by=ada, by_name="ada", text="a note by her")
    write_to(student, lab_class, ada, "From her", Message.To.ALL)
    Round.objects.create(
        **{"lab_class": lab_class, "by": ada, "by_name": "ada", "stopped_by": ada, "stopped_by_name": "ada"},
        **{"state": Round.State.STOPPED, "starts_at": timezone.now()},
    )
    asked = {"session": walks.ready_session(student), "user": student, "lab_id": lab_class.lab_id}
    Hand.objects.create(
        **asked, task_id=walks.TASK.id, raised_at=timezone.now(), taken_by=ada, taken_by_name="Ada Lovelace"
    )
    ApiToken.objects.create(
        lab_class=lab_class, user=ada, name="t", digest=DIGEST, expires_at=timezone.now() + timedelta(1)
    )
