"""Sends what az once sent, to a student of today."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx

from tests.practice.by_hand.commands import names_of
from tests.practice.sign_in import app_token, claims
from tests.practice_process import Json, Practice

RECORDED = Path(__file__).parent / "recorded.json"
QUICK = dict.fromkeys(
    ("vault_create", "vault_purge", "run_command", "vm_power", "network_change", "provider_registration"), 0
)
STUDENTS_OWN = ("sid", "group", "vault", "vm", "vm_oid", "tenant", "app", "caller")
SECONDS = 10


def oid_of(cloud: Practice, student: Json) -> str:
    """The object id of the student's app, from its own token."""
    return str(claims(app_token(cloud, student))["oid"])


class Replay:
    def __init__(self, cloud: Practice, student: Json, http: httpx.Client) -> None:
        self._cloud = cloud
        self._student = student
        self._http = http
        self._names = names_of(student, oid_of(cloud, student))
        self._tokens: dict[str, str] = {}

    def send(self, recorded: Json) -> tuple[Json, httpx.Response]:
        """The request as recorded, for this student, and what is answered now, once what it began is over."""
        text = json.dumps(recorded)
        for name in STUDENTS_OWN:
            text = text.replace(f"<{name}>", self._names[name])
        one: Json = json.loads(text)
        headers = {"Authorization": f"Bearer {self._token(one['url'])}"}
        body: Any = one["body"]
        if body:
            headers["Content-Type"] = "application/json"
        answer = self._http.request(one["method"], one["url"], content=body, headers=headers)
        self._wait(answer, headers)
        return one, answer

    def _wait(self, answer: httpx.Response, headers: dict[str, str]) -> None:
        where = answer.headers.get("location") if answer.status_code in (201, 202) else None
        end = time.monotonic() + SECONDS
        while where is not None and self._http.get(where, headers=headers).status_code == 202:
            assert time.monotonic() < end, f"{where} does not end"
            time.sleep(0.05)

    def _token(self, url: str) -> str:
        host = httpx.URL(url).host
        resource = "https://vault.azure.net" if host.endswith("vault.azure.net") else f"https://{host}"
        if resource not in self._tokens:
            self._tokens[resource] = app_token(self._cloud, self._student, resource)
        return self._tokens[resource]
