"""Of a pasted token only whom it stands for and what it is for, in words and forms of ours."""

from __future__ import annotations

import base64
import re

GUID = r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_CLAIMS = {name: re.compile(rf'"{name}"\s*:\s*"{GUID}"') for name in ("oid", "appid", "tid")}
_AUD_CLAIM = re.compile(r'"aud"\s*:\s*"([^"]{1,200})"')
_PAYLOAD = re.compile(r"\.(eyJ[\w-]{20,8000})(?![\w-])", re.ASCII)
_RESOURCE = re.compile(r'resource"?:"?(https://[a-z0-9.-]{3,60}/?)')
_ONE_VAULT = re.compile(r"[a-z0-9-]\.vault\.azure\.net")
_REPLY_CLIENT = re.compile(rf'client_id"?:"?{GUID}', re.IGNORECASE)
_AUDIENCES = {
    "vault": ("vault.azure.net", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"),
    "other-cloud": ("vault.usgovcloudapi.net", "vault.azure.cn"),
    "management": ("management.azure.com", "management.core.windows.net"),
    "graph": ("graph.microsoft.com", "graph.windows.net", "00000003-0000-0000-c000-000000000000"),
    "storage": ("storage.azure.com",),
    "sql": ("database.windows.net",),
}


def claims_in(tight: str) -> dict[str, str]:
    """Of a token: whom it stands for and what it is for. Of the reply it came in, where the token is cut off, that."""
    payloads = [match[1] for match in _PAYLOAD.finditer(tight)]
    if not payloads:
        return _reply(tight)
    part = payloads[-1][:-1] if len(payloads[-1]) % 4 == 1 else payloads[-1]
    told = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "replace")
    claims = {name: match[1].casefold() for name, form in _CLAIMS.items() if (match := form.search(told))}
    aud = _AUD_CLAIM.search(told)
    return {**claims, "aud": audience(aud[1])} if aud else claims


def _reply(tight: str) -> dict[str, str]:
    low = tight.casefold()
    if "access_token" not in low or "token_type" not in low:
        return {}
    client = _REPLY_CLIENT.search(tight)
    resource = _RESOURCE.search(low)
    return {
        **({"appid": client[1].casefold()} if client else {}),
        **({"aud": audience(resource[1])} if resource else {}),
    }


def audience(text: str) -> str:
    """A word of ours for what a token is meant for: the service that ``text`` names first.

    Of Key Vault's there are two that no vault takes: with a slash at the end, and with a vault's name before it.
    """
    low = text.casefold()[:200]
    named = [(at, word) for word, hosts in _AUDIENCES.items() for host in hosts if (at := low.find(host)) >= 0]
    service = min(named)[1] if named else "other"
    if service != "vault":
        return service
    if _ONE_VAULT.search(low):
        return "one-vault"
    return "slash" if low.startswith("https://vault.azure.net/") else "vault"
