"""Templates show what the view has read: those of these two rooms never query either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.template.backends.django import Template
from django.urls import reverse

from labportal.support import hands
from tests.classes.school import follow
from tests.portal import examiner, walks
from tests.portal.walks import LAB, TASK
from tests.support.scene import Scene

ROOMS = ("connections", "labs", "runs", "standings", "classes", "support")
OURS = [model._meta.db_table for room in ROOMS for model in apps.get_app_config(room).get_models()]


def refuse(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
    assert not any(f'"{table}"' in sql for table in OURS), sql
    return execute(sql, *args)


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were rendered under guard."""
    rendered: list[str] = []
    render = Template.render

    def watched(self: Template, *args: Any, **kwargs: Any) -> Any:
        with connection.execute_wrapper(refuse):
            rendered.append(str(self.template.name))
            return render(self, *args, **kwargs)

    monkeypatch.setattr(Template, "render", watched)
    return rendered


@pytest.mark.usefixtures("everything_offered")
def test_no_page_asks_the_database_once_it_is_being_rendered(school: Scene, guarded: list[str]) -> None:
    for task in LAB.tasks:
        walks.completed(school.session, task)
    hands.raise_hand(school.session, TASK.id, "Help")
    school.teacher.post(school.of_class("support:compose"), {"text": "To all."})
    school.teacher.post(school.of_class("students:note", school.ada.pk), {"text": "Quick."})
    latest = examiner.found(school.session)
    follow()
    ada = school.ada.pk
    pages = [
        *(school.of_class(name) for name in ("support:hands", "support:sent", "support:compose")),
        *(school.of_class(f"students:{name}", ada) for name in ("student", "as_lab", "as_history", "as_challenge")),
        *(school.of_class(f"students:{name}", ada, TASK.id) for name in ("reset", "as_task")),
        *(school.of_class(f"students:{name}", ada, latest.pk) for name in ("attempt", "as_attempt")),
    ]
    for address in pages:
        assert school.teacher.get(address).status_code == 200, address
    for name in ("labs:lab", "labs:challenge", "labs:clean_up"):
        assert school.student.get(reverse(name, args=[LAB.id])).status_code == 200
    assert school.student.get(school.of_lab("support:region")).status_code == 200
    assert len(guarded) >= len(pages) + 4
    assert {"support/hands.html", "students/student.html", "students/as_they_see_it.html"} <= set(guarded)


def test_the_guard_would_notice(school: Scene) -> None:
    with connection.execute_wrapper(refuse), pytest.raises(AssertionError):
        school.lab_class.memberships.count()
