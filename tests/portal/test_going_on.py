"""Where nobody can tell whether all is ready, the student need not stop before Task 1."""

from __future__ import annotations

import pytest

from labportal.labs.models import LabSession
from steps.kit.verdict import Verdict
from tests.portal import walks
from tests.portal.addresses import task_page
from tests.portal.browsing import Browser, text

PREFLIGHT, FIRST = walks.LAB.tasks[0], walks.LAB.tasks[1]
WORDS = f"Go on meanwhile: {FIRST.title}"


@pytest.mark.parametrize(
    ("verdict", "offered"), [(Verdict.COULD_NOT_TELL, True), (Verdict.NOT_YET, False), (Verdict.PASSED, False)]
)
def test_the_way_on_is_offered_where_the_preflight_could_not_tell(
    browser: Browser, session: LabSession, verdict: Verdict, offered: bool
) -> None:
    walks.attempt(session, PREFLIGHT, verdict=verdict)
    answer = browser.get(task_page(session, PREFLIGHT.id))
    assert (WORDS in text(answer)) is offered
    assert (
        f'id="next-task" class="button quiet wide" href="{task_page(session, FIRST.id)}"' in answer.content.decode()
    ) is offered


def test_a_task_that_makes_something_is_not_left_so(browser: Browser, session: LabSession) -> None:
    walks.attempt(session, FIRST, verdict=Verdict.COULD_NOT_TELL)
    assert "Go on meanwhile" not in text(browser.get(task_page(session, FIRST.id)))
