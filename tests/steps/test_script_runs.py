"""The script for the VM, really run: by the practice cloud's PowerShell, against a metadata service and a vault."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from practice_cloud.vm.run import ScriptResult, run_script
from steps.key_vault_managed_identity.guides.read_secret import commands
from steps.key_vault_managed_identity.read_secret.on_the_vm import Report, read, script
from tests.steps.fake_azure import NAMES, PRINCIPAL, VERSION

NONCE = "0123456789abcdef0123456789abcdef"
VALUE = "canary-Grüße-€-$(value)"
IDENTIFIER = f"{NAMES.vault_uri}secrets/{NAMES.secret}/{VERSION}"


def part(said: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def token(**more: str) -> str:
    claims = {"oid": PRINCIPAL, "aud": "https://vault.azure.net", "tid": NAMES.tenant_id, "xms_mirid": "/vm", **more}
    return f"{part({'alg': 'RS256'})}.{part(claims)}.c2lnbmF0dXJl"


Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class World:
    """What the VM can reach. Either answer may be changed; a missing one is a host that cannot be reached."""

    token: str = field(default_factory=token)
    imds: Answer | None = None
    vault: Answer | None = None
    closed: str = ""
    asked: list[httpx.Request] = field(default_factory=list)

    async def send(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.host == self.closed:
            raise httpx.ConnectError("The remote name could not be resolved", request=request)
        if request.url.host == "169.254.169.254":
            assert request.headers["Metadata"] == "true"
            body = {"access_token": self.token, "token_type": "Bearer", "expires_in": "86400"}
            return self.imds(request) if self.imds else answer(200, body)
        assert request.headers["Authorization"] == f"Bearer {self.token}"
        body_ = {"value": VALUE, "id": IDENTIFIER, "attributes": {"enabled": True}}
        return self.vault(request) if self.vault else answer(200, body_)


def answer(status: int, body: object) -> httpx.Response:
    return httpx.Response(status, json=body)


async def run(world: World, text: str = "") -> ScriptResult:
    return await run_script(text or script(NAMES, NONCE), send=world.send)


async def report(world: World) -> Report:
    result = await run(world)
    assert result.stderr == ""
    said = read(result.stdout, NONCE)
    assert said is not None, result.stdout
    for never in (VALUE, "canary", *world.token.split(".")):
        assert never not in result.stdout
    return said


@pytest.mark.parametrize("padding", ["", "x", "xy", "xyz"])
async def test_it_tells_who_read_what_and_proves_it_by_a_digest(padding: str) -> None:
    said = await report(World(token=token(pad=padding)))
    digest = base64.b64encode(hmac.digest(NONCE.encode(), VALUE.encode(), hashlib.sha256)).decode()
    assert said == Report(
        stage="done",
        oid=PRINCIPAL,
        tid=NAMES.tenant_id,
        aud="https://vault.azure.net",
        mirid="/vm",
        secret_id=IDENTIFIER,
        hmac=digest,
    )


async def test_it_asks_the_metadata_service_and_the_vault_once_each() -> None:
    world = World()
    await report(world)
    assert [(one.method, one.url.host) for one in world.asked] == [
        ("GET", "169.254.169.254"),
        ("GET", f"{NAMES.vault}.vault.azure.net"),
    ]


async def test_a_vm_without_identity_is_told_by_the_metadata_service() -> None:
    body = {"error": "invalid_request", "error_description": "Identity not found"}
    said = await report(World(imds=lambda request: answer(400, body)))
    assert (said.stage, said.status, said.code, said.message) == (
        "token",
        400,
        "invalid_request",
        "Identity not found",
    )


@pytest.mark.parametrize(("status", "inner"), [(403, "AccessDenied"), (403, "ForbiddenByRbac"), (401, "")])
async def test_a_refusal_of_the_vault_comes_back_with_azures_own_words(status: int, inner: str) -> None:
    error = {
        "code": "Forbidden",
        "message": "It's <not> allowed; oid=x",
        "innererror": {"code": inner} if inner else None,
    }
    said = await report(World(vault=lambda request: answer(status, {"error": error})))
    assert (said.stage, said.status, said.oid) == ("secret", status, PRINCIPAL)
    assert said.code == (inner or "Forbidden")
    assert "allowed; oid=x" in said.message


async def test_a_vault_out_of_reach_has_no_status() -> None:
    said = await report(World(closed=f"{NAMES.vault}.vault.azure.net"))
    assert (said.stage, said.status) == ("secret", 0)
    assert said.message


async def test_a_metadata_service_out_of_reach_has_none_either() -> None:
    said = await report(World(closed="169.254.169.254"))
    assert (said.stage, said.status, said.oid) == ("token", 0, "")


@pytest.mark.parametrize("odd", ["not-a-token", "a.b.c", "a." + base64.b64encode(b"secret claims").decode() + ".c"])
async def test_a_token_that_is_none_ends_at_the_claims_and_nothing_of_it_comes_back(odd: str) -> None:
    said = await run(World(token=odd))
    answer_ = read(said.stdout, NONCE)
    assert answer_ == Report(stage="claims")
    assert "secret claims" not in said.stdout


async def test_the_guides_three_commands_run_as_printed_and_show_the_identifier_whole() -> None:
    result = await run(World(), "\n".join(commands(NAMES)))
    assert result.stderr == ""
    assert IDENTIFIER in result.stdout
