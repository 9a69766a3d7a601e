"""What a student sees of a check that an instructor asked for, and of their own click meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from labportal.runs import services
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB, TASK, person

if TYPE_CHECKING:
    from labportal.labs.models import LabSession


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("runs.outbox.publish", "runs.services.enqueue"):
        monkeypatch.setattr(f"labportal.{name}", lambda *_args: True)


def asked_for(session: LabSession, task_id: str, state: str) -> Attempt:
    attempt = services.start(session, task_id, Mode.VALIDATE, {}, asked_by=person("teacher")).attempt
    Attempt.objects.update(state=state)
    return attempt


def press(browser: Browser, name: str, task_id: str, **data: str) -> str:
    return text(browser.client.post(reverse(f"labs:{name}", args=[LAB.id, task_id]), data, follow=True))


def test_it_is_told_apart_on_the_panel_and_in_the_history(browser: Browser, session: LabSession) -> None:
    asked_for(session, TASK.id, "queued")
    panel = text(browser.get(reverse("labs:task", args=[LAB.id, TASK.id])))
    assert "Your instructor asked for a check." in panel
    assert "Check that your instructor asked for" in text(browser.get(reverse("labs:history", args=[LAB.id])))


def test_a_click_while_it_waits_begins_the_student_s_own(browser: Browser, session: LabSession) -> None:
    asked_for(session, TASK.id, "queued")
    press(browser, "check", TASK.id)
    assert list(Attempt.objects.order_by("pk").values_list("state", "on_behalf")) == [
        ("cancelled", True),
        ("queued", False),
    ]


def test_a_click_while_it_runs_is_told_to_come_again(browser: Browser, session: LabSession) -> None:
    asked_for(session, TASK.id, "running")
    assert "your instructor asked for is just under way" in press(browser, "carry_out", TASK.id)
    assert Attempt.objects.count() == 1


def test_a_click_with_the_same_answers_simply_joins(browser: Browser, session: LabSession) -> None:
    asked_for(session, TASK.id, "running")
    assert "is just under way" not in press(browser, "check", TASK.id)
    assert Attempt.objects.count() == 1
