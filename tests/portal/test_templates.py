"""Templates show what the view has read: they never query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.template.backends.django import Template
from django.urls import reverse

from labportal.labs.models import LabSession
from labportal.runs.models import TaskResult
from steps.kit.verdict import Verdict
from tests.portal import examiner, walks
from tests.portal.addresses import lab_page, task_page
from tests.portal.browsing import Browser

OURS = [
    model._meta.db_table
    for room in ("connections", "labs", "ledger", "runs")
    for model in apps.get_app_config(room).get_models()
]
"""Not the visitor and their cookie, whom Django loads when they are first asked for."""


class Queried(AssertionError):
    """A template asked the database."""


def refuse(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
    if any(table in sql for table in OURS):
        raise Queried(sql)
    return execute(sql, *args)


@pytest.fixture(autouse=True)
def guarded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuses queries while a template is rendered; the names of those that were."""
    rendered: list[str] = []
    render = Template.render

    def watched(self: Template, *args: Any, **kwargs: Any) -> Any:
        with connection.execute_wrapper(refuse):
            rendered.append(str(self.template.name))
            return render(self, *args, **kwargs)

    monkeypatch.setattr(Template, "render", watched)
    return rendered


def everything(session: LabSession) -> list[str]:
    """Every page of a walk in which everything has happened, and every piece that is fetched again."""
    for task in walks.LAB.tasks:
        walks.finished(session, task, Verdict.NOT_YET)
        walks.completed(session, task)
    running = walks.attempt(session, walks.LAB.tasks[2], state=walks.State.WAITING)
    examiner.cleaned(session)
    TaskResult.objects.filter(task_id=walks.TASK.id).update(portal_repaired=True)
    examiner.found(session)
    walks.asked(session, running)
    of_the_lab = (
        "labs:progress",
        "labs:live",
        "labs:names",
        "labs:history",
        "labs:clean_up",
        "labs:ideas",
        "labs:challenge",
        "ledger:calls",
    )
    return [
        "/",
        lab_page(session),
        task_page(session),
        task_page(session, running.task_id),
        *(reverse(name, args=[session.lab_id]) for name in of_the_lab),
        reverse("labs:panel", args=[session.lab_id, walks.TASK.id]),
        reverse("runs:attempt", args=[running.pk]),
    ]


@pytest.mark.usefixtures("everything_offered")
def test_no_page_asks_the_database_once_it_is_being_rendered(
    browser: Browser, session: LabSession, guarded: list[str]
) -> None:
    addresses = everything(session)
    for address in addresses:
        assert browser.get(address).status_code == 200, address
    assert len(guarded) >= len(addresses), "each of them was rendered under guard"


def test_the_guard_would_notice(session: LabSession) -> None:
    from django.template import engines

    template = engines["django"].from_string("{{ session.attempts.count }}")
    with pytest.raises(Queried):
        template.render({"session": session})
