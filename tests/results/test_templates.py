"""No page of results asks the database once it is being drawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.backends.django import Template
from django.urls import reverse

from labportal.results import tokens
from tests.classes.school import Role, a_class, member
from tests.portal.browsing import Browser
from tests.portal.walks import LAB
from tests.results.achieved import begun, crowd, done

pytestmark = pytest.mark.django_db
NOT_OURS = ("django_session", "accounts_user")
"""The visitor and their cookie, whom Django loads when they are first asked for."""


def refuse(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
    assert any(f'FROM "{table}"' in sql for table in NOT_OURS), sql
    return execute(sql, *args)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were drawn, each under guard."""
    names: list[str] = []
    render = Template.render

    def watched(self: Template, *args: Any, **kwargs: Any) -> Any:
        with connection.execute_wrapper(refuse):
            names.append(str(self.template.name))
            return render(self, *args, **kwargs)

    monkeypatch.setattr(Template, "render", watched)
    return names


def test_no_page_queries_while_it_is_drawn(drawn: list[str]) -> None:
    lab_class = a_class(points={LAB.tasks[1].id: 5})
    teacher = member(lab_class, "teacher", Role.INSTRUCTOR).user
    first, *_ = crowd(lab_class, 60)
    begun(first, complete_at=begun(first).begun_at)
    done(first, LAB.tasks[2], timedelta(hours=1))
    tokens.make(lab_class, teacher, "gradebook", 7)
    browser = Browser(teacher)
    for name in ("results", "failed", "points", "tokens"):
        assert browser.get(reverse(f"results:{name}", args=[lab_class.pk])).status_code == 200
        assert f"results/{name}.html" in drawn
    assert browser.get(reverse("results:api_docs")).status_code == 200


def test_the_guard_would_notice() -> None:
    with connection.execute_wrapper(refuse), pytest.raises(AssertionError):
        a_class()
