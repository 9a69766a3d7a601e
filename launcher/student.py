"""``./lab cloud student``: a practice student, as JSON or as exports for a shell."""

from __future__ import annotations

import json
from pathlib import Path

from launcher.places import private_folder

FIELDS = (
    *("proxy", "ca_bundle", "imds", "tenant_id", "subscription_id", "client_id", "client_secret", "user", "password"),
    *("resource_group", "location", "vm", "vm_principal_id"),
)
LOCAL = "localhost,127.0.0.1,::1"


def as_json(student: dict[str, str]) -> str:
    return json.dumps({name: student[name] for name in FIELDS}, indent=2)


def as_exports(student: dict[str, str], cloud_state: Path) -> str:
    """Lines for ``eval``: after them az, npm clients, curl and the Python SDKs in that shell see the practice cloud."""
    return "\n".join(f"export {name}={_quoted(value)}" for name, value in _variables(student, cloud_state).items())


def _quoted(value: str) -> str:
    """Always within single quotes, whatever the value holds."""
    return "'" + value.replace("'", "'\"'\"'") + "'"


def _variables(student: dict[str, str], cloud_state: Path) -> dict[str, str]:
    bundle = student["ca_bundle"]
    az_folder = private_folder(cloud_state / "az" / student["subscription_id"])
    return {
        "HTTPS_PROXY": student["proxy"],
        "https_proxy": student["proxy"],
        "NO_PROXY": LOCAL,
        "no_proxy": LOCAL,
        "REQUESTS_CA_BUNDLE": bundle,
        "SSL_CERT_FILE": bundle,
        "NODE_EXTRA_CA_CERTS": bundle,
        "CURL_CA_BUNDLE": bundle,
        "AZURE_TENANT_ID": student["tenant_id"],
        "AZURE_CLIENT_ID": student["client_id"],
        "AZURE_CLIENT_SECRET": student["client_secret"],
        "AZURE_SUBSCRIPTION_ID": student["subscription_id"],
        "AZURE_CONFIG_DIR": str(az_folder),
        "AZURE_CORE_COLLECT_TELEMETRY": "no",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST": student["imds"],
        "LAB_RESOURCE_GROUP": student["resource_group"],
        "LAB_LOCATION": student["location"],
        "LAB_VM": student["vm"],
        "LAB_VM_PRINCIPAL_ID": student["vm_principal_id"],
        "LAB_USER": student["user"],
        "LAB_PASSWORD": student["password"],
    }
