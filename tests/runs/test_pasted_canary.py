"""A secret's value and a token in whatever a student pastes: neither is stored, sent, logged or shown."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse

from labportal.accounts.limits import Allowance
from labportal.accounts.models import User
from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from labportal.runs import engine
from labportal.runs.models import Attempt
from tests.runs.practising import LAB
from tests.runs.scripted import Wire
from tests.steps.fake_azure import NAMES, after_task
from tests.steps.pastes import PASTES, VAULT, VERSION, token

pytestmark = pytest.mark.thorough

RIGHT = f"{VAULT}/secrets/mi-test/{VERSION}"
TEXTS = {
    **{name: text for name, (text, _, _) in PASTES.items()},
    "the right answer": f"id : {RIGHT}",
    "an older version": f"id : {VAULT}/secrets/mi-test/{'0' * 32}",
    "another vault": f"id : https://kv-other.vault.azure.net/secrets/mi-test/{VERSION}",
    "nothing known": "hello",
}
AROUND = {
    "as a list": "value : {canary}\r\naccess_token : {token}\r\n{text}\r\nvalue : {canary}\r\n",
    "as JSON": '{{"value":"{canary}","access_token":"{token}"}}\n{text}\n{{"value":"{canary}"}}',
    "as a header": "Authorization: Bearer {token}\n{text}\n$secret = '{canary}'",
    "glued": "{canary}{text}{canary}",
}


@pytest.fixture
def walk(transactional_db: None, wire: Wire, monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> LabSession:
    files = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # as they lie in the folders
    settings.STORAGES = {**settings.STORAGES, "staticfiles": files}
    azure = after_task(3)
    monkeypatch.setattr(engine, "azure_of", lambda *_args, **_kwargs: azure)
    user = User.objects.create_user("ada")
    ids = {"tenant_id": NAMES.tenant_id, "subscription_id": NAMES.subscription_id}
    connection = Connection.objects.create(user=user, cloud="practice", state="ready", client_id="app", **ids)
    names = {"resource_group": NAMES.resource_group, "location": NAMES.location, "vm_name": NAMES.vm}
    return LabSession.objects.create(
        user=user,
        lab_id=LAB,
        connection=connection,
        vault_name=NAMES.vault,
        secret_name=NAMES.secret,
        **names,
    )


@pytest.fixture(autouse=True)
def as_often_as_one_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labportal.runs.views.STARTS", Allowance("starts", times=10_000, seconds=60))


def paste(client: Client, text: str) -> bytes:
    """Into the form of Task 4, as a browser sends it; what comes back, before and after it was looked at."""
    told: Any = client.post(
        reverse("labs:check", args=[LAB, "read-secret"]), {"ask-identifier": text}, headers={"HX-Request": "true"}
    )
    newest = Attempt.objects.latest("pk") if Attempt.objects.exists() else None
    if newest is not None and newest.active:
        engine.run(newest.pk)
    pages = [reverse("labs:task", args=[LAB, "read-secret"]), reverse("labs:history", args=[LAB])]
    pages += [reverse("runs:attempt", args=[newest.pk])] if newest else []
    seen: list[Any] = [client.get(page) for page in pages]
    assert {one.status_code for one in (told, *seen)} == {200}
    return b"".join(one.content for one in (told, *seen))


def everything_kept(wire: Wire) -> str:
    rows = [serialize("json", model._default_manager.all()) for model in apps.get_models()]
    return json.dumps([*rows, wire.enqueued, wire.nudges])


@pytest.mark.parametrize("around", list(AROUND))
def test_of_what_is_pasted_neither_value_nor_token_is_kept_logged_or_shown(
    walk: LabSession, wire: Wire, caplog: pytest.LogCaptureFixture, around: str
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client()
    client.force_login(walk.user)
    canary, jwt = f"canary-{uuid.uuid4().hex}", token(upn="canary")
    asked = 0
    mine = list(TEXTS.items())[list(AROUND).index(around) :: len(AROUND)]
    for name, text in mine:
        shown = paste(client, AROUND[around].format(canary=canary, token=jwt, text=text))
        assert canary.encode() not in shown, name
        assert jwt.encode() not in shown, name
        asked += Attempt.objects.count()
        for place, kept in (("rows or the wire", everything_kept(wire)), ("the log", caplog.text)):
            assert canary not in kept, (name, place)
            assert jwt.split(".")[1] not in kept, (name, place)
        wire.nudges.clear()
        caplog.clear()
        Attempt.objects.all().delete()
    assert asked > len(mine) / 2, "most of it was looked at"
    walk.refresh_from_db()
    assert all(len(text) < 300 for texts in walk.noted.values() for text in texts)
