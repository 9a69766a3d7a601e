"""A button beside a plan does what that plan says, or nothing: the names may have been changed in another tab."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from tests.portal import addresses, examiner
from tests.portal.browsing import Browser, text

Page = Callable[[LabSession], str]
BUTTONS: dict[str, tuple[Page, Page, dict[str, str]]] = {
    "repair": (addresses.task_page, addresses.repair, {"remedy": "mend-it"}),
    "undo": (addresses.task_page, addresses.undo, {}),
    "carry out": (addresses.task_page, addresses.carry_out, {}),
    "clean up": (addresses.clean_up, lambda session: addresses.carry_out(session, "clean-up"), {}),
}
NAMES = re.compile(r'<input type="hidden" name="names" value="([^"]*)">')


@pytest.mark.parametrize("name", list(BUTTONS))
@pytest.mark.usefixtures("everything_offered")
def test_a_plan_that_was_read_with_other_names_is_not_carried_out(
    session: LabSession, browser: Browser, name: str
) -> None:
    examiner.touched(session)
    examiner.found(session)
    page, button, body = BUTTONS[name]
    action = button(session)
    form = next(
        one for one in browser.get(page(session)).content.decode().split("<form") if f'action="{action}"' in one
    )
    shown = NAMES.search(form)
    assert shown is not None
    before = Attempt.objects.count()

    LabSession.objects.filter(pk=session.pk).update(vault_name="kv-somebody-elses")
    answer = browser.post(action, {"names": shown[1], **body})
    assert answer.status_code == 409
    assert "Your names have changed since that page was opened" in text(answer)
    assert Attempt.objects.count() == before

    LabSession.objects.filter(pk=session.pk).update(vault_name=session.vault_name)
    assert browser.post(action, {"names": shown[1], **body}).status_code in {200, 303}
    assert Attempt.objects.count() == before + 1
