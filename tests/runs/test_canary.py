"""A secret's value, the connection's credential and every token: looked for everywhere they must not be."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import redis
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
from django.apps import apps
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse

from labportal.connections.sealing import open_sealed
from labportal.labs.models import LabSession
from tests.environment import LOGS, REDIS_FOLDER
from tests.runs.live import stream
from tests.runs.practising import LAB, carry_out, check, practising

if TYPE_CHECKING:
    from tests.practice_process import Practice

TASKS = ["create-vault", "create-secret", "grant-access", "read-secret"]
A_TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJ4In0xMjM0.c2lnbmF0dXJlMTIz"
TOKEN = re.compile(rb"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")


def put_canary(session: LabSession, practice: Practice) -> str:
    """A new version of the student's secret, put there by the real client."""
    canary = f"canary-{uuid.uuid4().hex}"
    student = practice.ask("GET", f"/students/{session.connection.subscription_id}")
    who = ClientSecretCredential(student["tenant_id"], student["client_id"], student["client_secret"], **practice.sdk)
    with SecretClient(session.names.vault_uri, who, **practice.sdk) as secrets:
        secrets.set_secret(session.secret_name, canary)
    return canary


def everything_kept(redis_url: str) -> dict[str, bytes]:
    """All rows, all of Redis (its append-only file too, which remembers what has gone), all logs."""
    places = {
        model._meta.label: serialize("json", model._default_manager.all()).encode() for model in apps.get_models()
    }
    with redis.Redis.from_url(redis_url) as client:
        places["redis"] = b"".join(client.dump(key) or b"" for key in client.scan_iter())
    files = [*(path for path in REDIS_FOLDER.rglob("*") if path.is_file()), *LOGS.iterdir()]
    return places | {str(path): Path(path).read_bytes() for path in files}


def pages_of(session: LabSession, web: str) -> dict[str, bytes]:
    client = Client()
    client.force_login(session.user)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    names = ("labs:lab", "labs:history", "ledger:calls", "ledger:csv")
    addresses = [reverse(name, args=[LAB]) for name in names]
    addresses += [reverse("labs:task", args=[LAB, task_id]) for task_id in TASKS]
    addresses += [reverse("runs:attempt", args=[attempt.pk]) for attempt in session.attempts.all()]
    with httpx.Client(base_url=web, cookies=cookies, trust_env=False) as browser:
        return {address: browser.get(address).raise_for_status().content for address in addresses}


@pytest.mark.usefixtures("worker", "sweeper")
def test_no_secret_no_credential_and_no_token_is_kept_or_shown(web: str, redis_url: str, practice: Practice) -> None:
    session = practising("ada")
    with stream(web, session) as page:
        for task_id in TASKS[:3]:
            page.until_state(carry_out(session, task_id).pk, "finished")
        canary = put_canary(session, practice)
        body = {"error": {"code": "Quoting", "message": f"Bearer {A_TOKEN} was not liked."}}
        with practice.fault(host="management", status=403, body=body):
            page.until_state(check(session, "create-vault").pk, "finished")
        page.until_state(carry_out(session, "read-secret").pk, "finished")
        page.until_state(check(session, "read-secret", identifier="").pk, "finished")
    read = session.attempts.filter(task_id="read-secret", mode="carry_out").get()
    assert read.verdict == "passed", list(read.evidence.values("check_id", "reason", "found"))

    credential = open_sealed(session.connection.sealed_secret, place=session.connection.place_of_secret)
    looked_at = everything_kept(redis_url) | pages_of(session, web)
    for place, content in looked_at.items():
        assert canary.encode() not in content, place
        assert credential.encode() not in content, place
        assert not TOKEN.search(content), place
    assert len(looked_at) > 20
