"""What an account can do over and over is bounded: rows that it makes, and pages of others that look again for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import NamedTuple

import pytest
from django.urls import reverse

from labportal.accounts.limits import Allowance
from labportal.accounts.models import User
from labportal.classes import settings_views
from labportal.classes.models import Act, LabClass
from labportal.rounds import views as rounds_views
from labportal.rounds.models import Round
from labportal.students import views as students_views
from labportal.support import staff_views
from labportal.support.models import Message
from tests.classes import school
from tests.portal.browsing import Browser, text

Role = school.Role


class Click(NamedTuple):
    """``allowance`` is the name of its bound in ``room``; ``made`` counts the rows that it makes."""

    room: ModuleType
    allowance: str
    address: str
    body: Mapping[str, str]
    made: Callable[[], int]


A_CLASS = {"name": "Tuesday", "time_zone": "UTC"}
CLICKS = [
    Click(settings_views, "MADE", "classes:new", A_CLASS, LabClass.objects.count),
    Click(settings_views, "MADE", "classes:copy", A_CLASS, LabClass.objects.count),
    Click(staff_views, "WRITTEN", "support:compose", {"text": "Read it once more."}, Message.objects.count),
    Click(rounds_views, "BEGUN", "rounds:begin", {"task_id": ""}, Round.objects.count),
    Click(students_views, "CHECKS", "students:check", {}, Act.objects.count),
]


@pytest.fixture
def group(ada: User) -> LabClass:
    """Ada's, with one student who has begun."""
    made = school.a_class()
    school.member(made, ada, Role.INSTRUCTOR)
    school.student(made, "sam")
    school.follow()
    return made


@pytest.mark.thorough
@pytest.mark.parametrize("click", CLICKS, ids=[click.address for click in CLICKS])
def test_the_click_after_the_last_that_is_allowed_makes_nothing(
    browser: Browser, group: LabClass, monkeypatch: pytest.MonkeyPatch, click: Click
) -> None:
    monkeypatch.setattr(click.room, click.allowance, Allowance("of-a-test", times=1, seconds=60))
    sam = group.memberships.get(role=Role.STUDENT)
    special = {"classes:new": [], "students:check": [group.pk, sam.pk, "create-vault"]}
    address = reverse(click.address, args=special.get(click.address, [group.pk]))
    before = click.made()
    browser.post(address, dict(click.body))
    assert click.made() == before + 1
    Round.objects.update(state=Round.State.ENDED)
    said = text(browser.client.post(address, dict(click.body), follow=True))
    assert click.made() == before + 1
    assert "very often" in said or "very many" in said
