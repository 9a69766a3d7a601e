"""A VM's network for these tests: a metadata service, one vault, and nothing else. And the scripts of the lab."""

# ruff: noqa: E501 - a script stands on its line

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime

import httpx

from practice_cloud.vm import Limits, ScriptResult, run_script
from practice_cloud.vm.unreached import NoSecureChannel, NotTrusted

OID = "11111111-2222-3333-4444-555555555555"
SECRET = "My Secret"
SECRET_ID = "https://mi-lab-vault.vault.azure.net/secrets/mi-test/50644e90b13249b584c44b9f712f2e51"
_CLAIMS = base64.urlsafe_b64encode(json.dumps({"oid": OID, "aud": "https://vault.azure.net"}).encode()).decode()
TOKEN = f"e30.{_CLAIMS.rstrip('=')}.c2ln"
FORBIDDEN = {"error": {"code": "Forbidden", "message": "Caller is not authorized to perform action."}}
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

LAB_SCRIPT = """$Response = Invoke-RestMethod -Uri 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net' -Method GET -Headers @{Metadata="true"}
$KeyVaultToken = $Response.access_token
Invoke-RestMethod -Uri https://mi-lab-vault.vault.azure.net/secrets/mi-test?api-version=2016-10-01 -Method GET -Headers @{Authorization="Bearer $KeyVaultToken"}
"""

PROOF_SCRIPT = """
$ErrorActionPreference = 'Stop'
try {
  $r = Invoke-RestMethod -Uri 'http://169.254.169.254/metadata/identity/oauth2/token?resource=https%3A%2F%2Fvault.azure.net' -Method GET -Headers @{Metadata='true'} -TimeoutSec 20 -UseBasicParsing
  $part = $r.access_token.Split('.')[1].Replace('-', '+').Replace('_', '/')
  $part = $part.PadRight($part.Length + (4 - $part.Length % 4) % 4, '=')
  $claims = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($part)) | ConvertFrom-Json
  $s = Invoke-RestMethod -Uri "https://HOST/secrets/mi-test?api-version=7.4" -Headers @{Authorization = "Bearer $($r.access_token)"}
  $mac = New-Object System.Security.Cryptography.HMACSHA256
  $mac.Key = [Text.Encoding]::UTF8.GetBytes('nonce')
  $digest = [Convert]::ToBase64String($mac.ComputeHash([Text.Encoding]::UTF8.GetBytes($s.value)))
  @{ oid = $claims.oid; aud = $claims.aud; id = $s.id; digest = $digest } | ConvertTo-Json -Compress
} catch {
  $status = 0; if ($_.Exception.Response) { $status = [int]$_.Exception.Response.StatusCode }
  $body = ''; if ($_.ErrorDetails) { $body = $_.ErrorDetails.Message }
  elseif ($_.Exception.Response) { $reader = New-Object System.IO.StreamReader($_.Exception.Response.GetResponseStream()); $body = $reader.ReadToEnd() }
  @{ error = $_.Exception.Message; status = $status; body = $body } | ConvertTo-Json -Compress
}
"""


class Network:
    """Answers as IMDS and a vault do, and keeps what was asked."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    async def send(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host == "169.254.169.254":
            return _imds(request)
        if request.url.host == "mi-lab-vault.vault.azure.net":
            return _vault(request)
        if request.url.host == "slow.vault.azure.net":
            await asyncio.sleep(60)
        if request.url.host == "echo.vault.azure.net":
            return httpx.Response(200, text=request.content.decode("latin-1"), headers={"Content-Type": "text/plain"})
        if request.url.host == "old.vault.azure.net":
            raise NoSecureChannel("no version in common", request=request)
        if request.url.host == "opened.vault.azure.net":
            raise NotTrusted("somebody else's certificate", request=request)
        if request.url.host == "dropped.vault.azure.net":
            raise httpx.ReadError("dropped", request=request)
        raise httpx.ConnectError("no such host", request=request)


def _imds(request: httpx.Request) -> httpx.Response:
    if request.headers.get("metadata") != "true":
        return httpx.Response(400, json={"error": "invalid_request", "error_description": "no header"})
    names = ("access_token", "client_id", "expires_in", "expires_on", "resource", "token_type")
    return httpx.Response(200, json={**dict.fromkeys(names, "1"), "access_token": TOKEN, "token_type": "Bearer"})


def _vault(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/moved":
        return httpx.Response(302, headers={"Location": "/secrets/mi-test"})
    if request.url.path == "/empty":
        return httpx.Response(503)
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        return httpx.Response(401, json={"error": {"code": "Unauthorized", "message": "no token"}})
    if request.url.path != "/secrets/mi-test":
        return httpx.Response(403, json=FORBIDDEN)
    attributes = {"enabled": True, "created": 1600000000, "updated": 1600000000}
    return httpx.Response(200, json={"value": SECRET, "id": SECRET_ID, "attributes": attributes})


def run(
    script: str,
    *,
    parameters: dict[str, str] | None = None,
    limits: Limits | None = None,
    network: Network | None = None,
) -> ScriptResult:
    """One script on a VM of its own, at ``NOW``."""
    send = (network or Network()).send
    return asyncio.run(run_script(script, send=send, parameters=parameters, now=lambda: NOW, limits=limits))


def output(script: str, *, parameters: dict[str, str] | None = None) -> str:
    """The lines a script writes; it may write no error."""
    result = run(script, parameters=parameters)
    assert result.stderr == "", result.stderr
    return result.stdout.rstrip("\n")
