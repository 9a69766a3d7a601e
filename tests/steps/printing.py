"""How PowerShell and the services print, for pastes that are made up: ids and names are nobody's."""

from __future__ import annotations

import base64
import json

OID = "0d5e4f0a-5f4e-4a65-9d55-2f3b3f1c7a10"
APPID = "7f9c2ba4-e88f-4a76-a1c8-1f4bb3a3ed2c"
TENANT = "11111111-1111-4111-8111-111111111111"
CALLER = f"appid={APPID};oid={OID};iss=https://sts.windows.net/{TENANT}/"
VERSION = "50644e90b13249b584c44b9f712f2e51"
VAULT = "https://kv-anna-7f3c.vault.azure.net"


def token(**claims: str) -> str:
    def part(said: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    told = {"aud": "https://vault.azure.net", "oid": OID, "appid": APPID, "tid": TENANT, "upn": "canary", **claims}
    return f"{part({'typ': 'JWT', 'alg': 'RS256'})}.{part(told)}.c2lnbmF0dXJlLWNhbmFyeQ"


def reply(**claims: str) -> str:
    """What the metadata service answers, as the console lists it."""
    return (
        f"access_token   : {token(**claims)}\r\nclient_id      : {APPID}\r\nexpires_in     : 86399\r\n"
        "resource       : https://vault.azure.net\r\ntoken_type     : Bearer\r\n"
    )


def irm(body: str, address: str = VAULT) -> str:
    """As Windows PowerShell shows a refusal: the body, and the line that met it."""
    return (
        f"Invoke-RestMethod : {body}\r\nAt line:1 char:1\r\n+ Invoke-RestMethod -Uri '{address}/secrets/mi-te ...\r\n"
        "+ ~~~~~~~~~~~~~~~~~~\r\n"
        "    + CategoryInfo          : InvalidOperation: (System.Net.HttpWebRequest:HttpWebRequest) "
        "[Invoke-RestMethod], WebException\r\n"
        "    + FullyQualifiedErrorId : WebCmdletWebResponseException,"
        "Microsoft.PowerShell.Commands.InvokeRestMethodCommand\r\n"
    )


def refusal(code: str, message: str, inner: str = "") -> str:
    error: dict[str, object] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return irm(json.dumps({"error": error}))


def imds(error: str, description: str) -> str:
    body = json.dumps({"error": error, "error_description": description})
    return irm(body, "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01")
