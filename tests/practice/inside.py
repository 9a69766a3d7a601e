"""A practice cloud inside the test's own process: its store at hand, its services asked without a socket."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

from practice_cloud import front
from practice_cloud.cloud import Cloud
from practice_cloud.students import student_for

ARM, VAULT = "https://management.azure.com", "https://vault.azure.net"
AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
API = {"arm": "2022-04-01", "vault": "7.4"}
Json = dict[str, Any]


class Dropped(Exception):
    """The cloud cut the connection."""


class Inside:
    """``pass_time`` moves the cloud's clock; requests are answered as those of a client behind the proxy."""

    def __init__(self, folder: Path) -> None:
        self.cloud = Cloud.open(folder)
        self.front = front.build(self.cloud)
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self._runner.close()
        self.cloud.store.close()

    def student(self) -> Person:
        return Person(self, student_for(self.cloud, None))

    def pass_time(self, seconds: float) -> None:
        self.cloud.clock.offset_seconds += seconds

    def send(self, method: str, url: str, *, seconds: float = 5, **given: Any) -> httpx.Response:
        """Raises Dropped where the connection is cut, TimeoutError where no answer comes within ``seconds``."""
        return self._runner.run(asyncio.wait_for(self._send(method, url, **given), seconds))

    def let(self, seconds: float) -> None:
        """What runs in the background goes on meanwhile."""
        self._runner.run(asyncio.sleep(seconds))

    async def _send(self, method: str, url: str, **given: Any) -> httpx.Response:
        def drop() -> None:
            raise Dropped

        async def asked(scope: Scope, receive: Receive, send: Send) -> None:
            await self.front({**scope, "state": {"origin": "proxy", "drop": drop, "vm": None}}, receive, send)

        async with httpx.AsyncClient(transport=httpx.ASGITransport(asked), trust_env=False) as client:
            return await client.request(method, url, **given)


class Person:
    """A student, who asks as their app; ``told`` is what ``POST /students`` answers."""

    def __init__(self, inside: Inside, told: Json) -> None:
        self.inside, self.told = inside, told
        self.sid, self.group, self.vm = told["subscription_id"], told["resource_group"], told["vm"]
        self.scope = f"/subscriptions/{self.sid}"
        self.place = f"{self.scope}/resourceGroups/{self.group}/providers"
        self.vm_path = f"{self.place}/Microsoft.Compute/virtualMachines/{self.vm}"

        self.had: dict[str, str] = {}
        """Tokens given out before a scenario: the app's by resource, and the ``user``'s and ``refresh`` token of az."""

    def sign_in(self, resource: str = ARM) -> httpx.Response:
        form = {"grant_type": "client_credentials", "scope": f"{resource}/.default"}
        form |= {"client_id": self.told["client_id"], "client_secret": self.told["client_secret"]}
        url = f"https://login.microsoftonline.com/{self.told['tenant_id']}/oauth2/v2.0/token"
        return self.inside.send("POST", url, data=form)

    def as_user(self, what: str = "token", **form: str) -> httpx.Response:
        """What the sign-in service answers az, in which the student is signed in."""
        known = {"client_id": AZ, "scope": f"{ARM}/.default openid offline_access"}
        url = f"https://login.microsoftonline.com/{self.told['tenant_id']}/oauth2/v2.0/{what}"
        return self.inside.send("POST", url, data={**known, **form})

    def with_password(self) -> httpx.Response:
        """The student in person, without a page."""
        who = {"username": self.told["user"], "password": self.told["password"]}
        return self.as_user(grant_type="password", **who)

    def token(self, resource: str = ARM) -> str:
        return str(self.sign_in(resource).json()["access_token"])

    def arm(self, method: str, path: str, *, api: str = API["arm"], token: str = "", **given: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token or self.token()}"}
        mark = "&" if "?" in path else "?"
        return self.inside.send(method, f"{ARM}{path}{mark}api-version={api}", headers=headers, **given)

    def data(self, method: str, vault: str, path: str, *, token: str = "", **given: Any) -> httpx.Response:
        """Asks a vault; as the app, or with the token of somebody else."""
        headers = {"authorization": f"Bearer {token or self.token(VAULT)}"}
        url = f"https://{vault}.vault.azure.net{path}?api-version={API['vault']}"
        return self.inside.send(method, url, headers=headers, **given)

    def imds(self, resource: str = VAULT) -> httpx.Response:
        """What the VM's metadata service answers who asks for a token."""
        key = self.inside.cloud.store.get("student", self.sid)
        assert key is not None
        url = f"http://169.254.169.254/vm/{key['imds_key']}/metadata/identity/oauth2/token"
        query = {"api-version": "2018-02-01", "resource": resource}
        return self.inside.send("GET", url, params=query, headers={"Metadata": "true"})

    def vm_reads(self, vault: str, secret: str) -> httpx.Response:
        """The secret, asked for with the VM's own token."""
        answer = self.imds()
        assert answer.status_code == 200, answer.text
        return self.data("GET", vault, f"/secrets/{secret}", token=answer.json()["access_token"])
