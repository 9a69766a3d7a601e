"""What is kept about a person can be read by them, all of it, and nothing that opens anything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import CASCADE, SET_NULL
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labportal.accounts.deletion import NOBODY, forget_names_of
from labportal.accounts.kept import kept_about, owned_by
from labportal.accounts.models import User
from labportal.classes.models import LabClass
from labportal.runs.models import Attempt
from tests.classes import people
from tests.classes.school import a_class, member
from tests.portal import walks
from tests.portal.browsing import Browser, text

STAYS = {
    "classes.Act.by",
    "classes.Invitation.accepted_by",
    "rounds.Round.by",
    "rounds.Round.stopped_by",
    "runs.Attempt.asked_by",
    "support.Hand.lowered_by",
    "support.Hand.taken_by",
    "support.Message.by",
    "support.Note.by",
}
"""Keys that only let go of a person who is deleted: what hangs on them is somebody else's. All others go with them."""
NO_NAME = {"classes.Invitation.accepted_by", "runs.Attempt.asked_by", "support.Hand.lowered_by"}
"""Those of them without a name beside, as in ``Act.by_name``. Invitations that were accepted are deleted."""


@pytest.fixture
def teacher(db: None) -> User:
    return walks.person("teacher")


@pytest.fixture
def ada_studied(ada: User, teacher: User) -> User:
    group = a_class()
    people.studied(ada, group, teacher)
    people.taught(ada, a_class("Her own group"), member(group, "wilhelmina").user)
    return ada


def kept(user: User) -> tuple[dict[str, Any], str]:
    answer = Browser(user).get(reverse("accounts:download"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kept-about-me.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    whole = answer.content.decode()
    return json.loads(whole), whole


def keys_to_people() -> dict[str, Any]:
    return {
        f"{model._meta.label}.{field.name}": field.remote_field.on_delete
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User and model is not LogEntry and field.remote_field is not None
    }


def test_every_key_to_a_person_is_thought_of() -> None:
    """A new one either makes its rows go with the person, or is declared here with what is said instead."""
    keys = keys_to_people()
    assert {key for key, on_delete in keys.items() if on_delete is SET_NULL} == STAYS
    assert {on_delete for on_delete in keys.values()} == {CASCADE, SET_NULL}


def test_every_name_that_stays_beside_a_key_is_forgotten(ada_studied: User) -> None:
    forget_names_of(ada_studied)
    named = STAYS - NO_NAME
    for key in named:
        label, _, field = key.rpartition(".")
        model = apps.get_model(label)
        names = set(model._default_manager.filter(**{field: ada_studied}).values_list(f"{field}_name", flat=True))
        assert names == {NOBODY}, key
    for key in NO_NAME:
        label, _, field = key.rpartition(".")
        assert f"{field}_name" not in {one.name for one in apps.get_model(label)._meta.concrete_fields}


def test_all_of_it_is_there(ada_studied: User) -> None:
    read, whole = kept(ada_studied)
    for words in ("Ada Lovelace", "ada@example.org", "kv-ada", "sub-ada", "There is no vault kv-ada.", "help me"):
        assert words in whole, words
    assert people.SENTENCE in whole, "notes about a person are for them to read here"
    assert "checked Task 2 for you" in whole
    assert read["what you did for others"][0]["lab_class__name"] == "Her own group"
    assert {row["user"] for row in read["memberships"]} == {"you"}
    assert {row["lab_class"] for row in read["memberships"]} == {"Monday group", "Her own group"}
    assert [row["text"] for row in read["messages to you"]] == ["To one", "To all"]
    assert [row["name"] for row in read["invitations that you accepted"]] == ["Ada L"]
    assert len(read["attempts"]) == Attempt.objects.count() > 1


def test_nothing_in_it_opens_anything_or_is_about_others(ada_studied: User, teacher: User) -> None:
    _, whole = kept(ada_studied)
    assert ada_studied.password not in whole
    for secret in (people.SEALED.decode(), people.DIGEST, people.INVITED, "practice_key", "sealed"):
        assert secret not in whole, secret
    assert "a note by her" not in whole, "what she wrote about another is that other's"
    assert "wilhelmina" not in whole


def test_it_has_every_kind_of_row_that_goes_with_a_person_and_none_of_others(ada_studied: User) -> None:
    group = LabClass.objects.get(name="Monday group")
    people.studied(walks.person("grace"), group, User.objects.get(username="teacher"))
    hers = {model._meta.label: rows.count() for model, rows in owned_by(ada_studied)}
    labels = {key.rpartition(".")[0] for key, on_delete in keys_to_people().items() if on_delete is CASCADE}
    assert set(hers) >= labels | {"runs.AttemptEvent", "runs.AttemptEvidence", "runs.TaskResult", "standings.Trip"}
    assert "classes.LabClass" not in hers
    deleted = ada_studied.delete()[1]
    assert {label: number for label, number in hers.items() if number} == deleted


def test_as_many_queries_however_much_is_kept(ada_studied: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            kept_about(ada_studied)
        return len(asked)

    few = queries()
    session = ada_studied.lab_sessions.get()
    for _ in range(30):
        walks.finished(session)
    member(a_class("Third group"), ada_studied)
    assert queries() <= few + 1, "the name of one more class"


@pytest.mark.thorough
def test_too_often_is_told(browser: Browser) -> None:
    for _ in range(20):
        assert browser.get(reverse("accounts:download")).status_code == 200
    answer = browser.get(reverse("accounts:download"), follow=True)
    assert "very often" in text(answer)
