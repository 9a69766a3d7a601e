"""The same checks as a shell script of az commands: what an instructor without the portal would write."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import httpx

from bench.figures import Figure, percentile
from bench.stack import Stack
from bench.validation import LATENCY, RUNS, finished_student, validate
from labportal.labs.models import LabSession

AZURE_CLI = "azure-cli==2.91.0"
ROUNDS = 3
TIMES_FASTER = 10

SCRIPT = """
set -e
vault=$(az keyvault show -g "$GROUP" -n "$VAULT" -o json)
echo "$vault" | grep -q '"enableRbacAuthorization": false'
echo "$vault" | grep -q '"provisioningState": "Succeeded"'
az keyvault secret show --vault-name "$VAULT" -n "$SECRET" --query attributes.enabled -o tsv | grep -qx true
principal=$(az vm show -g "$GROUP" -n "$VM" --query identity.principalId -o tsv)
echo "$vault" | grep -q "$principal"
"""


def find_az(folder: Path) -> Path:
    """The machine's az, or one in a virtual environment of its own (about a minute and 1 GB, once)."""
    found = shutil.which("az")
    if found:
        return Path(found)
    az = folder / "bin" / "az"
    if not az.exists():
        print(f"Installing {AZURE_CLI}, the rival, into {folder} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "pip"), "install", "-q", AZURE_CLI], check=True, stderr=subprocess.DEVNULL)
    return az


def figures(stack: Stack, az: Path) -> list[Figure]:
    session = finished_student("rival")
    env = _environment(stack, session, az)
    login = ["az", "login", "--service-principal", "-u", env["ID"], "-p", env["KEY"], "-t", env["TENANT"]]
    subprocess.run(login, env=env, check=True, stdout=subprocess.DEVNULL)
    stack.set_latency(LATENCY)
    try:
        ours = [validate(session) for _ in range(RUNS)]
        theirs = [_timed(env) for _ in range(ROUNDS)]
    finally:
        stack.set_latency(0)
    ratio = percentile(theirs, 0.5) / percentile(ours, 0.5)
    return [
        Figure("Tasks 1-3 as a script of az commands, median", percentile(theirs, 0.5), "ms"),
        Figure("the portal is faster than az", ratio, "times", TIMES_FASTER, "the promise", at_most=False),
    ]


def _timed(env: dict[str, str]) -> float:
    began = perf_counter()
    subprocess.run(["bash", "-c", SCRIPT], env=env, check=True, stdout=subprocess.DEVNULL)
    return (perf_counter() - began) * 1000


def _environment(stack: Stack, session: LabSession, az: Path) -> dict[str, str]:
    """az with the practice cloud as its Azure, signed in as this student, once, before anything is timed."""
    address = f"{stack.control}/students/{session.connection.subscription_id}"
    student = httpx.get(address, trust_env=False).raise_for_status().json()
    return {
        **os.environ,
        "PATH": f"{az.parent}:{os.environ['PATH']}",
        "HTTPS_PROXY": stack.proxy,
        "REQUESTS_CA_BUNDLE": stack.ca_bundle,
        "AZURE_CONFIG_DIR": str(stack.folder / "azure-cli"),
        "AZURE_CORE_COLLECT_TELEMETRY": "no",
        "ID": student["client_id"],
        "KEY": student["client_secret"],
        "TENANT": student["tenant_id"],
        "GROUP": session.resource_group,
        "VAULT": session.vault_name,
        "SECRET": session.secret_name,
        "VM": session.vm_name,
    }
