"""Of every page: few queries however much has happened, nothing from elsewhere, kind words for errors."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from labportal.labs.models import LabSession
from steps.kit.verdict import Verdict
from tests.portal import examiner, walks
from tests.portal.addresses import clean_up, ideas, lab_page, task_page
from tests.portal.browsing import Browser, text

TASK = walks.TASK


FEW = {
    "labs:lab": 6,
    "labs:progress": 5,
    "labs:task": 8,
    "labs:panel": 7,
    "labs:history": 5,
    "labs:ideas": 3,
}
ONE_MORE_OF_WHO_MASTERED_IT = {"labs:lab", "labs:progress", "labs:task", "labs:panel"}
"""At which try it was foreseen: asked with everybody's pages, it would cost everybody's clicks."""


@pytest.mark.parametrize("name", FEW)
def test_more_history_takes_no_more_queries(
    browser: Browser, session: LabSession, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    arguments = [session.lab_id, TASK.id] if name in ("labs:task", "labs:panel") else [session.lab_id]
    address = reverse(name, args=arguments)
    walks.finished(session)
    with django_assert_num_queries(FEW[name]):
        browser.get(address)
    for task in walks.LAB.all_tasks:
        for _ in range(6):
            walks.finished(session, task, Verdict.NOT_YET)
        walks.completed(session, task)
    with django_assert_num_queries(FEW[name] + (name in ONE_MORE_OF_WHO_MASTERED_IT)):
        browser.get(address)


@pytest.mark.usefixtures("everything_offered")
def test_what_the_portal_did_is_asked_once_however_often_it_did_something(
    browser: Browser, session: LabSession, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("labs:panel", args=[session.lab_id, TASK.id])
    examiner.touched(session)
    with django_assert_num_queries(FEW["labs:panel"] + 1):
        browser.get(address)
    for _ in range(20):
        examiner.deed(session)
    with django_assert_num_queries(FEW["labs:panel"] + 1):
        browser.get(address)


@pytest.mark.usefixtures("everything_offered")
def test_no_page_needs_more_than_its_own_origin(browser: Browser, session: LabSession) -> None:
    examiner.found(session)
    examiner.cleaned(session)
    addresses = (lab_page(session), task_page(session), clean_up(session), ideas(session))
    for address in (*addresses, reverse("labs:names", args=[session.lab_id]), "/"):
        answer = browser.get(address)
        page = answer.content.decode()
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]
        assert not re.search(r"\sstyle=", page)
        assert not re.search(r"\son\w+=", page)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert not re.search(r'(?:src|<link[^>]*href)="https?:', page)


def test_a_missing_page_says_so_kindly(browser: Browser) -> None:
    answer = browser.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in text(answer)


def test_a_failure_of_ours_says_that_it_is_ours(
    browser: Browser, session: LabSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_session: LabSession) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("labportal.labs.contexts.steps_of", fail)
    browser.client.raise_request_exception = False
    answer = browser.get(lab_page(session))
    assert answer.status_code == 500
    assert "Something failed on our side" in text(answer)
    assert "broken on purpose" not in text(answer)
