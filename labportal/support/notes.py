"""Notes between those who teach a class, about a student of it."""

from __future__ import annotations

from labportal.classes.models import Membership
from labportal.support.models import Note
from labportal.writes import writing


def write(by: Membership, about: Membership, text: str) -> None:
    """Under the name that the class has for the writer."""
    with writing():
        Note.objects.create(
            lab_class_id=by.lab_class_id, about_id=about.user_id, by_id=by.user_id, by_name=by.name, text=text
        )


def drop(note: Note) -> None:
    with writing():
        note.delete()
