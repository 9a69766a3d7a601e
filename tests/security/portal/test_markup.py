"""Whatever a name, an error of Azure's or a pasted answer holds, it is shown as text and runs nowhere."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from labportal.accounts.models import User
from labportal.labs.forms import NamesForm
from labportal.labs.guides import guide_page, to_html
from labportal.labs.models import LabSession
from labportal.runs.models import AttemptEvent, AttemptEvidence
from steps.kit.task import Names
from steps.kit.verdict import Verdict
from tests.portal import walks
from tests.portal.browsing import Browser

EVIL = "</code>`<script>alert(1)</script>`<img src=x onerror=alert(1)>'\"><svg onload=alert(1)> {{ 7 }} {% now %}"
RUNS = re.compile(r"<script>|<img[^>]+onerror|<svg[^>]+onload", re.IGNORECASE)


@pytest.fixture
def hostile(session: LabSession) -> LabSession:
    """Every text that comes from Azure or from the student is hostile."""
    source = {"method": EVIL, "path": EVIL, "status": 200, "request_id": EVIL}
    attempt = walks.attempt(session, verdict=Verdict.NOT_YET)
    for kind in AttemptEvent.Kind:
        walks.line(attempt, kind, EVIL, sources=[source], code=EVIL, message=EVIL, verdict="not_yet")
    texts = dict.fromkeys(("title", "wanted", "found", "next_step", "reason", "check_id"), EVIL)
    for position, verdict in enumerate(Verdict):
        told = {**texts, "check_id": f"{position}{EVIL}"[:64], "reason": EVIL[:64]}
        AttemptEvidence.objects.create(
            attempt=attempt, position=position, verdict=verdict.value, sources=[source], **told
        )
    session.connection.problem = session.connection.tenant_id = EVIL[:60]
    session.connection.save()
    LabSession.objects.filter(pk=session.pk).update(
        resource_group=EVIL[:90], location=EVIL[:60], vm_name=EVIL[:60], vault_name="<b>x</b>", secret_name=EVIL
    )
    return session


def test_no_page_runs_what_it_shows(hostile: LabSession, browser: Browser, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(username=EVIL[:140])
    attempt = hostile.attempts.get()
    lab, task = [hostile.lab_id], [hostile.lab_id, attempt.task_id]
    addresses = [
        reverse(f"labs:{name}", args=lab)
        for name in ("lab", "progress", "names", "history", "live", "clean_up", "ideas")
    ]
    addresses += [reverse(f"labs:{name}", args=task) for name in ("task", "panel")]
    addresses += [reverse("runs:attempt", args=[attempt.pk]), reverse("home"), reverse("accounts:sign_out")]
    escaped = 0
    for address in addresses:
        answer = browser.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, address
        assert not RUNS.search(page), address
        escaped += page.count("&lt;script&gt;")
    assert escaped >= 10


@pytest.mark.parametrize("task", walks.LAB.tasks, ids=lambda task: task.id)
def test_no_name_gets_markup_into_a_guide(task: object) -> None:
    evil = f"{EVIL}\n\n[x](javascript:alert(1)) <a href='javascript:alert(1)'>y</a>\n\n<iframe src=//evil.example>"
    guide = task.guide(Names(*[evil] * 7))  # type: ignore[attr-defined]
    page = guide_page(guide)
    for html in (page.intro, *(way.html for way in page.ways)):
        assert not RUNS.search(html)
        assert not re.search(r"<iframe|<a[^>]+javascript:", html, re.IGNORECASE)


def test_a_link_s_address_is_a_web_address() -> None:
    for scheme in ("javascript:", "JaVaScRiPt:", "data:text/html,", "vbscript:", "java\tscript:", "&#106;avascript:"):
        assert "href" not in to_html(f"[x]({scheme}alert(1))")


@pytest.mark.parametrize("htmx", [True, False])
def test_what_was_pasted_and_typed_is_not_echoed_as_markup(
    session: LabSession, browser: Browser, *, htmx: bool
) -> None:
    ask = walks.LAB.tasks[-1].asks[0]
    check = reverse("labs:check", args=[session.lab_id, walks.LAB.tasks[-1].id])
    answer = (
        browser.htmx_post(check, {f"ask-{ask.id}": EVIL})
        if htmx
        else browser.post(check, {f"ask-{ask.id}": EVIL}, follow=True)
    )
    names = browser.post(reverse("labs:names", args=[session.lab_id]), dict.fromkeys(NamesForm.base_fields, EVIL))
    signing = Browser().post(reverse("accounts:sign_up"), {"username": EVIL, "password1": EVIL, "password2": "x"})
    for page in (answer, names, signing):
        assert not RUNS.search(page.content.decode())
    assert EVIL not in answer.content.decode()
