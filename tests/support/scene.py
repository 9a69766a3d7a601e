"""A class with somebody who teaches it and somebody who learns there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labportal.classes.models import LabClass, Membership
from labportal.labs.models import LabSession
from tests.classes.school import Role, a_class, follow, member
from tests.portal.browsing import Browser
from tests.portal.walks import LAB, TASK


@dataclass(frozen=True)
class Scene:
    """Ann teaches the Monday group, Olga watches it, Ada learns there and has begun."""

    lab_class: LabClass
    ada: Membership
    session: LabSession
    teacher: Browser
    observer: Browser
    student: Browser

    def of_class(self, name: str, *more: Any) -> str:
        return reverse(name, args=[self.lab_class.pk, *more])

    def of_lab(self, name: str, *more: Any, task_id: str = TASK.id) -> str:
        return reverse(name, args=[LAB.id, task_id, *more])


def scene(session: LabSession, **settings: Any) -> Scene:
    """Around a walk that there is."""
    lab_class = a_class(**settings)
    ann = member(lab_class, "ann", Role.INSTRUCTOR)
    olga = member(lab_class, "olga", Role.OBSERVER)
    ada = member(lab_class, session.user, name="Ada")
    follow()
    return Scene(lab_class, ada, session, Browser(ann.user), Browser(olga.user), Browser(session.user))


def queries(browser: Browser, address: str) -> int:
    """How many a page asks."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)
