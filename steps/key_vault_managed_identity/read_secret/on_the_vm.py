"""The script that Run Command runs on the student's VM, and how its answer is read.

Windows PowerShell 5.1. It does what the student does by hand (token from IMDS, secret from
the vault) and prints one line of JSON: who the token is for, which version was read, and an
HMAC of the value under a fresh nonce. Neither the token nor the value leaves the VM; where the
token cannot be read, not even the error does, for it may quote the token.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from steps.key_vault_managed_identity.naming import SECRET_NAME, VAULT_NAME
from steps.kit.task import Names

IMDS_URL = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net"
SECRETS_API_VERSION = "2016-10-01"

_NONCE = re.compile(r"[0-9a-f]{32}\Z")

_SCRIPT = """\
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$nonce = '%(nonce)s'
$report = @{ nonce = $nonce; stage = 'token' }
try {
    $answer = Invoke-RestMethod -Uri '%(imds)s' -Method GET -Headers @{Metadata="true"}
    $token = $answer.access_token
    $report.stage = 'claims'
    $part = $token.Split('.')[1].Replace('-', '+').Replace('_', '/')
    $part = $part.PadRight($part.Length + (4 - $part.Length %% 4) %% 4, '=')
    $claims = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($part)) | ConvertFrom-Json
    $report.oid = $claims.oid
    $report.tid = $claims.tid
    $report.aud = $claims.aud
    $report.mirid = $claims.xms_mirid
    $report.stage = 'secret'
    $secret = Invoke-RestMethod -Uri '%(secret)s' -Method GET -Headers @{Authorization="Bearer $token"}
    $report.id = $secret.id
    $report.stage = 'digest'
    $key = [System.Text.Encoding]::UTF8.GetBytes($nonce)
    $hmac = [System.Security.Cryptography.HMACSHA256]::new($key)
    $hash = $hmac.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($secret.value))
    $report.digest = [System.Convert]::ToBase64String($hash)
    $report.stage = 'done'
} catch {
    $report.status = [int]$_.Exception.Response.StatusCode
    $report.failure = "$($_.Exception.Status)"
    $report.body = "$($_.ErrorDetails.Message)"
    if ($report.stage -ne 'claims') { $report.error = $_.Exception.Message }
}
Write-Output ($report | ConvertTo-Json -Compress)
"""


def script(names: Names, nonce: str) -> str:
    """The script with the student's names in it.

    Raises ValueError for a name that is not of Azure's form: such a one could carry commands.
    """
    if not VAULT_NAME.match(names.vault) or not SECRET_NAME.match(names.secret) or not _NONCE.match(nonce):
        raise ValueError("a name that Azure would not accept must not get into a script")
    secret = f"{names.vault_uri}secrets/{names.secret}?api-version={SECRETS_API_VERSION}"
    return _SCRIPT % {"nonce": nonce, "imds": IMDS_URL, "secret": secret}


@dataclass(frozen=True, slots=True)
class Report:
    """What the VM answered. ``stage`` is the last one entered: token, claims, secret, digest, done;
    ``status`` the HTTP status that ended it (0: none came); ``code`` and ``message`` are Azure's, and ``failure`` is
    .NET's name for how a connection failed ("NameResolutionFailure"), the same in every language of Windows. ``deny``
    is the id of the deny assignment that Azure's message names."""

    stage: str
    oid: str = ""
    tid: str = ""
    aud: str = ""
    mirid: str = ""
    secret_id: str = ""
    hmac: str = ""
    status: int = 0
    code: str = ""
    message: str = ""
    failure: str = ""
    deny: str = ""


_DENY = re.compile(
    r"DenyAssignmentId: *'?(?:/[^'\r\n]*/)?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})", re.IGNORECASE
)
_TOKENISH = re.compile(r"eyJ[\w-]+(?:\.[\w-]+)*")


def read(stdout: str, nonce: str) -> Report | None:
    """The report in what the script printed; None when there is none that carries ``nonce``."""
    for line in reversed(stdout.splitlines()):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and said.get("nonce") == nonce:
            return _report(said)
    return None


def _report(said: dict[str, Any]) -> Report:
    def text(key: str) -> str:
        value = said.get(key)
        return value if isinstance(value, str) else ""

    code, message = _error(text("body"))
    status = said.get("status")
    return Report(
        stage=text("stage"),
        oid=text("oid"),
        tid=text("tid"),
        aud=text("aud"),
        mirid=text("mirid"),
        secret_id=text("id"),
        hmac=text("digest"),
        status=status if isinstance(status, int) else 0,
        code=code,
        message=_TOKENISH.sub("[token]", message or text("error"))[:600],
        failure=text("failure") if text("failure").isalpha() else "",
        deny=denied[1].casefold() if (denied := _DENY.search(message)) else "",
    )


def _error(body: str) -> tuple[str, str]:
    """Azure's code and message: the vault nests them and has a finer inner code, IMDS does not."""
    try:
        said = json.loads(body)
    except ValueError:
        return "", body
    if not isinstance(said, dict):
        return "", body
    error = said.get("error")
    if not isinstance(error, dict):
        return str(error or ""), str(said.get("error_description") or "")
    inner = error.get("innererror") or error.get("innerError")
    finer = inner.get("code") if isinstance(inner, dict) else None
    return str(finer or error.get("code") or ""), str(error.get("message") or "")
